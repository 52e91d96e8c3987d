import { expect, onTestFinished, test } from 'vitest';
import { DAY, later } from '../../src/calendar/instant.ts';
import { auditPushSchema } from '../../src/cli/schemas/audit-commands-schema.ts';
import { NOW } from '../support/builders.ts';
import { deny } from '../support/denying.ts';
import { runCommand } from '../support/run-command.ts';
import { aSimulator } from '../support/simulated.ts';
import type { TestTerminalOptions } from '../support/terminal.ts';

async function served() {
  const simulator = aSimulator();
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  simulator.secretsManager.seed({ name: 'prod/plain', kind: 'none', createdAt: later(NOW, -100 * DAY) });
  const pushOn = (terminal: TestTerminalOptions, ...more: readonly string[]) =>
    runCommand(
      [
        ...['audit', 'push', 'security-hub', '--region', 'eu-west-1', '--endpoint-url', endpoint],
        ...['--now', '2026-11-21T10:00:00Z', ...more],
      ],
      terminal,
    );
  const push = (...more: readonly string[]) => pushOn({}, ...more);
  const findings = () => simulator.securityHub.findings();
  return { simulator, push, pushOn, findings };
}

test('a dry run counts, sends nothing, and the push sends just that', async () => {
  const { push, findings } = await served();
  const dry = await push('--dry-run', '--json');
  expect(dry.code).toBe(0);
  const { created, dryRun } = JSON.parse(dry.out);
  expect(auditPushSchema.safeParse(JSON.parse(dry.out)).error).toBeUndefined();
  expect(dryRun).toBe(true);
  expect(findings()).toEqual([]);
  const { code, out } = await push();
  expect(code).toBe(0);
  expect(out).toContain(`Sent: ${created} new findings, 0 updates, 0 archived.`);
  expect(findings()).toHaveLength(created);
  expect(findings().map(({ GeneratorId, Compliance }) => [GeneratorId, Compliance?.Status])).toContainEqual([
    'secret-rotation-monitor/SecretsManager.1',
    'FAILED',
  ]);
});

test('the findings of a deleted secret are archived, each with the reason', async () => {
  const { simulator, push, findings } = await served();
  await push();
  const input = { SecretId: 'prod/plain', ForceDeleteWithoutRecovery: true };
  await simulator.call('secretsmanager', 'DeleteSecret', input, 'owner');
  const { out } = await push('--now', '2026-11-21T10:01:00Z');
  expect(out).toContain('The secret is deleted.');
  expect(findings().every(({ RecordState }) => RecordState === 'ARCHIVED')).toBe(true);
});

test('where Security Hub is off, nothing is sent, the account is named, and the exit code is 2', async () => {
  const { simulator, push } = await served();
  simulator.securityHub.setEnabled(false);
  const { code, out, err } = await push('--json');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^Error: Cannot push an audit into Security Hub of 111122223333 eu-west-1\n/m);
  expect(err).toContain('may call securityhub:GetFindings.');
  expect(err).toContain('not subscribed');
});

test('a denied import lists every finding, with exit code 3', async () => {
  const { simulator, push, findings } = await served();
  deny(simulator, 'BatchImportFindings');
  const { code, out } = await push('--json');
  expect(code).toBe(3);
  expect(JSON.parse(out).failed[0]).toMatchObject({ code: 'denied', retryable: false });
  expect(findings()).toEqual([]);
});

test('a denied list is an error that names the permission, and archives nothing', async () => {
  const { simulator, push, findings } = await served();
  await push();
  deny(simulator, 'ListSecrets');
  const { code, err } = await push();
  expect(code).toBe(2);
  expect(err).toContain('secretsmanager:ListSecrets');
  expect(findings().every(({ RecordState }) => RecordState === 'ACTIVE')).toBe(true);
});

test('Ctrl-C ends a push with 3: it says what was sent, and sends no more', async () => {
  const { simulator, pushOn, findings } = await served();
  const names = Array.from({ length: 150 }, (_, index) => `prod/${index}`);
  for (const name of names) simulator.secretsManager.seed({ name, kind: 'none' });
  let press = (): void => undefined;
  const interrupted = new Promise<void>((resolve) => {
    press = resolve;
  });
  simulator.faults.before(({ operation }) => {
    if (operation === 'BatchImportFindings') press();
  });
  const { code, out, err } = await pushOn({ interrupted }, '--json');
  expect(code).toBe(3);
  const result = JSON.parse(out);
  expect(auditPushSchema.safeParse(result).error).toBeUndefined();
  expect(result.brokeOff).toMatch(/^It was interrupted\. What had been read before was sent/);
  expect(result.created).toBe(findings().length);
  expect(new Set(findings().map(({ Resources }) => Resources[0]?.Id)).size).toBeLessThan(names.length);
  expect(err).toMatch(/\d+ secrets read/);
});
