import { expect, test } from 'vitest';
import { DAY, later } from '../../../../../src/calendar/instant.ts';
import { AUDIT_CODES, type AuditFacts } from '../../../../../src/monitor/domain/audit/audit-finding.ts';
import { AUDIT_DETECTORS, judgeAudit } from '../../../../../src/monitor/domain/audit/register.ts';
import { FINDING_CODES } from '../../../../../src/monitor/domain/finding/finding.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { forbiddenAdvice } from '../../../../../src/proving/court/checks/bad-advice.ts';
import { aReplica, aSecret, CURRENT, NOW, PENDING_APART } from '../../../../support/builders.ts';

const LIMITS = { maxAgeMs: 90 * DAY, slowestScheduleMs: 90 * DAY, unusedAfterMs: 90 * DAY };
const ago = (ms: number) => later(NOW, -ms);
const rate = (days: number) => ({
  rotationRules: { automaticallyAfterDays: days, scheduleExpression: undefined, duration: undefined },
});
/** Used today, and rotated lately. */
const WELL: Partial<Secret> = { lastAccessedAt: ago(DAY) };
const PLAIN: Partial<Secret> = {
  ...WELL,
  rotationEnabled: undefined,
  rotationFunctionArn: undefined,
  rotationRules: undefined,
  createdAt: ago(DAY),
  lastRotatedAt: undefined,
  nextRotationAt: undefined,
};

const audit = (secret: Partial<Secret>, given: Partial<AuditFacts> = {}) =>
  judgeAudit({ secret: aSecret(secret), currentMadeAt: undefined, limits: LIMITS, ...given }, NOW);
const codes = (...given: Parameters<typeof audit>) => audit(...given).map(({ code }) => code);

test('the register has every code once, in order, and none that alerts have', () => {
  expect(AUDIT_DETECTORS.map(({ code }) => code)).toEqual(AUDIT_CODES);
  const alerting: readonly string[] = FINDING_CODES;
  expect(AUDIT_CODES.filter((code) => alerting.includes(code))).toEqual([]);
});

test('an audit finds nothing about a secret that rotates and is used', () => {
  expect(codes(WELL)).toEqual([]);
});

test('rotation-not-configured: a secret that nothing rotates', () => {
  expect(audit(PLAIN)).toMatchObject([{ code: 'rotation-not-configured', severity: 'LOW', since: ago(DAY) }]);
  expect(codes({ ...PLAIN, rotationEnabled: false })).toEqual(['rotation-not-configured']);
  expect(codes({ ...PLAIN, owningService: 'rds' })).toEqual([]);
  expect(codes({ ...PLAIN, externalType: 'DatadogApiKey' })).toEqual([]);
});

test('rotation-switched-off: rotation that is off with something still attached', () => {
  expect(audit({ ...WELL, rotationEnabled: false })).toMatchObject([
    { code: 'rotation-switched-off', since: undefined },
  ]);
});

test('schedule-too-slow: windows further apart than allowed, to the millisecond', () => {
  expect(codes({ ...WELL, ...rate(90) })).toEqual([]);
  expect(audit({ ...WELL, ...rate(91) })).toMatchObject([
    {
      code: 'schedule-too-slow',
      what: 'Rotation windows are up to 91 d apart; the limit is 90 d.',
    },
  ]);
  const tight = { limits: { ...LIMITS, slowestScheduleMs: 30 * DAY - 1 } };
  expect(codes({ ...WELL, ...rate(30) }, tight)).toEqual(['schedule-too-slow']);
  expect(codes({ ...WELL, rotationRules: undefined })).toEqual([]);
});

test('max-age-exceeded: by the date the version in use was made, and only where that was asked for', () => {
  const old = { ...WELL, lastRotatedAt: ago(90 * DAY + 1) };
  expect(codes(old, { currentMadeAt: ago(90 * DAY) })).toEqual([]);
  expect(audit(old, { currentMadeAt: ago(90 * DAY + 1) })).toMatchObject([
    { code: 'max-age-exceeded', since: ago(90 * DAY + 1) },
  ]);
  expect(codes(old)).toEqual([]);
  expect(codes({ ...WELL, lastRotatedAt: ago(90 * DAY) }, { currentMadeAt: ago(200 * DAY) })).toEqual([]);
});

test('unused: no request for long, or ever', () => {
  expect(codes({ lastAccessedAt: ago(90 * DAY) })).toEqual([]);
  expect(audit({ lastAccessedAt: ago(90 * DAY + 1) })).toMatchObject([
    { code: 'unused', since: ago(90 * DAY + 1), what: 'Nobody has requested the secret since 2026-08-23.' },
  ]);
  expect(audit({ lastAccessedAt: undefined })).toMatchObject([
    { what: 'Nobody has ever requested the secret.' },
  ]);
  expect(codes({ lastAccessedAt: undefined, createdAt: ago(90 * DAY) })).toEqual([]);
});

test('unused: requests for a replica count, and without knowing them nothing is said', () => {
  const primary = { lastAccessedAt: undefined, primaryRegion: 'eu-west-1' };
  const replica = (lastAccessedAt = ago(DAY)) => aReplica('us-east-1', 'InSync', { lastAccessedAt });
  expect(codes({ ...primary, replicas: undefined })).toEqual([]);
  expect(codes({ ...primary, replicas: [replica()] })).toEqual([]);
  expect(codes({ ...primary, replicas: [replica(ago(90 * DAY))] })).toEqual([]);
  expect(audit({ ...primary, replicas: [replica(ago(100 * DAY))] })).toMatchObject([
    { code: 'unused', since: ago(100 * DAY) },
  ]);
});

test('deletion-scheduled: says only that', () => {
  expect(audit({ ...PLAIN, deletedAt: ago(DAY), lastAccessedAt: undefined })).toMatchObject([
    { code: 'deletion-scheduled', severity: 'INFORMATIONAL', since: ago(DAY) },
  ]);
});

test('pending-without-rotation: AWSPENDING beside AWSCURRENT where nothing rotates', () => {
  const pending = 'pending-without-rotation';
  expect(codes({ ...PLAIN, versionStages: PENDING_APART })).toContain(pending);
  expect(codes({ ...WELL, versionStages: PENDING_APART })).not.toContain(pending);
  const both = { [CURRENT]: ['AWSCURRENT', 'AWSPENDING'] };
  expect(codes({ ...PLAIN, versionStages: both })).not.toContain(pending);
  expect(codes({ ...PLAIN, owningService: 'rds', versionStages: PENDING_APART })).not.toContain(pending);
});

test('of a replica nothing is said: its primary is audited where it is', () => {
  expect(codes({ ...PLAIN, primaryRegion: 'us-east-1', deletedAt: NOW })).toEqual([]);
});

test('every finding says what to do, and nothing that could cost the credential in use', () => {
  const secrets: readonly Partial<Secret>[] = [
    PLAIN,
    { ...PLAIN, versionStages: PENDING_APART },
    { ...WELL, rotationEnabled: false },
    { ...WELL, ...rate(100), lastRotatedAt: ago(99 * DAY) },
    { ...WELL, deletedAt: NOW },
    { ...PLAIN, createdAt: ago(100 * DAY), lastAccessedAt: undefined },
  ];
  const found = secrets.flatMap((secret) => audit(secret, { currentMadeAt: ago(100 * DAY) }));
  expect(new Set(found.map(({ code }) => code)).size).toBe(AUDIT_CODES.length);
  for (const { advice, risk, what } of found) {
    const commands = advice.flatMap((each) => each.commands);
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) expect(command).toMatch(/^aws .+ --region eu-west-1$/);
    expect(
      forbiddenAdvice(advice, {
        managed: false,
        setBegun: () => false,
        labels: () => [],
        currentId: undefined,
      }),
    ).toEqual([]);
    expect(`${what} ${risk}`).toMatch(/^[A-Z].+\. .+\.$/);
  }
});
