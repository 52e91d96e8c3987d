import { readdirSync, readFileSync } from 'node:fs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { environmentSize } from '../../infra/props/environment-size.ts';
import { templateOf as templateOfStack } from '../../infra/templates/monitor-stack.ts';
import { drillTemplate } from '../../infra/templates/templates.ts';
import { HOUR } from '../../src/calendar/instant.ts';
import { planMonitor, sweptEvery } from '../../src/proving/player/monitor.ts';

const FOLDER = 'infra/templates';
const NAMES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''));
const MONITORS = NAMES.filter((name) => name !== 'member');

const parameter = z.object({ MaxLength: z.number().optional() });
const resource = z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) });
const schema = z.object({
  Parameters: z.record(z.string(), parameter),
  Resources: z.record(z.string(), resource),
});
const textOf = (name: string) => readFileSync(`${FOLDER}/${name}.json`, 'utf8');
const templateOf = (name: string) => schema.parse(JSON.parse(textOf(name)));
const functionsIn = (name: string) =>
  Object.values(templateOf(name).Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties);
const variablesIn = (properties: Readonly<Record<string, unknown>>) =>
  z.object({ Variables: z.record(z.string(), z.unknown()) }).parse(properties['Environment']).Variables;

test('a home, a full home, a member and what a drill plays are committed', () => {
  expect(NAMES).toEqual(['drill', 'home-full', 'home', 'member']);
});

test.each(NAMES)('%s names its code by a path, and needs neither bootstrapping nor an asset', (name) => {
  const code = functionsIn(name).map(({ Code }) => Code);
  expect(new Set(code)).toEqual(new Set(name === 'member' ? [] : ['../handlers']));
  expect(textOf(name)).not.toMatch(/bootstrap|cdk-hnb|asset/i);
});

/** Returns the places that refer to a parameter: the type of the resource and the property. */
function uses(name: string, id: string): readonly string[] {
  return Object.values(templateOf(name).Resources).flatMap(({ Type, Properties }) =>
    Object.entries(Properties).flatMap(([property, value]) =>
      JSON.stringify(value).includes(`{"Ref":"${id}"}`) ? [`${Type} ${property}`] : [],
    ),
  );
}

const ENVIRONMENT = 'AWS::Lambda::Function Environment';
const ADDRESS = 'AWS::SNS::Subscription Endpoint';

test.each(MONITORS)('the parameters of %s are texts of an environment or addresses', (name) => {
  for (const id of Object.keys(templateOf(name).Parameters)) {
    const found = new Set(uses(name, id));
    expect(found.has(ENVIRONMENT) || found.has(ADDRESS), id).toBe(true);
    // What an environment names, a function may use.
    for (const each of [ENVIRONMENT, ADDRESS, 'AWS::IAM::Role Policies']) found.delete(each);
    expect([...found], id).toEqual([]);
  }
});

test.each(MONITORS)('the environments of %s have room for the longest of all parameters', (name) => {
  const { Parameters } = templateOf(name);
  const longest = (value: unknown): string => {
    const [, id = ''] = /^\{"Ref":"(\w+)"\}$/.exec(JSON.stringify(value)) ?? [];
    const length = Parameters[id]?.MaxLength;
    return length === undefined ? z.custom<string>().parse(value) : '-'.repeat(length);
  };
  const stack = new Stack(new App(), 'rotation-monitor');
  for (const each of functionsIn(name)) {
    const variables = Object.entries(variablesIn(each)).map(([key, value]) => [key, longest(value)]);
    expect(environmentSize(stack, Object.fromEntries(variables))).toBeLessThanOrEqual(4096);
  }
});

test('a drill that sweeps at another interval plays what a template with it would say', () => {
  const home = { account: '111122223333', region: 'eu-west-1' };
  const drill = planMonitor(home, { observability: true }).resources;
  const hourly = templateOfStack(drillTemplate({ sweepInterval: Duration.hours(1) }));
  expect(sweptEvery(drill, HOUR)).toEqual(
    planMonitor(home, { template: hourly, observability: true }).resources,
  );
});
