import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
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

/** A move, as the monitor publishes it. */
const move = () => JSON.parse(aMove(ARN, 'v2'));

/** The input that EventBridge gives a target for an event. */
function inputOf(target: Target, event: unknown): unknown {
  const { Input, InputTransformer } = target;
  if (InputTransformer === undefined) return Input === undefined ? event : JSON.parse(Input);
  const { InputPathsMap, InputTemplate } = InputTransformer;
  const values = Object.entries(InputPathsMap).map(([name, path]) => [name, at(event, path)] as const);
  const filled = values.reduce(
    (text, [name, value]) => text.replaceAll(`<${name}>`, JSON.stringify(value)),
    InputTemplate,
  );
  return JSON.parse(filled);
}

interface Target {
  readonly Arn: unknown;
  readonly Input?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

/** The value at a path of JSONPath's simplest form; a path that leads nowhere fails. */
function at(value: unknown, path: string): unknown {
  const [, ...fields] = path.split('.');
  return fields.reduce<unknown>((inner, field) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, field))
      throw new Error(`Nothing is at ${path}`);
    return (inner as Record<string, unknown>)[field];
  }, value);
}

/** The one state of a template's state machine. */
function stateOf(template: Template): Record<string, unknown> {
  const [machine = {}] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const [, parts]: [string, readonly unknown[]] = machine['Properties'].DefinitionString['Fn::Join'];
  const text = parts.map((part) => (typeof part === 'string' ? part : 'aws')).join('');
  const states = Object.values<Record<string, unknown>>(JSON.parse(text).States);
  expect(states).toHaveLength(1);
  return states[0] ?? {};
}

/** The parameters of the state's call for an input, with its paths and its one intrinsic function resolved. */
function callOf({ Parameters }: Record<string, unknown>, input: unknown): Record<string, unknown> {
  const resolve = ([key, value]: [string, unknown]): [string, unknown] => {
    if (!key.endsWith('.$')) return [key, value];
    const [, text = '', path = ''] = /^States\.Format\('(.*)', (.*)\)$/.exec(String(value)) ?? [];
    return [key.slice(0, -2), text.replace('{}', String(at(input, path)))];
  };
  return Object.fromEntries(Object.entries(Parameters as Record<string, unknown>).map(resolve));
}

/** Everything that a template lets its state machine do. */
const rightsOf = (template: Template): readonly unknown[] =>
  Object.values(template.findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => !String(Action).startsWith('states:'));

test.each([
  {
    name: 'redeploysService',
    texts: ['the-cluster', 'the-service'],
    resource: 'arn:aws:states:::aws-sdk:ecs:updateService',
    call: { Cluster: 'the-cluster', Service: 'the-service', ForceNewDeployment: true },
    action: 'ecs:updateService',
    arn: ':ecs:eu-west-1:111122223333:service/the-cluster/the-service',
  },
  {
    name: 'recyclesEnvironments',
    texts: ['orders'],
    resource: 'arn:aws:states:::aws-sdk:lambda:updateFunctionConfiguration',
    call: { FunctionName: 'orders', Description: 'Secret version v2' },
    action: 'lambda:updateFunctionConfiguration',
    arn: ':lambda:eu-west-1:111122223333:function:orders',
  },
])('$name makes one call for a move, by a role that may do nothing else', (recipe) => {
  const template = synthesized(recipe.name, ...recipe.texts);
  const { target } = ruleOf(template);
  const [machine = ''] = Object.keys(template.findResources('AWS::StepFunctions::StateMachine'));
  expect(JSON.stringify(target.Arn)).toContain(machine);
  const state = stateOf(template);
  expect(state).toMatchObject({ Type: 'Task', End: true, Resource: recipe.resource });
  expect(callOf(state, inputOf(target, move()))).toEqual(recipe.call);
  const Resource = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, recipe.arn]] };
  expect(rightsOf(template)).toEqual([{ Action: recipe.action, Effect: 'Allow', Resource }]);
});

test.each(['redeploysService', 'recyclesEnvironments'])(
  'a call of %s that meets a deployment under way is tried again',
  (name) => {
    const { Retry } = stateOf(synthesized(name, 'one', 'two'));
    expect(Retry).toEqual([
      expect.objectContaining({ ErrorEquals: ['States.ALL'], IntervalSeconds: 10, MaxAttempts: 6 }),
    ]);
  },
);

test('the Reloader reads the name of the secret and the time of its move from the queue', () => {
  const template = synthesized('tellsReloader');
  const { target } = ruleOf(template);
  const queues = template.findResources('AWS::SQS::Queue', {
    Properties: { RedrivePolicy: Match.anyValue() },
  });
  expect(JSON.stringify(target.Arn)).toContain(Object.keys(queues)[0]);
  const event = move();
  expect(inputOf(target, event)).toEqual({
    detail: {
      eventName: 'PutSecretValue',
      eventTime: event.detail.changedAt,
      requestParameters: { secretId: 'orders/db' },
    },
  });
});

// https://github.com/external-secrets/reloader/blob/main/config/crd/bases/reloader.external-secrets.io_configs.yaml
test('the manifest of the Reloader has the fields that its definition asks for, and no unknown ones', () => {
  const [, manifest = ''] = /```yaml\n(.*?)```/s.exec(PAGE) ?? [];
  const { spec } = parse(manifest);
  const { queueURL, auth, ...others } = spec.notificationSources[0].awsSqs;
  expect(others).toEqual({});
  expect(auth).toEqual({
    authMethod: 'irsa',
    region: new URL(queueURL).hostname.split('.')[1],
    serviceAccountRef: { name: 'reloader', namespace: 'external-secrets' },
  });
});
