import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { memoryFindingsHub } from '../../../../../src/monitor/adapters/memory/audit/memory-findings-hub.ts';
import {
  type MemoryReportStore,
  memoryReportStore,
} from '../../../../../src/monitor/adapters/memory/audit/memory-report-store.ts';
import { auditFleet } from '../../../../../src/monitor/application/audit/audit-fleet.ts';
import { auditMemoryOf } from '../../../../../src/monitor/application/audit/audit-memory-of.ts';
import {
  type AuditOutcome,
  type RunningAudit,
  runAudit,
} from '../../../../../src/monitor/application/audit/run-audit.ts';
import { keepException } from '../../../../../src/monitor/application/operate/keep-exception.ts';
import { verifyChain } from '../../../../../src/monitor/application/report/verify-chain.ts';
import { FindingsHubError } from '../../../../../src/monitor/ports/report/findings-hub.ts';
import { AUDIT_RULES } from '../../../../support/audits.ts';
import { NOW } from '../../../../support/builders.ts';
import { healthy, named } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';
import { withEachPage, withSlowPages } from '../../../../support/sweeping.ts';

type Audited = MemoryService & RunningAudit & { readonly audits: { readonly reports: MemoryReportStore } };

function audited(service: MemoryService = aService()): Audited {
  const reports = memoryReportStore();
  return {
    ...service,
    audits: {
      reports,
      bucketName: 'example-audits',
      keyPrefix: 'audits/',
      rules: AUDIT_RULES,
      version: '1.2.3',
      parameters: {},
    },
  };
}

const run = (service: RunningAudit, { id = 'run', minutes = 13 } = {}): Promise<AuditOutcome> =>
  runAudit(service, {
    id,
    identity: 'arn:aws:lambda:eu-west-1:111122223333:function:audit',
    handOverAt: later(service.clock.now(), minutes * MINUTE),
  });

const fill = (service: MemoryService, count: number): void => {
  for (let index = 0; index < count; index++) {
    service.catalog.put(healthy(`prod/${String(index).padStart(4, '0')}`, { tags: { team: 'orders' } }));
  }
};

const reportOf = async ({ audits }: Audited, ending: string): Promise<string> => {
  const keys = (await audits.reports.keys('reports/')).filter((key) => key.endsWith(ending));
  return (await audits.reports.text(keys.at(-1) ?? '', undefined))?.text ?? '';
};
const namesIn = (csv: string): readonly string[] =>
  csv
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(',')[1] ?? '');
/** SHA-256 of an empty text. */
const NONE = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const recordOf = ({ changes }: Pick<MemoryService, 'changes'>) => changes.readAudits(TARGET);

test('an audit that asks Security Hub stores its verdicts beside its own, and says where they are unknown', async () => {
  const hub = memoryFindingsHub();
  const service = { ...audited(), hubOf: () => hub };
  fill(service, 1);
  hub.judge(named('prod/0000').arn, 'SecretsManager.1', 'FAILED');
  expect(await run(service)).toBe('complete');
  const { secrets } = JSON.parse(await reportOf(service, '.json'));
  expect(secrets[0].controls[0]).toMatchObject({ control: 'SecretsManager.1', securityHub: 'FAILED' });
  const denied = { ...audited(), hubOf: () => ({ verdicts: () => Promise.reject(DENIED) }) };
  fill(denied, 1);
  expect(await run(denied)).toBe('complete');
  const report = JSON.parse(await reportOf(denied, '.json'));
  expect(report.secrets[0].controls[0]).toMatchObject({
    securityHub: 'unknown',
    securityHubBecause: 'Cannot read findings of Security Hub.',
  });
  expect(JSON.stringify(report.summary.notVerifiable)).toContain("Security Hub's own results for 1 secret");
});

const DENIED = new FindingsHubError('Cannot read findings of Security Hub', {
  reason: 'denied',
  retryable: false,
});

test('an audit stores a report for whole days, seals it and sends its summary', async () => {
  const service = audited();
  fill(service, 2);
  const tags = { 'rotation-monitor:owner': 'payments' };
  service.catalog.put(healthy('prod/open', { rotationEnabled: false, tags }));
  expect(await run(service)).toBe('complete');
  expect(namesIn(await reportOf(service, '.csv'))).toHaveLength(3);
  expect(JSON.parse(await reportOf(service, '.json'))).toMatchObject({
    provenance: { identity: 'arn:aws:lambda:eu-west-1:111122223333:function:audit', version: '1.2.3' },
  });
  const { last, underWay } = (await recordOf(service)) ?? {};
  const midnight = Math.floor(NOW / DAY) * DAY;
  expect(last).toMatchObject({ to: midnight, from: midnight - 30 * DAY, isTold: true });
  expect(underWay).toBeUndefined();
  const { messages } = service.notifier;
  expect(messages.map(({ attributes }) => attributes['owner'])).toEqual([undefined, 'payments']);
  expect(messages[0]?.text).toContain('prod/open: SecretsManager.1');
  expect(service.metrics.datapoints).toContainEqual({ name: 'AuditAge', value: 0 });
});

test('the next audit follows without a gap, and its manifest continues the chain', async () => {
  const service = audited();
  fill(service, 1);
  await run(service);
  service.clock.advance(7 * DAY);
  expect(await run(service)).toBe('complete');
  const { last } = (await recordOf(service)) ?? {};
  const midnight = Math.floor(NOW / DAY) * DAY;
  expect(last).toMatchObject({ from: midnight, to: midnight + 7 * DAY });
  const { manifests, faults, head } = await verifyChain(service.audits.reports, { head: undefined });
  expect(manifests).toHaveLength(2);
  expect([...faults, ...manifests.flatMap((each) => each.faults)]).toEqual([]);
  expect(head).toBe(last?.manifest.sha256);
});

test('a second invocation on the same day audits nothing', async () => {
  const service = audited();
  fill(service, 1);
  await run(service);
  service.clock.advance(MINUTE);
  expect(await run(service)).toBe('not-due');
  expect(service.notifier.messages).toHaveLength(1);
});

test('what takes too long is handed over, and each secret has one row in the end', async () => {
  const service = audited(withSlowPages(aService(), 6 * MINUTE));
  fill(service, 450);
  const outcomes: AuditOutcome[] = [];
  while (outcomes.at(-1) !== 'complete' && outcomes.length < 10)
    outcomes.push(await run(service, { id: `run-${outcomes.length}` }));
  expect(outcomes).toEqual(['handed-over', 'handed-over', 'complete']);
  expect(service.auditStarter.started).toBe(2);
  const names = namesIn(await reportOf(service, '.csv'));
  expect(names).toHaveLength(450);
  expect(new Set(names).size).toBe(450);
  expect(JSON.parse(await reportOf(service, '.json'))).toMatchObject({
    summary: { totals: { secrets: 450 }, population: [{ closing: 450 }] },
  });
});

test('exceptions that change between two invocations are in the report as they were when it was begun', async () => {
  const service = audited(withSlowPages(aService(), 6 * MINUTE));
  fill(service, 450);
  const about = { secretArn: named('prod/0449').arn, control: 'SecretsManager.1' };
  const terms = { until: '2027-03-31', reason: 'rotated by hand' };
  const asked = await keepException(service, { ...about, ...terms, by: 'alice' });
  const approve = ('exceptions' in asked ? asked.exceptions[0]?.id : undefined) ?? '';
  await keepException(service, { ...about, by: 'bob', approve });
  service.clock.advance(DAY);
  const { provenance } = await auditFleet(
    { ...service, kept: auditMemoryOf(service) },
    {
      period: { from: NOW, to: NOW, label: undefined },
      targets: [TARGET],
      rules: AUDIT_RULES,
      exceptions: [],
      provenance: { version: '', identity: '', parameters: {}, exceptionsHash: NONE },
    },
  );
  expect(await run(service, { id: 'first' })).toBe('handed-over');
  await keepException(service, { ...about, by: 'carol', end: true });
  while ((await run(service)) !== 'complete');
  const report = JSON.parse(await reportOf(service, '.json'));
  expect(report.provenance.exceptionsHash).toBe(provenance.exceptionsHash);
  expect(
    report.secrets.find(({ secretName }: { secretName: string }) => secretName === 'prod/0449'),
  ).toMatchObject({ exceptions: [{ until: '2027-04-01T00:00:00Z' }] });
});

test('an audit whose settings change starts over with the same period', async () => {
  const service = audited(withSlowPages(aService(), 6 * MINUTE));
  fill(service, 450);
  expect(await run(service, { id: 'first' })).toBe('handed-over');
  const { from, to } = (await recordOf(service))?.underWay ?? {};
  const changed: Audited = {
    ...service,
    audits: { ...service.audits, parameters: { 'max-age': '1d' } },
  };
  const readAt = service.clock.now();
  const outcomes: AuditOutcome[] = [];
  while (outcomes.at(-1) !== 'complete') outcomes.push(await run(changed));
  expect(outcomes).toHaveLength(3);
  expect((await recordOf(service))?.last).toMatchObject({ from, to, readAt });
  expect(JSON.parse(await reportOf(service, '.json'))).toMatchObject({
    provenance: { parameters: { 'max-age': '1d' } },
    summary: { totals: { secrets: 450 } },
  });
});

test.each([
  ['the version', (service: Audited) => ({ audits: { ...service.audits, version: '2.0.0' } })],
  [
    'a threshold of a control',
    ({ audits }: Audited) => ({
      audits: { ...audits, rules: { ...AUDIT_RULES, controls: { ...AUDIT_RULES.controls, maxAgeMs: DAY } } },
    }),
  ],
  [
    'a limit of the figures',
    ({ settings }: Audited) => ({
      settings: { ...settings, auditLimits: { ...settings.auditLimits, maxAgeMs: DAY } },
    }),
  ],
])('an audit starts over where %s changes', async (_what, change) => {
  const service = audited(withSlowPages(aService(), 6 * MINUTE));
  fill(service, 450);
  await run(service, { id: 'first' });
  expect((await recordOf(service))?.underWay).toMatchObject({ readAt: NOW, runs: 1 });
  const readAt = service.clock.now();
  await run({ ...service, ...change(service) });
  expect((await recordOf(service))?.underWay).toMatchObject({ readAt, runs: 2 });
});

test('an invocation that dies is gone on with behind the last file that it wrote', async () => {
  const service = audited();
  fill(service, 1500);
  let pages = 0;
  const dying = withEachPage(service, () => {
    if (++pages === 13) throw new Error('killed');
  });
  await expect(run(dying)).rejects.toThrow('killed');
  expect((await recordOf(service))?.underWay?.parts).toHaveLength(1);
  let listed = 0;
  const counting = withEachPage(service, ({ secrets }) => {
    listed += secrets.length;
  });
  expect(await run(counting)).toBe('complete');
  expect(listed).toBe(500);
  expect(new Set(namesIn(await reportOf(service, '.csv'))).size).toBe(1500);
});

test('no file of rows grows without bound, however often secrets rotate', async () => {
  const service = audited();
  fill(service, 300);
  for await (const { secrets } of service.catalog.list()) {
    for (const { arn: secretArn } of secrets) {
      for (let index = 0; index < 500; index++) {
        const at = later(NOW, -2 * DAY - index * HOUR);
        const eventId = `event-${index}`;
        const versionId = `version-${index}`;
        await service.store.recordAttempt({
          secretArn,
          versionId,
          eventId,
          kind: 'failed',
          step: 'setSecret',
          at,
        });
      }
    }
  }
  const sizes: number[] = [];
  const noting: Audited = {
    ...service,
    audits: {
      ...service.audits,
      reports: {
        ...service.audits.reports,
        create: async (key, contentType) => {
          const upload = await service.audits.reports.create(key, contentType);
          const close = async () => {
            const file = await upload.close();
            if (key.startsWith('working/')) sizes.push(file.bytes);
            return file;
          };
          return { ...upload, close };
        },
      },
    },
  };
  expect(await run(noting)).toBe('complete');
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  expect(whole).toBeGreaterThan(18e6);
  // A page of a hundred of these has a third of all.
  expect(Math.max(...sizes)).toBeLessThan(8.4e6 + whole / 3);
  expect(new Set(namesIn(await reportOf(service, '.csv'))).size).toBe(300);
});

test('a file that somebody changed is not gone on with', async () => {
  const service = audited(withSlowPages(aService(), 20 * MINUTE));
  fill(service, 150);
  expect(await run(service)).toBe('handed-over');
  const [part = ''] = await service.audits.reports.keys('working/');
  const known = await service.audits.reports.text(part, undefined);
  service.audits.reports.tamper(part, known?.text.replace('prod/0001', 'prod/9999'));
  await expect(run(service)).rejects.toThrow('was changed');
});

test('two invocations at once: one audits, the other one ends', async () => {
  const service = audited();
  fill(service, 1);
  const outcomes = await Promise.all([run(service, { id: 'a' }), run(service, { id: 'b' })]);
  expect(outcomes.toSorted()).toEqual(['busy', 'complete']);
});

test('an audit that does not come to an end is given up', async () => {
  const service = audited();
  fill(service, 1);
  const failing: Audited = {
    ...service,
    audits: {
      ...service.audits,
      reports: { ...service.audits.reports, create: () => Promise.reject(new Error('down')) },
    },
  };
  for (let runs = 0; runs < 14; runs++) await expect(run(failing)).rejects.toThrow('down');
  expect(await run(failing)).toBe('given-up');
  expect(await recordOf(service)).toMatchObject({ underWay: undefined, gaveUpAt: NOW });
  expect(await run(service)).toBe('complete');
});

test('a summary that was refused is sent by the next invocation', async () => {
  const service = audited();
  fill(service, 1);
  const refusing: Audited = {
    ...service,
    notifier: {
      messages: [],
      deliver: async () => ({ kind: 'failed', reason: 'server', retryable: true }),
    },
  };
  await expect(run(refusing)).rejects.toThrow('was not sent');
  expect((await recordOf(service))?.last?.isTold).toBe(false);
  expect(await run(service)).toBe('not-due');
  expect((await recordOf(service))?.last?.isTold).toBe(true);
  expect(service.notifier.messages).toHaveLength(1);
});
