import { randomUUID } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { expect, test } from 'vitest';
import { DAY, later } from '../../src/calendar/instant.ts';
import { secretsManagerCatalog } from '../../src/monitor/adapters/secrets-manager/secrets-manager-catalog.ts';
import { securityHubFindings } from '../../src/monitor/adapters/security-hub/security-hub-findings.ts';
import { type Pushing, pushFindings } from '../../src/monitor/application/report/push-findings.ts';
import type { AuditStream } from '../../src/monitor/domain/report/audit-report.ts';
import type { ControlStatus } from '../../src/monitor/domain/report/control-verdict.ts';
import type { SecretAudit } from '../../src/monitor/domain/report/secret-audit.ts';
import { MonitorMemoryError } from '../../src/monitor/ports/store/monitor-memory.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { aProvenance, aSecretAudit, aStream, aSummary, aVerdict } from '../support/reports.ts';
import { START } from '../unit/simulator/open-account.ts';

/** An account with two secrets, and a way to push an audit of them into its Security Hub. */
async function open() {
  const clock = new VirtualClock(START);
  const simulator = createSimulator({ clock, seed: 1 });
  const sdk = (role: string) => ({
    region: 'eu-west-1',
    credentials: { accessKeyId: role, secretAccessKey: 'simulated' },
    requestHandler: simulator.requestHandler(role),
    maxAttempts: 1,
  });
  const create = async (Name: string) => {
    const made = await simulator.call(
      'secretsmanager',
      'CreateSecret',
      { Name, SecretString: 'x', ClientRequestToken: randomUUID() },
      'owner',
    );
    return (made as { ARN: string }).ARN;
  };
  const arns = { orders: await create('orders'), billing: await create('billing') };
  const audited = (name: keyof typeof arns, status: ControlStatus, given: Partial<SecretAudit> = {}) =>
    aSecretAudit({
      secretArn: arns[name],
      secretName: name,
      controls: [aVerdict({ status }), aVerdict({ control: 'SecretsManager.2', status: 'ok' })],
      ...given,
    });
  let audits = 0;
  const pushStream = (stream: AuditStream, given: Partial<Pushing> = {}) =>
    pushFindings(
      {
        clock: { now: () => clock.now(), pause: (ms) => clock.advance(ms) },
        hubOf: (target) => securityHubFindings(new SecurityHubClient(sdk('pusher')), target, 'aws'),
        catalogOf: () => secretsManagerCatalog(new SecretsManagerClient(sdk('pusher'))),
        isDryRun: false,
        ...given,
      },
      stream,
    );
  const streamOf = (secrets: readonly SecretAudit[], day = audits++) =>
    aStream(secrets, aSummary(), aProvenance({ readAt: later(START, day * DAY) }));
  const push = (secrets: readonly SecretAudit[], isDryRun = false, day = audits++) =>
    pushStream(streamOf(secrets, day), { isDryRun });
  const shown = () =>
    simulator.securityHub.findings().map(({ GeneratorId, Resources, Compliance, RecordState, Workflow }) => {
      const name = Resources[0]?.Id === arns.orders ? 'orders' : 'billing';
      const control = GeneratorId.replace('secret-rotation-monitor/SecretsManager', '');
      return `${name}${control} ${Compliance?.Status} ${RecordState} ${Workflow.Status}`;
    });
  return { simulator, arns, audited, push, pushStream, streamOf, shown };
}

test('five audits: new, failing, passed, deleted, and a denied one that archives nothing', async () => {
  const { simulator, arns, audited, push, shown } = await open();

  expect(await push([audited('orders', 'ok'), audited('billing', 'ok')])).toMatchObject({
    created: 4,
    updated: 0,
    archived: [],
    failed: [],
  });
  const createdAt = simulator.securityHub.findings().map(({ CreatedAt }) => CreatedAt);
  for (const { Id } of simulator.securityHub.findings())
    simulator.securityHub.edit(Id, { Workflow: { Status: 'RESOLVED' } });

  expect(await push([audited('orders', 'alarm'), audited('billing', 'ok')])).toMatchObject({ updated: 4 });
  expect(shown()).toEqual([
    'orders.1 FAILED ACTIVE NEW',
    'orders.2 PASSED ACTIVE RESOLVED',
    'billing.1 PASSED ACTIVE RESOLVED',
    'billing.2 PASSED ACTIVE RESOLVED',
  ]);

  simulator.securityHub.edit(simulator.securityHub.findings()[0]?.Id ?? '', {
    Workflow: { Status: 'NOTIFIED' },
  });
  await push([audited('orders', 'ok'), audited('billing', 'ok')]);
  expect(shown()[0]).toBe('orders.1 PASSED ACTIVE NOTIFIED');

  const input = { SecretId: arns.billing, ForceDeleteWithoutRecovery: true };
  await simulator.call('secretsmanager', 'DeleteSecret', input, 'owner');
  expect((await push([audited('orders', 'ok')])).archived).toHaveLength(2);
  expect(shown()).toEqual([
    'orders.1 PASSED ACTIVE NOTIFIED',
    'orders.2 PASSED ACTIVE RESOLVED',
    'billing.1 NOT_AVAILABLE ARCHIVED RESOLVED',
    'billing.2 NOT_AVAILABLE ARCHIVED RESOLVED',
  ]);

  simulator.faults.add({ service: 'secretsmanager', kind: 'denied', probability: 1 });
  const denied = await push([]);
  expect(denied).toMatchObject({ archived: [], failed: [] });
  const because = `the secret could not be checked: Cannot describe secret "${arns.orders}": denied (AccessDeniedException, HTTP 400), needs secretsmanager:DescribeSecret`;
  expect(denied.left.map((left) => left.because)).toEqual([because, because]);
  expect(shown()[0]).toBe('orders.1 PASSED ACTIVE NOTIFIED');
  expect(simulator.securityHub.findings().map(({ CreatedAt }) => CreatedAt)).toEqual(createdAt);
});

test('a control that no longer applies is archived, one of a secret that could not be checked is not', async () => {
  const { audited, push, shown } = await open();
  await push([audited('orders', 'ok'), audited('billing', 'ok')]);
  const one = [aVerdict()];
  const result = await push([
    audited('orders', 'ok', { controls: one }),
    audited('billing', 'ok', { controls: [], coverage: 'unverifiable', coverageReason: 'denied' }),
  ]);
  expect(result.archived.map(({ because }) => because)).toEqual([
    'The control does not apply to the secret.',
  ]);
  expect(result.left).toHaveLength(2);
  expect(shown().filter((line) => line.includes('ARCHIVED'))).toEqual([
    'orders.2 NOT_AVAILABLE ARCHIVED NEW',
  ]);
});

test('a secret that comes back from its deletion is active again', async () => {
  const { simulator, arns, audited, push, shown } = await open();
  await push([audited('orders', 'alarm')]);
  await simulator.call('secretsmanager', 'DeleteSecret', { SecretId: arns.orders }, 'owner');
  await push([]);
  expect(shown()[0]).toBe('orders.1 NOT_AVAILABLE ARCHIVED NEW');
  await simulator.call('secretsmanager', 'RestoreSecret', { SecretId: arns.orders }, 'owner');
  await push([audited('orders', 'alarm')]);
  expect(shown()[0]).toBe('orders.1 FAILED ACTIVE NEW');
});

test('a second audit of the same moment is taken all the same', async () => {
  const { simulator, audited, push } = await open();
  await push([audited('orders', 'ok')], false, 0);
  const before = simulator.securityHub.findings().map(({ UpdatedAt }) => Date.parse(UpdatedAt));
  await push([audited('orders', 'alarm')], false, 0);
  const after = simulator.securityHub.findings().map(({ UpdatedAt }) => Date.parse(UpdatedAt));
  expect(after.every((at, index) => at > (before[index] ?? 0))).toBe(true);
});

test('a dry run says what would be sent, and sends nothing', async () => {
  const { simulator, audited, push } = await open();
  expect(await push([audited('orders', 'ok')], true)).toMatchObject({ created: 2, updated: 0 });
  expect(simulator.securityHub.findings()).toEqual([]);
});

test('where Security Hub is off, nothing is sent, and the account is named', async () => {
  const { simulator, audited, push } = await open();
  simulator.securityHub.setEnabled(false);
  expect(await push([audited('orders', 'ok')])).toMatchObject({
    created: 0,
    unreached: [
      { target: { account: '111122223333', region: 'eu-west-1' }, error: { reason: expect.any(String) } },
    ],
  });
});

test('a report that breaks off is pushed as far as it goes, archives nothing, and says why', async () => {
  const { audited, push, pushStream, streamOf, shown } = await open();
  await push([audited('orders', 'ok'), audited('billing', 'ok')]);
  const gone = new MonitorMemoryError('Cannot ask the monitor: throttled', {
    reason: 'throttled',
    retryable: true,
  });
  const stream = {
    ...streamOf([]),
    secrets: (async function* () {
      yield audited('orders', 'alarm');
      throw gone;
    })(),
  };
  expect(await pushStream(stream)).toMatchObject({ updated: 2, archived: [], left: [], brokeOff: gone });
  expect(shown().map((each) => each.replace(/ \w+$/, ''))).toEqual([
    'orders.1 FAILED ACTIVE',
    'orders.2 PASSED ACTIVE',
    'billing.1 PASSED ACTIVE',
    'billing.2 PASSED ACTIVE',
  ]);
});

test('a push that is interrupted sends what it has read, and archives nothing', async () => {
  const { audited, push, pushStream, streamOf } = await open();
  await push([audited('orders', 'ok'), audited('billing', 'ok')]);
  let isInterrupted = false;
  const stream = {
    ...streamOf([]),
    secrets: (async function* () {
      yield audited('orders', 'alarm');
      isInterrupted = true;
      yield audited('billing', 'ok', { controls: [] });
    })(),
  };
  const result = await pushStream(stream, { isInterrupted: () => isInterrupted });
  expect(result).toMatchObject({ updated: 2, archived: [], left: [], brokeOff: 'interrupted' });
});
