import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { alarmDefinitions } from '../../src/monitor/observability/alarms/alarm-definitions.ts';
import { sampleWithEverything } from '../../src/proving/player/sample-deployment.ts';

const SAMPLE_WITH_EVERYTHING = sampleWithEverything();

const PAGE = readFileSync('docs/runbooks/alarms.md', 'utf8');
/** Commands that change nothing. */
const MAY_RUN =
  /^aws (logs filter-log-events|scheduler list-schedules|sns list-subscriptions-by-topic|cloudtrail describe-trails|events list-rules|sqs (receive-message|get-queue-attributes)|lambda get-function-concurrency|secretsmanager describe-secret) /;

const { service, findings, composite } = alarmDefinitions(SAMPLE_WITH_EVERYTHING);
const runbooks = [...new Set([...service, ...findings, ...composite].map(({ runbook }) => runbook))];

test.each(runbooks)('the runbook %s of an alarm exists', (runbook) => {
  const [page = '', section] = runbook.split('#');
  expect(existsSync(`docs/runbooks/${page}.md`)).toBe(true);
  if (section !== undefined)
    expect(readFileSync(`docs/runbooks/${page}.md`, 'utf8')).toContain(`\n## ${section}\n`);
});

test('every section of the page of alarms is the runbook of one', () => {
  const sections = [...PAGE.matchAll(/^## (.+)$/gm)].map(([, title]) => `alarms#${title}`);
  expect(sections.filter((section) => !runbooks.includes(section))).toEqual([]);
});

test('every command of the page of alarms changes nothing, and every variable is set', () => {
  const lines = PAGE.split('\n');
  const commands = lines.filter((line) => line.startsWith('aws '));
  expect(commands.length).toBeGreaterThan(5);
  for (const command of commands) expect(command).toMatch(MAY_RUN);
  for (const [, name = ''] of commands.join('\n').matchAll(/\$([A-Z]+)/g)) {
    expect(lines.some((line) => line.startsWith(`${name}=`))).toBe(true);
  }
});

test('the functions that the page says have no alarm are those that have none', () => {
  const [, named = ''] = /These have no alarm: (.*)/.exec(PAGE) ?? [];
  const alarmed = service.map(({ key }) => key.replace('function-failing-', ''));
  const without = Object.keys(SAMPLE_WITH_EVERYTHING.functions).filter((key) => !alarmed.includes(key));
  expect([...named.matchAll(/`([a-z-]+)`/g)].map(([, key]) => key).sort()).toEqual(without.sort());
});
