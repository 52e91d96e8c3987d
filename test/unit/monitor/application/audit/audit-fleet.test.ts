import { expect, test } from 'vitest';
import { DAY, formatInstant, type Instant, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { auditFleet, beginAudit } from '../../../../../src/monitor/application/audit/audit-fleet.ts';
import { auditMemoryOf } from '../../../../../src/monitor/application/audit/audit-memory-of.ts';
import type { AuditRequest } from '../../../../../src/monitor/application/audit/audit-request.ts';
import { keepException } from '../../../../../src/monitor/application/operate/keep-exception.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import type { AuditSummary } from '../../../../../src/monitor/domain/report/audit-report.ts';
import {
  type ExceptionRecord,
  requestOf,
} from '../../../../../src/monitor/domain/report/exception-record.ts';
import { observed } from '../../../../../src/monitor/domain/report/figure.ts';
import type { SecretAudit } from '../../../../../src/monitor/domain/report/secret-audit.ts';
import { FindingsHubError, type HubControls } from '../../../../../src/monitor/ports/report/findings-hub.ts';
import type { AuditMemory } from '../../../../../src/monitor/ports/store/audit-memory.ts';
import { AUDIT_RULES } from '../../../../support/audits.ts';
import { NOW } from '../../../../support/builders.ts';
import { EXCEPTED } from '../../../../support/exceptions.ts';
import { aFleet } from '../../../../support/fleet.ts';
import { healthy, named } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

const request = (given: Partial<AuditRequest> = {}): AuditRequest => ({
  period: { from: later(NOW, -30 * DAY), to: later(NOW, DAY), label: undefined },
  targets: [TARGET],
  rules: AUDIT_RULES,
  exceptions: [],
  provenance: {
    version: '1.2.3',
    identity: 'arn:aws:sts::111122223333:assumed-role/auditor/a',
    parameters: {},
    exceptionsHash: '',
  },
  ...given,
});

interface Read {
  readonly rows: readonly SecretAudit[];
  readonly names: readonly string[];
  readonly summary: AuditSummary;
  readonly historySince: Instant | undefined;
}

async function audit(
  service: MemoryService,
  given: Partial<AuditRequest> = {},
  hasMonitor = true,
): Promise<Read> {
  const kept = hasMonitor ? auditMemoryOf(service) : undefined;
  const stream = await auditFleet({ ...service, kept }, request(given));
  const rows: SecretAudit[] = [];
  for await (const row of stream.secrets) rows.push(row);
  const { historySince } = stream.provenance;
  return {
    rows,
    names: rows.map(({ secretName }) => secretName),
    summary: await stream.summary(),
    historySince,
  };
}

const put = (service: MemoryService, ...names: readonly string[]): void => {
  for (const name of names) service.catalog.put(healthy(name, { lastChangedAt: service.clock.now() }));
};

async function swept(...names: readonly string[]): Promise<MemoryService> {
  const service = aService();
  put(service, ...names);
  await sweepSecrets(service);
  service.clock.advance(5 * MINUTE);
  return service;
}

test('every secret has a row in the order of the list, and the population adds up', async () => {
  const service = await swept('a', 'b');
  const read = await audit(service);
  expect(read.names).toEqual(['a', 'b']);
  expect(read.historySince).toBe(NOW);
  expect(read.summary.population).toEqual([
    { ...TARGET, opening: 2, created: 0, restored: 0, deleted: 0, closing: 2, difference: 0 },
  ]);
  expect(read.summary).toMatchObject({ coverage: { checked: 2, notSwept: [] }, totals: { secrets: 2 } });
  expect(read.summary.calls).toEqual({ 'secretsmanager:ListSecrets': 1 });
});

test('a secret that is gone keeps its row, and one that was created is counted', async () => {
  const service = await swept('a', 'b');
  service.catalog.remove(named('b').arn);
  service.catalog.put(healthy('c', { createdAt: service.clock.now(), lastChangedAt: service.clock.now() }));
  await sweepSecrets(service);
  service.clock.advance(MINUTE);
  const { names, rows, summary } = await audit(service);
  expect(names).toEqual(['a', 'c', 'b']);
  expect(rows.at(-1)).toMatchObject({ changes: [{ kind: 'deleted', notBefore: NOW }] });
  expect(summary.population).toMatchObject([
    { opening: 2, created: 1, deleted: 1, closing: 2, difference: 0 },
  ]);
});

test('a secret that is listed no more since the last sweep has a row, and is deleted', async () => {
  const service = await swept('a', 'b');
  service.catalog.remove(named('b').arn);
  const { names, summary } = await audit(service);
  expect(names).toEqual(['a', 'b']);
  expect(summary.population).toMatchObject([{ deleted: 1, closing: 1, difference: 0 }]);
});

test('without a monitor each figure of events is unknown, and the opening too', async () => {
  const service = aService();
  put(service, 'a');
  const { rows, summary, historySince } = await audit(service, {}, false);
  expect(historySince).toBeUndefined();
  expect(rows[0]?.rotationsCompleted.basis).toBe('unknown');
  expect(summary.population).toMatchObject([{ opening: undefined, closing: 1, difference: undefined }]);
  expect(summary.totals.unknown).toBe(1);
});

test('a sample is drawn by its seed; all secrets are summed up', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `prod/${index}`);
  const service = await swept(...names);
  const sample = { size: 5, seed: 'q1' };
  const first = await audit(service, { sample });
  expect(first.names).toHaveLength(5);
  expect((await audit(service, { sample })).names).toEqual(first.names);
  expect(first.summary.totals.secrets).toBe(60);
});

test('a member that cannot be listed is named and stops no other', async () => {
  const member = { account: '444455556666', region: 'eu-west-1' };
  const service = aFleet([{ accounts: [member.account], organizationalUnits: [], regions: [member.region] }]);
  service.setReachable(member, false);
  put(service, 'a');
  const { names, summary } = await audit(service, { targets: [member, TARGET] });
  expect(names).toEqual(['a']);
  expect(summary.coverage.notSwept).toEqual([
    { what: '444455556666 eu-west-1', because: expect.stringContaining('denied') },
  ]);
});

test('a replica is excluded, and named where nobody watches its primary', async () => {
  const service = aService();
  service.catalog.put(healthy('a', { primaryRegion: 'us-east-1' }));
  const { summary } = await audit(service);
  expect(summary.coverage).toMatchObject({ excluded: 1, checked: 0 });
  expect(summary.coverage.unwatchedPrimaries).toEqual([
    { what: named('a').arn, because: 'Its primary is in us-east-1, which is not watched.' },
  ]);
});

test('rows come before the last page is read', async () => {
  const service = await swept(...Array.from({ length: 250 }, (_, index) => `prod/${index}`));
  const pages: number[] = [];
  const kept = auditMemoryOf(service);
  const stream = await auditFleet({ ...service, kept }, request({ onPage: (read) => void pages.push(read) }));
  const rows = stream.secrets[Symbol.asyncIterator]();
  await rows.next();
  expect(pages).toEqual([]);
  while ((await rows.next()).done !== true);
  expect(pages).toEqual([100, 200, 250]);
});

test('an exception that the monitor keeps makes its control skip, and is in the history and the hash', async () => {
  const service = await swept('prod/a', 'prod/b');
  const kept = auditMemoryOf(service);
  const hash = async () => (await auditFleet({ ...service, kept }, request())).provenance.exceptionsHash;
  const about = { secretArn: named('prod/a').arn, control: 'SecretsManager.1' };
  const asked = await keepException(service, {
    ...about,
    by: 'alice',
    until: formatInstant(later(NOW, 20 * DAY)),
    reason: 'rotated by hand',
  });
  const approve = ('exceptions' in asked ? asked.exceptions[0]?.id : undefined) ?? '';
  expect((await audit(service)).summary.controls['SecretsManager.1'].skip).toBe(0);
  expect(await hash()).toMatch(/^[0-9a-f]{64}$/);
  service.clock.advance(MINUTE);
  await keepException(service, { ...about, by: 'bob', approve });
  service.clock.advance(MINUTE);
  const { rows, summary } = await audit(service);
  expect(summary.controls['SecretsManager.1']).toMatchObject({ skip: 1, ok: 1 });
  expect(summary.expiringExceptions).toMatchObject([{ approvedBy: 'bob' }]);
  expect(rows[0]?.changes.at(-1)).toMatchObject({ kind: 'exception-granted', actor: 'bob' });
  expect(rows[1]?.exceptions).toEqual([]);
});

test('Security Hub is asked about no more secrets at a time, and no more often, than it answers', async () => {
  const service = aService();
  put(service, ...Array.from({ length: 130 }, (_, index) => `prod/${index}`));
  const asked: { readonly at: number; readonly secrets: number }[] = [];
  const verdicts = async (arns: readonly string[]) => {
    asked.push({ at: service.clock.now(), secrets: arns.length });
    return new Map(arns.map((arn) => [arn, { 'SecretsManager.1': 'PASSED' }]));
  };
  const fleet = { ...service, kept: undefined, hubOf: () => ({ verdicts }) };
  const stream = await auditFleet(fleet, request());
  const rows: SecretAudit[] = [];
  for await (const row of stream.secrets) rows.push(row);
  expect(
    rows.filter(({ controls }) => controls.some(({ securityHub }) => securityHub?.value === 'PASSED')),
  ).toHaveLength(130);
  expect(asked.map(({ secrets }) => secrets)).toEqual([20, 20, 20, 20, 20, 20, 10]);
  for (const [index, { at }] of asked.slice(1).entries())
    expect(at - (asked[index]?.at ?? 0)).toBeGreaterThanOrEqual(333);
});

/** Audits secrets of which Security Hub passes all, where it answers; `fail` throws where it does not. */
async function auditWithHub(secrets: number, fail: (question: number) => void) {
  const service = aService();
  put(service, ...Array.from({ length: secrets }, (_, index) => `prod/${String(index).padStart(3, '0')}`));
  let questions = 0;
  const errors: FindingsHubError[] = [];
  const verdicts: HubControls['verdicts'] = async (arns, onCall) => {
    onCall?.();
    fail(++questions);
    return new Map(arns.slice(1).map((arn) => [arn, { 'SecretsManager.1': 'PASSED' }]));
  };
  const fleet = { ...service, kept: undefined, hubOf: () => ({ verdicts }) };
  const stream = await auditFleet(fleet, request({ onNoHub: (error) => void errors.push(error) }));
  const rows: SecretAudit[] = [];
  for await (const row of stream.secrets) rows.push(row);
  const results = rows.map(({ controls }) => controls[0]?.securityHub);
  return { rows, results, errors, questions, summary: await stream.summary() };
}

const hubError = (retryable: boolean): FindingsHubError =>
  new FindingsHubError('Cannot read findings of Security Hub', {
    reason: retryable ? 'throttled' : 'denied',
    retryable,
  });

test('each control of Security Hub has its result, or the reason why there is none, and no other control has', async () => {
  const { rows, summary } = await auditWithHub(20, () => undefined);
  const none = { value: undefined, basis: 'unknown', because: expect.stringContaining('no active finding') };
  const [first, second] = rows.map(({ controls }) => controls.map(({ securityHub }) => securityHub));
  expect(first).toEqual([none, none, none, none, none, undefined, undefined]);
  expect(second?.slice(0, 2)).toEqual([observed('PASSED'), none]);
  expect(summary.securityHub['SecretsManager.1']).toEqual({ PASSED: 19, unknown: 1 });
  expect(summary.securityHub['NIST-800-53-r5-IA-5-f']).toBeUndefined();
  expect(summary.calls['securityhub:GetFindings']).toBe(1);
});

test('a question that Security Hub does not answer for a moment is asked again', async () => {
  const { results, errors, questions, summary } = await auditWithHub(130, (question) => {
    if (question === 2 || question === 3) throw hubError(true);
  });
  expect(results.filter((result) => result?.value === 'PASSED')).toHaveLength(123);
  expect(errors).toEqual([]);
  expect(questions).toBe(9);
  expect(summary.calls['securityhub:GetFindings']).toBe(9);
  expect(JSON.stringify(summary.notVerifiable)).not.toContain('Security Hub');
});

test('one that it does not answer at all leaves the secrets of that question alone unknown', async () => {
  const { results, errors, summary } = await auditWithHub(130, (question) => {
    if (question >= 2 && question <= 4) throw hubError(true);
  });
  const unknownOnes = results.filter((result) => result?.because?.startsWith('Cannot read findings'));
  expect(unknownOnes).toHaveLength(20);
  expect(results.filter((result) => result?.value === 'PASSED')).toHaveLength(104);
  expect(errors).toHaveLength(1);
  expect(summary.notVerifiable).toContainEqual({
    what: "Security Hub's own results for 20 secrets in 111122223333 eu-west-1.",
    because: 'Cannot read findings of Security Hub.',
  });
});

test('an outage of Security Hub costs a question each, and one that refuses is asked once', async () => {
  const outage = await auditWithHub(130, () => {
    throw hubError(true);
  });
  expect(outage.rows).toHaveLength(130);
  expect(outage.questions).toBe(9);
  expect(outage.errors).toHaveLength(1);
  const refusal = await auditWithHub(130, () => {
    throw hubError(false);
  });
  expect(refusal.questions).toBe(1);
  for (const { results, summary } of [outage, refusal]) {
    expect(new Set(results.map((result) => result?.because))).toEqual(
      new Set(['Cannot read findings of Security Hub.']),
    );
    expect(summary.securityHub['SecretsManager.5']).toEqual({ unknown: 130 });
    expect(JSON.stringify(summary.notVerifiable)).toContain('130 secrets');
  }
});

test('what changes between two invocations changes nothing in the report', async () => {
  const member = { account: '444455556666', region: 'eu-west-1' };
  const service = aFleet([{ accounts: [member.account], organizationalUnits: [], regions: [member.region] }]);
  for (let index = 0; index < 250; index++) put(service, `prod/${String(index).padStart(3, '0')}`);
  const last = named('prod/249').arn;
  const record: ExceptionRecord = {
    ...requestOf({ ...EXCEPTED, secretArn: last, until: later(NOW, 20 * DAY) }, NOW),
    approvedBy: 'bob',
    grantedAt: NOW,
  };
  const first: AuditMemory = {
    ...auditMemoryOf(service),
    since: async () => later(NOW, -DAY),
    critical: async () => [last],
    exceptions: async (target) => (target === TARGET ? [record] : []),
  };
  const changed: AuditMemory = {
    ...first,
    since: async () => NOW,
    critical: async () => [],
    exceptions: async () => [],
  };
  const refused = (): Promise<never> =>
    Promise.reject(new FindingsHubError('Refused once', { reason: 'denied', retryable: false }));
  const asked = request({ targets: [TARGET, member] });
  const hub = { verdicts: refused };
  const whole = await beginAudit({ ...service, kept: first, hubOf: () => hub }, asked, { readAt: NOW });
  const rows: SecretAudit[] = [];
  for await (const page of whole.pages()) rows.push(...page);

  const before = await beginAudit({ ...service, kept: first, hubOf: () => hub }, asked, { readAt: NOW });
  const pages = before.pages();
  const [page] = [(await pages.next()).value ?? []];
  const after = await beginAudit(
    { ...service, kept: changed, hubOf: () => ({ verdicts: async () => new Map() }) },
    request({ targets: [member, TARGET, { ...member, region: 'us-east-1' }] }),
    { readAt: NOW, progress: JSON.parse(JSON.stringify(before.progress)) },
  );
  const others: SecretAudit[] = [...page];
  for await (const next of after.pages()) others.push(...next);

  expect(others).toEqual(rows);
  expect(others.at(-1)).toMatchObject({ exceptions: [{ approvedBy: 'bob' }] });
  expect(after.known).toEqual(whole.known);
  expect(after.exceptions).toEqual(JSON.parse(JSON.stringify(whole.exceptions)));
  expect(after.progress.population).toEqual(whole.progress.population);
  expect(whole.progress.noHub).toHaveLength(1);
  expect(after.progress.noHub).toEqual(whole.progress.noHub);
});
