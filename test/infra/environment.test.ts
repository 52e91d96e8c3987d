import { readFileSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { AUDIT_SETTING_PROPS, SETTING_PROPS } from '../../infra/props/setting-props.ts';
import { aFullMonitor, aMonitor, aMonitorOfMany } from '../../infra/templates/monitor-stack.ts';
import { readConfig } from '../../src/monitor/config/read-config.ts';
import { variableOf } from '../../src/monitor/config/setting.ts';
import { SETTINGS } from '../../src/monitor/config/settings.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const variables = z.object({ Variables: z.record(z.string(), z.string()) });
const environments = (stack: ReturnType<typeof aMonitor>) =>
  ofType(deployedResources(stack), 'AWS::Lambda::Function').map(
    ({ properties }) => variables.parse(properties['Environment']).Variables,
  );

test('every function can read its settings, and no variable is one that nobody reads', () => {
  const known = Object.values(SETTINGS).map(variableOf);
  const all = environments(aFullMonitor());
  expect(all.length).toBe(15);
  for (const environment of all) {
    expect(() => readConfig(environment)).not.toThrow();
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
  }
});

test('a monitor without any property runs on the defaults', () => {
  for (const environment of environments(aMonitor())) {
    expect(readConfig(environment)).toMatchObject({
      accountId: '111122223333',
      region: 'eu-west-1',
      metricsTransport: 'emf',
      sweepIntervalMs: 300_000,
      slackWebhookParameter: undefined,
    });
  }
});

test('what is chosen arrives as it was meant', () => {
  const [environment = {}] = environments(
    aMonitor(() => ({
      stuckAfter: Duration.minutes(30),
      maxAge: Duration.days(90),
      groupWait: Duration.seconds(45),
      expectedWriters: [
        'arn:aws:iam::111122223333:role/password-service',
        'arn:aws:iam::111122223333:user/*',
      ],
      owners: ['payments', 'platform'],
      silenceCritical: true,
      worstSecrets: 0,
      runbookBaseUrl: 'https://wiki.example.com/runbooks',
    })),
  );
  expect(readConfig(environment)).toMatchObject({
    stuckAfterMs: 1_800_000,
    maxAgeMs: 90 * 86_400_000,
    groupWaitMs: 45_000,
    expectedWriters: ['arn:aws:iam::111122223333:role/password-service', 'arn:aws:iam::111122223333:user/*'],
    owners: ['payments', 'platform'],
    silenceCritical: true,
    worstSecrets: 0,
    runbookBaseUrl: 'https://wiki.example.com/runbooks',
  });
});

test('every setting is a property or is made by the deployment', () => {
  const reachable = new Set([
    ...SETTING_PROPS.map(({ setting }) => variableOf(setting)),
    ...environments(aMonitorOfMany()).flatMap((each) => Object.keys(each)),
    variableOf(SETTINGS.metricsTransport),
    // Lambda gives it.
    variableOf(SETTINGS.functionName),
    ...AUDIT_SETTING_PROPS.map(({ setting }) => variableOf(setting)),
  ]);
  const all = Object.values(SETTINGS).map(variableOf);
  expect(all.filter((name) => !reachable.has(name))).toEqual([]);
});

test('every setting that an operator chooses is written down as a property', () => {
  const written = readFileSync('infra/props/setting-props.ts', 'utf8');
  const missing = SETTING_PROPS.filter(({ name }) => !written.includes(`\n  readonly ${name}?: `));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

/** Returns a documented default in the words of the settings table; empty where there is none. */
function meant(documented: string): string {
  const [, unit = '', count = ''] = /^Duration\.(\w)\w+\((\d+)\)$/.exec(documented) ?? [];
  if (unit !== '') return `${count}${unit}`;
  if (documented.startsWith('- ')) return '';
  return documented.replaceAll("'", '');
}

test('the defaults that properties document are those of the settings table', () => {
  const written = readFileSync('infra/props/setting-props.ts', 'utf8');
  for (const { name, setting } of SETTING_PROPS) {
    const [, documented = ''] =
      new RegExp(`@default (.*)\\n   \\*/\\n  readonly ${name}\\?: `).exec(written) ?? [];
    const value = (text: string) => (text === '' ? text : setting.kind.parse(text));
    expect(value(meant(documented)), `${name}: ${documented}`).toEqual(value(setting.default ?? ''));
  }
});

test('the settings of audits reach their function alone', () => {
  const all = environments(aMonitor(() => ({ riskAnalysisFrequency: Duration.days(90) })));
  const told = all.filter((each) => Object.hasOwn(each, variableOf(SETTINGS.riskAnalysisFrequencyMs)));
  expect(told).toHaveLength(1);
  expect(readConfig(told[0] ?? {})).toMatchObject({
    riskAnalysisFrequencyMs: 90 * 86_400_000,
    reportKeyPrefix: 'audits/',
    auditEveryMs: 7 * 86_400_000,
  });
});
