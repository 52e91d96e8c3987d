import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, instant, later, MINUTE } from '../../../../../../src/calendar/instant.ts';
import { sightOf } from '../../../../../../src/monitor/domain/history/secret-sight.ts';
import { auditSecret } from '../../../../../../src/monitor/domain/report/compute/audit-secret.ts';
import type { AuditFrame, SecretFacts } from '../../../../../../src/monitor/domain/report/compute/facts.ts';
import type { ControlId } from '../../../../../../src/monitor/domain/report/control.ts';
import type { SecretAudit } from '../../../../../../src/monitor/domain/report/secret-audit.ts';
import type { Secret } from '../../../../../../src/monitor/domain/secret/secret.ts';
import { AUDIT_RULES } from '../../../../../support/audits.ts';
import { aSecret, at, CURRENT, PENDING, PREVIOUS } from '../../../../../support/builders.ts';

const FROM = at('2026-10-01T00:00:00Z');
const TO = at('2026-11-01T00:00:00Z');
const SINCE = at('2026-09-01T00:00:00Z');
const ROTATED = at('2026-10-03T00:20:00Z');
const day = (count: number): Instant => later(FROM, count * DAY);
const FRAME: AuditFrame = {
  period: { from: FROM, to: TO, label: '2026-10' },
  readAt: later(TO, HOUR),
  historySince: SINCE,
  limits: { maxAgeMs: 90 * DAY, slowestScheduleMs: 90 * DAY, unusedAfterMs: 90 * DAY },
  ...AUDIT_RULES,
};
const record = (versionId: string, given: Partial<SecretFacts['records'][number]> = {}) => ({
  versionId,
  startedAt: undefined,
  succeededAt: undefined,
  abandonedAt: undefined,
  failures: [],
  ...given,
});

function audited(
  given: Partial<SecretFacts> & { readonly as?: Partial<Secret> } = {},
  frame: Partial<AuditFrame> = {},
): SecretAudit | undefined {
  const secret = aSecret({ lastRotatedAt: ROTATED, ...given.as });
  return auditSecret(
    {
      secret,
      sight: sightOf(secret, instant(Math.max(SINCE, (secret.createdAt ?? 0) + MINUTE))),
      records: [
        record(PREVIOUS, {
          startedAt: later(ROTATED, -30 * DAY),
          succeededAt: later(ROTATED, -30 * DAY + MINUTE),
        }),
        record(CURRENT, { startedAt: later(ROTATED, -MINUTE), succeededAt: ROTATED }),
      ],
      changes: [],
      currentMadeAt: undefined,
      exceptions: [],
      isCritical: false,
      trouble: undefined,
      ...given,
    },
    { ...FRAME, ...frame },
  ).row;
}

test('a month with one rotation in its one window', () => {
  const row = audited();
  expect(row).toMatchObject({
    coverage: 'checked',
    rotationEnabled: true,
    schedule: 'rate(30 days)',
    windowsDue: { value: 1, basis: 'observed' },
    rotationsCompleted: { value: 1, basis: 'observed' },
    windowsMissed: { value: 0, basis: 'observed' },
    failures: { value: 0, basis: 'observed' },
    longestExposureMs: { value: 0, basis: 'observed' },
    currentAgeMs: { value: TO - ROTATED, basis: 'observed' },
  });
  expect(row?.rotations).toHaveLength(1);
});

test('failures, the time to repair and the exposure are those of the rotation', () => {
  const failures = [1, 2].map((hours) => ({ at: later(day(4), hours * HOUR), step: 'setSecret' }));
  const row = audited({
    records: [record(CURRENT, { startedAt: day(4), failures, succeededAt: later(day(4), 5 * HOUR) })],
  });
  expect(row).toMatchObject({
    failures: { value: 2 },
    longestRepairMs: { value: 4 * HOUR },
    longestExposureMs: { value: 4 * HOUR },
  });
});

test('the repair of a rotation that was given up belongs to the period of its success', () => {
  const failures = [{ at: day(4), step: 'setSecret' }];
  const succeededAt = later(day(9), MINUTE);
  const records = [
    record(PENDING, { startedAt: day(4), failures }),
    record(CURRENT, { startedAt: day(9), succeededAt }),
  ];
  expect(audited({ records })?.longestRepairMs).toMatchObject({ value: 5 * DAY + MINUTE });
  const before = audited({ records }, { period: { from: FROM, to: day(8), label: undefined } });
  expect(before?.longestRepairMs).toMatchObject({ value: 0 });
});

test('a version that is stuck at the end of the period is exposed until then', () => {
  const records = [record(CURRENT, { succeededAt: ROTATED }), record(PENDING, { startedAt: day(29) })];
  const row = audited({ records });
  expect(row?.longestExposureMs.value).toBe(2 * DAY - HOUR);
  expect(row?.rotations).toMatchObject([{ outcome: 'succeeded' }, { outcome: 'under-way' }]);
});

test('the exposure of a secret that was deleted ends with it', () => {
  const records = [record(PENDING, { startedAt: day(29) })];
  const row = audited({ as: { deletedAt: later(day(29), 5 * HOUR) }, records });
  expect(row?.longestExposureMs.value).toBe(4 * HOUR);
});

test('a rotation whose events were lost is counted and inferred', () => {
  const row = audited({ records: [record(CURRENT, { listedAt: ROTATED })] });
  expect(row?.rotationsCompleted).toMatchObject({ value: 1, basis: 'inferred' });
  expect(row?.failures.basis).toBe('inferred');
});

test('a rotation that the list of the audit alone shows is counted once and inferred', () => {
  const row = audited({ records: [] });
  expect(row?.rotationsCompleted).toMatchObject({ value: 1, basis: 'inferred' });
  const listed = { secretArn: aSecret().arn, kind: 'rotation-listed', at: ROTATED } as const;
  // A value that was put by hand since is in use now.
  const replaced = audited({ records: [], changes: [{ ...listed, after: PREVIOUS }] });
  expect(replaced?.rotationsCompleted.value).toBe(1);
  expect(replaced?.rotations.map(({ versionId }) => versionId)).toEqual([PREVIOUS]);
  expect(audited()?.rotationsCompleted).toMatchObject({ value: 1, basis: 'observed' });
  expect(audited({ records: [], as: { lastRotatedAt: undefined } })?.rotationsCompleted.value).toBe(0);
});

test('a period that begins before history is inferred and says since when history is known', () => {
  const row = audited({}, { historySince: day(10) });
  expect(row?.rotationsCompleted).toMatchObject({
    basis: 'inferred',
    because: expect.stringContaining('2026-10-11'),
  });
});

test('without a monitor numbers of events are unknown, each with its reason', () => {
  const row = audited({ sight: undefined, records: [] }, { historySince: undefined });
  for (const figure of [row?.rotationsCompleted, row?.windowsMissed, row?.failures, row?.lastTestedAt]) {
    expect(figure).toMatchObject({ value: undefined, basis: 'unknown', because: expect.any(String) });
  }
  expect(row?.windowsDue.basis).toBe('inferred');
  expect(row?.currentAgeMs).toMatchObject({
    value: TO - ROTATED,
    basis: 'inferred',
    because: 'No rotation or new value is known since its last rotation.',
  });
});

/** Without a monitor AWS's own dates are all that is known. */
const unwatched = (as: Partial<Secret>, given: Partial<SecretFacts> = {}) =>
  audited({ sight: undefined, records: [], as, ...given }, { historySince: undefined });

test('the age of a version is observed where a date of AWS shows that nothing came after it', () => {
  expect(unwatched({ lastChangedAt: later(ROTATED, MINUTE) })?.currentAgeMs.basis).toBe('observed');
  expect(unwatched({ lastChangedAt: later(ROTATED, HOUR) })?.currentAgeMs.basis).toBe('inferred');
  expect(unwatched({}, { currentMadeAt: day(10) })?.currentAgeMs).toMatchObject({
    value: 21 * DAY,
    basis: 'observed',
  });
});

test('the age is unknown where AWS shows a rotation after the period alone', () => {
  const row = unwatched({ lastRotatedAt: later(TO, MINUTE), createdAt: later(FROM, -500 * DAY) });
  expect(row?.currentAgeMs).toMatchObject({
    value: undefined,
    basis: 'unknown',
    because: expect.stringContaining('came after the period'),
  });
  const statuses = row?.controls.map(({ control, status }) => `${control} ${status}`);
  expect(statuses).toContain('SecretsManager.4 error');
  expect(statuses).toContain('NIST-800-53-r5-IA-5-f error');
  const watched = audited({ as: { lastRotatedAt: later(TO, MINUTE), createdAt: later(FROM, -500 * DAY) } });
  expect(watched?.currentAgeMs).toMatchObject({ value: TO - ROTATED, basis: 'observed' });
});

test('a version that was made with its secret, long before history, has the age of the secret', () => {
  const createdAt = later(FROM, -400 * DAY);
  const as = { createdAt, lastRotatedAt: undefined, rotationEnabled: false };
  const row = audited({ as, records: [], currentMadeAt: createdAt });
  expect(row?.currentAgeMs).toMatchObject({ value: TO - createdAt, basis: 'observed' });
  expect(row?.controls.find(({ control }) => control === 'NIST-800-53-r5-IA-5-f')).toMatchObject({
    status: 'alarm',
    evidence: expect.arrayContaining(['Oldest AWSCURRENT in the period: 431 days']),
  });
});

test('a first look keeps the last rotation before history', () => {
  const listed = later(SINCE, -3 * DAY);
  const row = audited({
    as: { lastRotatedAt: later(TO, MINUTE) },
    records: [],
    changes: [{ secretArn: aSecret().arn, kind: 'rotation-listed', at: listed, after: PREVIOUS }],
  });
  expect(row?.currentAgeMs).toMatchObject({ value: TO - listed, basis: 'inferred' });
});

test('whether a schedule is slow enough is judged by the one at the end of the period', () => {
  const changes = [
    {
      secretArn: aSecret().arn,
      kind: 'schedule-changed' as const,
      at: later(TO, MINUTE),
      before: 'rate(30 days)',
      after: 'rate(120 days)',
    },
  ];
  const rotationRules = {
    scheduleExpression: 'rate(120 days)',
    automaticallyAfterDays: undefined,
    duration: undefined,
  };
  const secret = aSecret({ lastRotatedAt: ROTATED });
  const row = audited(
    { as: { rotationRules }, changes, sight: sightOf(secret, SINCE) },
    { controls: { ...AUDIT_RULES.controls, maximumFrequencyMs: 90 * DAY } },
  );
  expect(row).toMatchObject({ schedule: 'rate(30 days)', slowerThanPolicy: { value: false } });
  expect(row?.controls[0]).toMatchObject({ control: 'SecretsManager.1', status: 'ok' });
  const slow = audited(
    { as: { rotationRules } },
    { controls: { ...AUDIT_RULES.controls, maximumFrequencyMs: 90 * DAY } },
  );
  expect(slow?.slowerThanPolicy.value).toBe(true);
  expect(slow?.controls[0]).toMatchObject({ status: 'alarm' });
});

test('a date of AWS after the period is said to be one', () => {
  const row = audited({ as: { lastRotatedAt: later(TO, MINUTE), lastAccessedAt: later(TO, 0) } });
  expect(row?.controls[1]?.evidence).toContain('Last rotation, after the period: 2026-11-01T00:01:00Z');
  expect(row?.controls[2]).toMatchObject({
    status: 'ok',
    reason: 'Somebody has requested it since the end of the period; AWS keeps no earlier request.',
  });
});

/** A secret without history that was made long ago and has rotated weekly since. */
const weekly = (lastRotatedAt: Instant, nextRotationAt: Instant, frame: Partial<AuditFrame> = {}) => {
  const row = audited(
    {
      as: {
        createdAt: later(FROM, -200 * DAY),
        rotationRules: {
          scheduleExpression: 'rate(7 days)',
          automaticallyAfterDays: undefined,
          duration: undefined,
        },
        lastRotatedAt,
        nextRotationAt,
      },
      sight: undefined,
      records: [],
    },
    { historySince: undefined, readAt: TO, ...frame },
  );
  return (control: ControlId) => row?.controls.find((each) => each.control === control)?.status;
};

test('without a monitor the last rotation and NextRotationDate decide whether it is late', () => {
  expect(weekly(later(TO, -4 * DAY), later(TO, 4 * DAY))('SecretsManager.2')).toBe('ok');
  expect(weekly(later(TO, -12 * DAY), later(TO, -4 * DAY))('SecretsManager.2')).toBe('alarm');
});

test('without a monitor a rotation after the period leaves open whether one within it was late', () => {
  const status = weekly(later(TO, 2 * DAY), later(TO, 9 * DAY), { readAt: later(TO, 3 * DAY) });
  expect(status('SecretsManager.2')).toBe('error');
});

test('a stretch in which rotations may have gone unseen proves no age', () => {
  expect(weekly(later(TO, -4 * DAY), later(TO, 4 * DAY))('NIST-800-53-r5-IA-5-f')).toBe('info');
  expect(weekly(later(FROM, -DAY), later(TO, 4 * DAY))('NIST-800-53-r5-IA-5-f')).toBe('ok');
  expect(weekly(later(TO, -100 * DAY), later(TO, -90 * DAY))('NIST-800-53-r5-IA-5-f')).toBe('alarm');
});

test('with history, the time before it proves no age either', () => {
  const row = audited(
    { as: { createdAt: later(FROM, -500 * DAY) }, records: [record(CURRENT, { listedAt: ROTATED })] },
    { historySince: later(ROTATED, DAY) },
  );
  const statuses = new Map(row?.controls.map(({ control, status }) => [control, status]));
  expect(statuses.get('NIST-800-53-r5-IA-5-f')).toBe('info');
});

test('a secret that was not there in the period has no row', () => {
  expect(audited({ as: { createdAt: later(TO, 1) } })).toBeUndefined();
  const deleted = { secretArn: aSecret().arn, kind: 'deleted' as const, at: later(FROM, -DAY) };
  expect(audited({ as: { deletedAt: later(FROM, -DAY) }, changes: [deleted] })).toBeUndefined();
});

test('a secret that was deleted within the period has a row, and no control judges it', () => {
  const deleted = { secretArn: aSecret().arn, kind: 'deletion-scheduled' as const, at: day(20) };
  const row = audited({ as: { deletedAt: day(20) }, changes: [deleted] });
  expect(row?.deletedAt).toBe(day(20));
  expect(new Set(row?.controls.map(({ status }) => status))).toEqual(new Set(['skip']));
});

test('the number of rotations is inferred where a secret was deleted at once in a window that was open', () => {
  const gone = (expression: string, given: Partial<Secret> = {}) => {
    const scheduleExpression = expression;
    const rotationRules = { scheduleExpression, automaticallyAfterDays: undefined, duration: undefined };
    const changes = [{ secretArn: aSecret().arn, kind: 'deleted' as const, at: day(20) }];
    return audited({ isGone: true, as: { rotationRules, deletedAt: day(20), ...given }, changes });
  };
  const open = gone('rate(7 days)');
  expect(open?.rotationsCompleted).toMatchObject({
    value: 1,
    basis: 'inferred',
    because: expect.stringContaining('deleted at once'),
  });
  expect(open?.windowsMissed.basis).toBe('inferred');
  expect(gone('rate(30 days)')?.rotationsCompleted.basis).toBe('observed');
  expect(gone('rate(7 days)', { rotationEnabled: false })?.rotationsCompleted.basis).toBe('observed');
});

test('without any history, a secret that was deleted within the period has a row, too', () => {
  const row = audited({ as: { deletedAt: day(20) }, sight: undefined }, { historySince: undefined });
  expect(row?.deletedAt).toBe(day(20));
  expect(row?.changes.map(({ kind }) => kind)).toEqual(['deletion-scheduled']);
  const before = { as: { deletedAt: later(FROM, -DAY) }, sight: undefined };
  expect(audited(before, { historySince: undefined })).toBeUndefined();
});

test('a replica is excluded and says where it is audited', () => {
  const row = audited({ as: { primaryRegion: 'us-east-1' } });
  expect(row).toMatchObject({
    coverage: 'excluded',
    coverageReason: expect.stringContaining('us-east-1'),
    controls: [],
  });
});

test('owner and silence are those at the end of the period', () => {
  const tags = {
    'rotation-monitor:owner': 'payments',
    'rotation-monitor:silence-until': '2026-11-01',
    'rotation-monitor:silence-reason': 'moves',
  };
  expect(audited({ as: { tags } })).toMatchObject({
    owner: 'payments',
    silence: { until: later(TO, DAY), reason: 'moves' },
  });
  expect(
    audited({ as: { tags: { ...tags, 'rotation-monitor:silence-until': '2026-10-31' } } })?.silence,
  ).toBeUndefined();
});

test('windows in business hours are counted', () => {
  expect(audited({}, { isInBusinessHours: () => true })?.windowsInBusinessHours.value).toBe(1);
});

test('a new value by hand is a beginning of its age', () => {
  const changes = [{ secretArn: aSecret().arn, kind: 'value-changed' as const, at: day(20) }];
  expect(audited({ changes })?.currentAgeMs.value).toBe(11 * DAY);
});

test('a test rotation is shown, and that there was none is said', () => {
  const changes = [{ secretArn: aSecret().arn, kind: 'rotation-tested' as const, at: day(20) }];
  expect(audited({ changes })?.lastTestedAt).toMatchObject({ value: day(20), basis: 'observed' });
  expect(audited({ as: { createdAt: later(SINCE, HOUR) } })?.lastTestedAt.because).toBe(
    'It was never tested.',
  );
});
