import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { VERSION_CURRENT } from '../../src/monitor/domain/rotation/event-patterns.ts';
import { compilePattern, matchesPattern } from '../../src/simulator/eventbridge/pattern.ts';
import { aMove } from '../client/support/listening.ts';

const PAGE = readFileSync('docs/following-rotations.md', 'utf8');
const PROGRAMS = [...PAGE.matchAll(/```ts recipe\n(.*?)```/gs)].map(([, program = '']) => program);
const FOLDER = 'node_modules/.cache/recipes';
const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/db-AbCdEf';

type Recipe = (stack: Stack, ...texts: readonly string[]) => unknown;
const recipes = new Map<string, Recipe>();

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  for (const [index, contents] of PROGRAMS.entries()) {
    const outfile = resolve(`${FOLDER}/${index}.mjs`);
    const stdin = { contents, loader: 'ts', resolveDir: '.' } as const;
    await build({ stdin, outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
    for (const [name, recipe] of Object.entries(await import(pathToFileURL(outfile).href)))
      recipes.set(name, recipe as Recipe);
  }
});

/** The template that a recipe of the page makes. */
function synthesized(name: string, ...texts: readonly string[]): Template {
  const env = { account: '111122223333', region: 'eu-west-1' };
  const stack = new Stack(new App(), 'orders', { env });
  const recipe = recipes.get(name);
  if (recipe === undefined) throw new Error(`The page has no recipe ${name}`);
  recipe(stack, ARN, ...texts);
  return Template.fromStack(stack);
}

/** The one rule of a template: what it takes, and its one target. */
function ruleOf(template: Template) {
  const rules = Object.values(template.findResources('AWS::Events::Rule'));
  expect(rules).toHaveLength(1);
  const { EventPattern, Targets, EventBusName } = rules[0]?.['Properties'] ?? {};
  expect(Targets).toHaveLength(1);
  expect(EventBusName).toBe('applications');
  return { pattern: compilePattern(JSON.stringify(EventPattern)), target: Targets[0] };
}

test('the page has three recipes', () => {
  expect([...recipes.keys()]).toEqual(['redeploysService', 'recyclesEnvironments', 'tellsReloader']);
});

test.each([
  ['redeploysService', ['cluster', 'service']],
  ['recyclesEnvironments', ['orders']],
  ['tellsReloader', []],
])(
  'the rule of %s takes the moves of its secret, as the monitor publishes them, and no others',
  (name, texts) => {
    const { pattern, target } = ruleOf(synthesized(name, ...texts));
    const event = JSON.parse(aMove(ARN, 'v2'));
    expect(event['detail-type']).toBe(VERSION_CURRENT['detail-type'][0]);
    expect(matchesPattern(pattern, event)).toBe(true);
    const other = aMove(ARN.replace('orders', 'stock'), 'v2');
    expect(matchesPattern(pattern, JSON.parse(other))).toBe(false);
    expect(matchesPattern(pattern, { ...event, source: 'somebody' })).toBe(false);
    expect(target).toMatchObject({ DeadLetterConfig: { Arn: expect.anything() } });
  },
);

test('the service is deployed anew, by a role that may do nothing else', () => {
  const template = synthesized('redeploysService', 'cluster', 'service');
  const { target } = ruleOf(template);
  expect(JSON.stringify(target.Arn)).toContain('Redeploy');
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const definition = JSON.stringify(machine?.['Properties'].DefinitionString);
  expect(definition).toContain('aws-sdk:ecs:updateService');
  expect(definition).toContain('ForceNewDeployment');
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: Match.objectLike({
      Statement: [
        {
          Action: 'ecs:updateService',
          Effect: 'Allow',
          Resource: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
        },
      ],
    }),
  });
});

test('the function gets a description with the version, which is taken from the event', () => {
  const template = synthesized('recyclesEnvironments', 'orders');
  const { target } = ruleOf(template);
  expect(target.InputTransformer).toMatchObject({
    InputPathsMap: { 'detail-versionId': '$.detail.versionId' },
  });
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const definition = JSON.stringify(machine?.['Properties'].DefinitionString);
  expect(definition).toContain('aws-sdk:lambda:updateFunctionConfiguration');
  expect(definition).toContain("States.Format('Secret version {}', $.versionId)");
});

test('the queue gets what the Reloader reads: the name of the secret and a time', () => {
  const { target } = ruleOf(synthesized('tellsReloader'));
  const { InputPathsMap, InputTemplate } = target.InputTransformer;
  expect(InputPathsMap).toEqual({
    'detail-changedAt': '$.detail.changedAt',
    'detail-secretName': '$.detail.secretName',
  });
  const body = JSON.parse(InputTemplate.replaceAll(/<([\w-]+)>/g, '"$1"'));
  expect(body.detail).toMatchObject({
    eventTime: 'detail-changedAt',
    requestParameters: { secretId: 'detail-secretName' },
  });
});
