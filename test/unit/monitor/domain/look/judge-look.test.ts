import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import { isOpen } from '../../../../../src/monitor/domain/alert/alert.ts';
import { judgeLook } from '../../../../../src/monitor/domain/look/judge-look.ts';
import type { JudgingContext, Look } from '../../../../../src/monitor/domain/look/look.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import { allProgress } from '../../../../../src/monitor/domain/rotation/progress.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import {
  freshState,
  isWatched,
  type SecretState,
} from '../../../../../src/monitor/domain/state/secret-state.ts';
import { saysNothingNew, tellsTheSame } from '../../../../../src/monitor/domain/state/state-difference.ts';
import { anEvidence, aSecret, CURRENT, NOW, PENDING, PENDING_APART } from '../../../../support/builders.ts';
import { named } from '../../../../support/secrets.ts';
import { DEFAULTS, TARGET } from '../../../../support/service.ts';

const context = (now: Instant, given: Partial<JudgingContext> = {}): JudgingContext => ({
  now,
  evidence: [],
  baseline: false,
  eventsArrive: false,
  policyDefaults: DEFAULTS,
  groupWaitMs: 30 * SECOND,
  criticalGroupWaitMs: 5 * SECOND,
  silenceCritical: false,
  ...given,
});
const LOST = '44444444-4444-4444-8444-444444444444';
const fresh = freshState(aSecret().arn, 'prod/orders/db', TARGET);
const stuck = (given: Partial<Secret> = {}): Secret => aSecret({ versionStages: PENDING_APART, ...given });
const seen = (secret: Secret, createdAt: Readonly<Record<string, Instant>> = {}): Look => ({
  kind: 'confirmed',
  secret,
  createdAt,
});
const openCodes = ({ alerts }: SecretState) => alerts.filter(isOpen).map(({ code }) => code);
const opened = () =>
  judgeLook(fresh, seen(stuck(), { [PENDING]: later(NOW, -2 * HOUR) }), context(NOW)).state;

test('a version pending past its threshold opens an alert', () => {
  expect(openCodes(opened())).toEqual(['stuck-pending']);
});

test('first sight of a pending version is kept and counts when AWS gives no date', () => {
  const first = judgeLook(fresh, seen(stuck()), context(NOW)).state;
  expect(first.pending).toEqual({ versionId: PENDING, firstSeenAt: NOW, createdAt: undefined });
  const atThreshold = judgeLook(first, seen(stuck()), context(later(NOW, HOUR))).state;
  const past = judgeLook(first, seen(stuck()), context(later(NOW, HOUR + 1))).state;
  expect(openCodes(atThreshold)).toEqual([]);
  expect(openCodes(past)).toEqual(['stuck-pending']);
});

test('P = C is healthy', () => {
  const healthy = aSecret({ versionStages: { [CURRENT]: ['AWSCURRENT', 'AWSPENDING'] } });
  const { state, findings } = judgeLook(fresh, seen(healthy), context(later(NOW, DAY)));
  expect(findings).toEqual([]);
  expect(state.pending).toBeUndefined();
});

test('a promoted version resolves its alert', () => {
  const promoted = aSecret({ versionStages: { [PENDING]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] } });
  const { state } = judgeLook(opened(), seen(promoted), context(later(NOW, MINUTE)));
  expect(openCodes(state)).toEqual([]);
  expect(state.outbox.at(-1)?.resolution?.endedBy).toBe(`Version ${PENDING} became AWSCURRENT.`);
});

test('a version that loses AWSPENDING after setSecret had begun keeps its alert as pending-abandoned', () => {
  const failed = anEvidence('rotation-failed', HOUR, { step: 'setSecret' });
  const open = judgeLook(
    fresh,
    seen(stuck(), { [PENDING]: later(NOW, -2 * HOUR) }),
    context(NOW, { evidence: [failed] }),
  );
  const just = judgeLook(open.state, seen(aSecret()), context(later(NOW, MINUTE))).state;
  expect(openCodes(just)).toEqual(['stuck-pending']);
  const gone = judgeLook(just, seen(aSecret()), context(later(NOW, 4 * MINUTE))).state;
  expect(openCodes(gone)).toEqual(['pending-abandoned']);
  expect(gone.alerts.filter(isOpen)[0]?.fingerprint).toBe(open.state.alerts[0]?.fingerprint);
  const rotated = aSecret({ lastRotatedAt: later(NOW, 2 * MINUTE) });
  expect(openCodes(judgeLook(gone, seen(rotated), context(later(NOW, 3 * MINUTE))).state)).toEqual([]);
});

const lateFailure = (given: Partial<Evidence> = {}) =>
  anEvidence('rotation-failed', 8 * MINUTE, { versionId: LOST, step: 'testSecret', ...given });
const { versionId: _, ...namelessFailure } = lateFailure();
const staged = (given: Partial<Evidence>) =>
  anEvidence('secret-changed', 9 * MINUTE, { id: 'staged', versionId: LOST, ...given });

test.each<[string, readonly Evidence[]]>([
  ['names its version', [lateFailure()]],
  [
    'names none, and the version was put as AWSPENDING,',
    [namelessFailure, staged({ operation: 'PutSecretValue', makesPending: true })],
  ],
  ['names none, and RotateSecret names it,', [namelessFailure, staged({ operation: 'RotateSecret' })]],
])('a failure that %s and arrives once its label is gone is of a version that is lost', (_case, evidence) => {
  const before = judgeLook(fresh, seen(aSecret()), context(later(NOW, -10 * MINUTE))).state;
  const { state, findings } = judgeLook(before, seen(aSecret()), context(NOW, { evidence }));
  expect(findings).toMatchObject([
    { code: 'pending-abandoned', severity: 'CRITICAL', pendingVersionId: LOST },
  ]);
  const rotated = aSecret({ lastRotatedAt: later(NOW, MINUTE) });
  expect(openCodes(judgeLook(state, seen(rotated), context(later(NOW, 2 * MINUTE))).state)).toEqual([]);
});

test.each<[string, Look, readonly Evidence[]]>([
  ['may be missing in an old look only', seen(aSecret()), [lateFailure({ at: later(NOW, -5 * MINUTE + 1) })]],
  ['became AWSCURRENT', seen(aSecret({ versionStages: { [LOST]: ['AWSCURRENT'] } })), [lateFailure()]],
  ['had not begun setSecret', seen(aSecret()), [lateFailure({ step: 'createSecret' })]],
  [
    'succeeded on a retry',
    seen(aSecret()),
    [lateFailure(), anEvidence('rotation-succeeded', 7 * MINUTE, { versionId: LOST })],
  ],
  ['was followed by a rotation', seen(aSecret({ lastRotatedAt: later(NOW, -7 * MINUTE) })), [lateFailure()]],
  [
    'is in use since, as far as a secret shows whose rotation is off',
    seen(aSecret({ rotationEnabled: false, lastRotatedAt: undefined })),
    [lateFailure({ at: later(NOW, -DAY) })],
  ],
])('a version whose failure arrives late is not lost if it %s', (_case, look, evidence) => {
  const before = judgeLook(fresh, seen(aSecret()), context(later(NOW, -10 * MINUTE))).state;
  const { findings } = judgeLook(before, look, context(NOW, { evidence }));
  expect(findings.filter(({ code }) => code === 'pending-abandoned')).toEqual([]);
});

test('a version that failed and was promoted by hand is not lost, however often the value is put by hand then', () => {
  const failed = lateFailure({ at: later(NOW, -20 * MINUTE) });
  const apart = { [CURRENT]: ['AWSCURRENT'], [LOST]: ['AWSPENDING'] };
  const pending = judgeLook(fresh, seen(aSecret({ versionStages: apart })), {
    ...context(later(NOW, -19 * MINUTE)),
    evidence: [failed],
  });
  const inUse = [LOST, ...Array.from({ length: 9 }, (_, index) => `put-by-hand-${index}`.padEnd(32, '0'))];
  const end = inUse.reduce((state, versionId, index) => {
    const versionStages = {
      [versionId]: ['AWSCURRENT'],
      [inUse[index - 1] ?? CURRENT]: ['AWSPREVIOUS'],
    };
    return judgeLook(state, seen(aSecret({ versionStages })), context(later(NOW, index * HOUR))).state;
  }, pending.state);
  expect(openCodes(end)).not.toContain('pending-abandoned');
});

test('a failure that names no version is not of one that had come to its end before', () => {
  const evidence = [
    namelessFailure,
    staged({ operation: 'RotateSecret', at: later(NOW, -2 * HOUR) }),
    anEvidence('rotation-succeeded', HOUR, { versionId: LOST }),
  ];
  const { state } = judgeLook(fresh, seen(aSecret()), context(NOW, { evidence }));
  expect(allProgress(state).find(({ versionId }) => versionId === LOST)?.failures ?? 0).toBe(0);
});

test('a version that gets AWSPENDING back has failed as often as before, whatever was changed meanwhile', () => {
  const failures = [160, 90, 20].map((minutes) => anEvidence('rotation-failed', minutes * MINUTE));
  const createdAt = { [PENDING]: later(NOW, -3 * HOUR) };
  const failing = judgeLook(fresh, seen(stuck(), createdAt), context(NOW, { evidence: failures })).state;
  expect(openCodes(failing)).toEqual(['rotation-will-not-heal']);
  const off = judgeLook(failing, seen(aSecret()), context(later(NOW, MINUTE))).state;
  const ended = judgeLook(off, seen(aSecret()), context(later(NOW, 2 * DAY))).state;
  expect(openCodes(ended)).toEqual([]);
  const changes = Array.from({ length: 60 }, (_, index) =>
    anEvidence('secret-changed', -2 * DAY, { id: `change-${index}`, operation: 'UpdateSecret' }),
  );
  const changed = judgeLook(
    ended,
    seen(aSecret()),
    context(later(NOW, 2 * DAY), { evidence: changes }),
  ).state;
  const back = judgeLook(changed, seen(stuck(), createdAt), context(later(NOW, 3 * DAY)));
  expect(openCodes(back.state)).toEqual(['rotation-will-not-heal']);
  expect(back.findings[0]?.what).toContain('failed 3 times over 2 h 20 min');
});

test('failures of an unreadable version id that come late, after a flood of changes, all count', () => {
  const changes = Array.from({ length: 60 }, (_, index) =>
    anEvidence('secret-changed', 0, { id: `change-${index}`, operation: 'UpdateSecret' }),
  );
  const late = [160, 90, 20].map((minutes): Evidence => {
    const { versionId: _unreadable, ...fact } = anEvidence('rotation-failed', minutes * MINUTE);
    return fact;
  });
  const look = seen(stuck(), { [PENDING]: later(NOW, -3 * HOUR) });
  const changed = judgeLook(fresh, look, context(NOW, { evidence: changes })).state;
  const { state } = judgeLook(changed, look, context(later(NOW, MINUTE), { evidence: late }));
  expect(openCodes(state)).toEqual(['rotation-will-not-heal']);
});

test.each<[string, Evidence[]]>([
  ['no attempt', []],
  ['the next attempt', [anEvidence('rotation-started', 20 * SECOND)]],
])('a failure of hours before its version was seen leaves it its grace when %s is known', (_, attempt) => {
  const failed = anEvidence('rotation-failed', 32 * HOUR);
  const { state } = judgeLook(
    fresh,
    seen(aSecret()),
    context(later(NOW, -32 * HOUR), { evidence: [failed] }),
  );
  const first = judgeLook(state, seen(stuck()), context(NOW, { evidence: attempt })).state;
  expect(openCodes(first)).toEqual([]);
  const late = judgeLook(first, seen(stuck()), context(later(NOW, 16 * MINUTE))).state;
  expect(openCodes(late)).toEqual(['rotation-failed']);
});

test('of versions that are neither pending nor lost nor named the eight newest are remembered', () => {
  const ids = Array.from({ length: 12 }, (_, index) => `terraform-202601220458486892000000${10 + index}`);
  const after = ids.reduce((state, versionId, index) => {
    const at = later(NOW, index * 3 * DAY);
    const pending = stuck({ versionStages: { [CURRENT]: ['AWSCURRENT'], [versionId]: ['AWSPENDING'] } });
    const failed = anEvidence('rotation-failed', 0, { id: versionId, versionId, at });
    const failing = judgeLook(state, seen(pending), context(at, { evidence: [failed] })).state;
    return judgeLook(failing, seen(aSecret()), context(later(at, MINUTE))).state;
  }, fresh);
  const { progress } = judgeLook(after, seen(aSecret()), context(later(NOW, 60 * DAY))).state;
  expect(progress?.map(({ versionId }) => versionId)).toEqual(ids.slice(-8));
});

test('a version that loses AWSPENDING before setSecret resolves its alert', () => {
  expect(openCodes(judgeLook(opened(), seen(aSecret()), context(later(NOW, MINUTE))).state)).toEqual([]);
});

test('a version that turned AWSPREVIOUS unseen did not vanish', () => {
  const turned = aSecret({ versionStages: { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['AWSPREVIOUS'] } });
  const { state } = judgeLook(opened(), seen(turned), context(later(NOW, MINUTE)));
  expect(state.evidence).toEqual([]);
});

test('a deleted secret closes what was open and says so', () => {
  const deleted = stuck({ deletedAt: NOW, rotationEnabled: false });
  const { state } = judgeLook(opened(), seen(deleted), context(later(NOW, MINUTE)));
  expect(openCodes(state)).toEqual([]);
  expect(state.outbox.at(-1)?.resolution?.endedBy).toContain('scheduled for deletion');
});

test('a secret that is gone closes after two sweeps without it, not after one', () => {
  const once = judgeLook(opened(), { kind: 'gone', listed: false }, context(later(NOW, 5 * MINUTE))).state;
  const twice = judgeLook(once, { kind: 'gone', listed: false }, context(later(NOW, 10 * MINUTE))).state;
  expect(openCodes(once)).toEqual(['stuck-pending']);
  expect(openCodes(twice)).toEqual([]);
});

test('a secret the list still has is not taken for gone', () => {
  let state = opened();
  for (let sweep = 1; sweep < 5; sweep++) {
    state = judgeLook(state, { kind: 'gone', listed: true }, context(later(NOW, sweep * MINUTE))).state;
  }
  expect(openCodes(state)).toEqual(['stuck-pending']);
});

const failed = (given: Partial<Extract<Look, { kind: 'failed' }>> = {}): Look => ({
  kind: 'failed',
  secret: aSecret(),
  reason: 'denied',
  conclusive: true,
  ofTarget: false,
  ...given,
});

test('a denied look makes the secret unverifiable at once, a throttled one after three in a row', () => {
  expect(openCodes(judgeLook(fresh, failed(), context(NOW)).state)).toEqual(['unverifiable']);
  const throttled = failed({ reason: 'throttled', conclusive: false });
  let state = fresh;
  const codes = [1, 2, 3].map((sweep) => {
    state = judgeLook(state, throttled, context(later(NOW, sweep * MINUTE))).state;
    return openCodes(state);
  });
  expect(codes).toEqual([[], [], ['unverifiable']]);
});

test('the list shows whom a secret belongs to that cannot be looked at, and whether it is silenced', () => {
  const tags = { 'rotation-monitor:owner': 'payments' };
  const owned = judgeLook(fresh, failed({ secret: aSecret({ tags }) }), context(NOW)).state;
  expect(owned.outbox).toMatchObject([{ code: 'unverifiable', owner: 'payments' }]);
  const silence = {
    'rotation-monitor:silence-until': '2026-11-30',
    'rotation-monitor:silence-reason': 'migration',
  };
  const quiet = judgeLook(fresh, failed({ secret: stuck({ tags: silence }) }), context(NOW)).state;
  const late = judgeLook(
    quiet,
    failed({ secret: stuck({ tags: silence }) }),
    context(later(NOW, 2 * HOUR)),
  ).state;
  expect(late.outbox.map(({ transition, code }) => [transition, code])).toEqual([
    ['silenced', 'unverifiable'],
    ['silenced', 'stuck-pending'],
  ]);
});

test('a failed look without the list is repeated by the next sweep, which has it', () => {
  const { state, findings } = judgeLook(fresh, failed({ secret: undefined }), context(NOW));
  expect(findings).toEqual([]);
  expect(isWatched(state)).toBe(true);
  const swept = judgeLook(state, failed(), context(later(NOW, 5 * MINUTE))).state;
  expect(openCodes(swept)).toEqual(['unverifiable']);
  expect(isWatched(judgeLook(state, seen(aSecret()), context(later(NOW, 5 * MINUTE))).state)).toBe(false);
});

test('a look that failed because the account cannot be reached says nothing about the secret, but keeps its facts', () => {
  const unreachable = failed({ secret: undefined, ofTarget: true });
  const evidence = [anEvidence('rotation-failed', MINUTE)];
  const { state, findings } = judgeLook(fresh, unreachable, context(NOW, { evidence }));
  expect(findings).toEqual([]);
  expect(state).toEqual({ ...fresh, evidence, progress: allProgress({ evidence }) });
  expect(openCodes(judgeLook(opened(), unreachable, context(NOW)).state)).toEqual(['stuck-pending']);
});

test('a look that works again resolves unverifiable', () => {
  const blind = judgeLook(fresh, failed(), context(NOW)).state;
  const { state } = judgeLook(blind, seen(aSecret()), context(later(NOW, MINUTE)));
  expect(openCodes(state)).toEqual([]);
  expect(state.trouble).toBeUndefined();
});

test('a failed look closes nothing', () => {
  const { state } = judgeLook(opened(), failed(), context(later(NOW, MINUTE)));
  expect(openCodes(state)).toEqual(['stuck-pending']);
});

test('a pending version seen only in lists is reported, unconfirmed, ten minutes past its threshold', () => {
  const blind = failed({ secret: stuck(), reason: 'throttled', conclusive: false });
  const first = judgeLook(fresh, blind, context(NOW)).state;
  const early = judgeLook(first, blind, context(later(NOW, 70 * MINUTE)));
  const late = judgeLook(first, blind, context(later(NOW, 70 * MINUTE + 1)));
  expect(openCodes(early.state)).toEqual([]);
  expect(openCodes(late.state)).toEqual(['stuck-pending']);
  expect(late.findings[0]?.why[0]).toContain('Unconfirmed');
});

const splitAt = (ms: number) => ({
  ...anEvidence('rotation-failed', 0, { step: 'testSecret' }),
  at: later(NOW, ms),
});

test('a failure that an event reports is reported, unconfirmed, where the secret may not be looked at', () => {
  const blind = failed({ secret: stuck() });
  const first = judgeLook(
    fresh,
    failed({ secret: undefined }),
    context(NOW, { evidence: [splitAt(0)] }),
  ).state;
  const swept = judgeLook(first, blind, context(later(NOW, 2 * MINUTE))).state;
  const early = judgeLook(swept, blind, context(later(NOW, 12 * MINUTE))).state;
  expect(openCodes(early)).toEqual(['unverifiable']);
  const late = judgeLook(early, blind, context(later(NOW, 12 * MINUTE + 1))).state;
  expect(late.outbox.at(-1)).toMatchObject({ code: 'rotation-failed', severity: 'CRITICAL' });
  expect(late.outbox.at(-1)?.finding.why[0]).toContain('Unconfirmed');
  const healed = anEvidence('rotation-succeeded', -5 * MINUTE);
  const fine = judgeLook(early, blind, context(later(NOW, 20 * MINUTE), { evidence: [healed] })).state;
  expect(openCodes(fine)).toEqual(['unverifiable']);
});

test('an alert that is open goes on where the secret may no longer be looked at', () => {
  const seenAt = later(NOW, 3 * MINUTE);
  const given = context(seenAt, { evidence: [splitAt(0)] });
  let state = judgeLook(fresh, seen(stuck(), { [PENDING]: NOW }), given).state;
  for (const minutes of [10, 34, 60, 275]) {
    state = judgeLook(state, failed({ secret: stuck() }), context(later(NOW, minutes * MINUTE))).state;
  }
  expect(state.outbox.map(({ transition, severity }) => [transition, severity])).toEqual([
    ['opened', 'CRITICAL'],
    ['escalated', 'CRITICAL'],
    ['repeated', 'CRITICAL'],
  ]);
  const healed = { ...anEvidence('rotation-succeeded', 0), at: later(NOW, 500 * MINUTE) };
  const afterwards = context(later(NOW, 600 * MINUTE), { evidence: [healed] });
  expect(judgeLook(state, failed({ secret: stuck() }), afterwards).state.outbox).toEqual(state.outbox);
  const hidden = judgeLook(state, failed({ secret: aSecret() }), context(later(NOW, 600 * MINUTE))).state;
  expect(hidden.outbox).toEqual(state.outbox);
  expect(openCodes(hidden)).toHaveLength(1);
});

test.each([
  ['shows no pending version', {}],
  ['shows it on AWSCURRENT', { versionStages: { [PENDING]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] } }],
])('a version remembered as pending is not reported as stuck when the list %s', (_what, listed) => {
  const blind = (secret: Secret) => failed({ secret, reason: 'throttled', conclusive: false });
  const first = judgeLook(fresh, blind(stuck()), context(NOW)).state;
  const late = judgeLook(first, blind(aSecret(listed)), context(later(NOW, 2 * HOUR)));
  expect(openCodes(late.state)).toEqual([]);
});

test.each([
  ['had failed before the version was seen', 2 * HOUR, undefined],
  ['fails after it was seen', -MINUTE, later(NOW, -3 * HOUR)],
])('the start of a rotation that %s shows its age or does not', (_what, failedAgoMs, startedAt) => {
  const started = anEvidence('rotation-started', 3 * HOUR);
  const first = {
    ...context(NOW),
    evidence: [started, ...(failedAgoMs > 0 ? [anEvidence('rotation-failed', failedAgoMs)] : [])],
  };
  const once = judgeLook(fresh, seen(stuck()), first).state;
  const then = { ...context(later(NOW, 2 * MINUTE)), evidence: [anEvidence('rotation-failed', failedAgoMs)] };
  expect(judgeLook(once, seen(stuck()), then).state.pending?.startedAt).toBe(startedAt);
});

test('a stale list does not make a pending version vanish', () => {
  const state = judgeLook(opened(), failed({ secret: aSecret() }), context(later(NOW, MINUTE))).state;
  expect(state.pending?.versionId).toBe(PENDING);
});

test('the same look a second time gives the same and says nothing new', () => {
  const once = opened();
  const twice = judgeLook(once, seen(stuck()), context(NOW)).state;
  expect(tellsTheSame(once, twice)).toBe(true);
  expect(saysNothingNew(once, twice)).toBe(true);
  expect(saysNothingNew(fresh, once)).toBe(false);
});

test('a tag that was not understood is said with the reasons', () => {
  const mistyped = stuck({ tags: { 'rotation-monitor:stuck-after': 'soon' } });
  const { findings } = judgeLook(fresh, seen(mistyped, { [PENDING]: later(NOW, -2 * HOUR) }), context(NOW));
  expect(findings[0]?.why.at(-1)).toBe(
    'Its tag rotation-monitor:stuck-after is ignored: it must be a duration from 1m to 7d such as 30m.',
  );
});

test('a version that was given up is settled by a rotation, also once AWS hides the date because rotation is off', () => {
  const failed = anEvidence('rotation-failed', HOUR, { step: 'setSecret' });
  const vanished = anEvidence('pending-vanished', MINUTE);
  const rotated = aSecret({ lastRotatedAt: NOW });
  const given = { ...fresh, evidence: [failed, vanished] };
  const settled = judgeLook(given, seen(rotated), context(later(NOW, MINUTE))).state;
  const off = aSecret({ rotationEnabled: false, lastRotatedAt: undefined, nextRotationAt: undefined });
  expect(openCodes(judgeLook(settled, seen(off), context(later(NOW, HOUR))).state)).toEqual([]);
});

test('the date of a rotation is remembered only where something was given up before, and once', () => {
  expect(judgeLook(fresh, seen(aSecret({ lastRotatedAt: NOW })), context(NOW)).state.evidence).toEqual([]);
  const given = { ...fresh, evidence: [anEvidence('pending-vanished', MINUTE)] };
  const once = judgeLook(given, seen(aSecret({ lastRotatedAt: NOW })), context(NOW)).state;
  expect(once.evidence.map(({ kind }) => kind)).toEqual(['pending-vanished', 'rotation-succeeded']);
  expect(judgeLook(once, seen(aSecret({ lastRotatedAt: NOW })), context(NOW)).state).toEqual(once);
});

test('a second version that is given up does not resolve the first: both are over with the next rotation', () => {
  const evidence = [
    anEvidence('rotation-failed', 3 * HOUR, { step: 'testSecret', versionId: LOST }),
    anEvidence('pending-vanished', 2 * HOUR, { versionId: LOST }),
  ];
  const first = judgeLook({ ...fresh, evidence }, seen(aSecret()), context(later(NOW, -HOUR))).state;
  expect(openCodes(first)).toEqual(['pending-abandoned']);
  const again = [
    anEvidence('rotation-failed', 4 * MINUTE, { step: 'setSecret' }),
    anEvidence('pending-vanished', 3 * MINUTE),
  ];
  const second = judgeLook(first, seen(aSecret()), context(NOW, { evidence: again })).state;
  expect(openCodes(second)).toEqual(['pending-abandoned', 'pending-abandoned']);
  expect(second.outbox.map(({ transition }) => transition)).toEqual(['opened', 'opened']);
  const rotated = aSecret({ lastRotatedAt: later(NOW, MINUTE) });
  expect(openCodes(judgeLook(second, seen(rotated), context(later(NOW, HOUR))).state)).toEqual([]);
});

test('a version that was given up and became AWSCURRENT after all is not lost when its last stage goes', () => {
  const evidence = [
    anEvidence('rotation-failed', 3 * HOUR, { step: 'testSecret' }),
    anEvidence('pending-vanished', 2 * HOUR),
  ];
  const given = judgeLook({ ...fresh, evidence }, seen(aSecret()), context(later(NOW, -HOUR))).state;
  expect(openCodes(given)).toEqual(['pending-abandoned']);
  const promoted = aSecret({ versionStages: { [CURRENT]: ['AWSPREVIOUS'], [PENDING]: ['AWSCURRENT'] } });
  const settled = judgeLook(given, seen(promoted), context(NOW)).state;
  expect(openCodes(settled)).toEqual([]);
  expect(judgeLook(settled, seen(promoted), context(NOW)).state).toEqual(settled);
  const replaced = aSecret({ versionStages: { [LOST]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] } });
  expect(openCodes(judgeLook(settled, seen(replaced), context(later(NOW, DAY))).state)).toEqual([]);
});

test('a failure without an id from before the version was created is none of it, also at first sight', () => {
  const { versionId: _, ...old } = anEvidence('rotation-failed', 4 * DAY, { step: 'testSecret' });
  const own = anEvidence('rotation-failed', MINUTE, { step: 'setSecret' });
  const look = seen(stuck(), { [PENDING]: later(NOW, -2 * MINUTE) });
  const { state } = judgeLook(fresh, look, context(NOW, { evidence: [old, own] }));
  expect(allProgress(state)).toMatchObject([{ versionId: PENDING, reached: 'setSecret', failures: 1 }]);
  expect(openCodes(state)).toEqual([]);
});

test('a start without an id is of the version created within its second, since events name whole seconds', () => {
  const { versionId: _, ...start } = anEvidence('rotation-started', 10 * MINUTE);
  const first = seen(stuck(), { [PENDING]: later(start.at, 483) });
  const { state } = judgeLook(fresh, first, context(NOW, { evidence: [start] }));
  expect(state.evidence).toMatchObject([{ kind: 'rotation-started', versionId: PENDING }]);
  const promoted = aSecret({ versionStages: { [PENDING]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] } });
  const after = judgeLook(state, seen(promoted), context(later(NOW, HOUR))).state;
  const next = aSecret({ versionStages: { [PENDING]: ['AWSCURRENT'], [LOST]: ['AWSPENDING'] } });
  expect(openCodes(judgeLook(after, seen(next), context(later(NOW, 4 * DAY))).state)).toEqual([]);
});

test('a late event without an id is of the version that its rotation promoted, not of one put by hand since', () => {
  const rotated = aSecret({ lastRotatedAt: later(NOW, -HOUR) });
  const before = judgeLook(fresh, seen(rotated), context(NOW)).state;
  const replaced = aSecret({
    lastRotatedAt: later(NOW, -HOUR),
    versionStages: { [LOST]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] },
  });
  const { versionId: _, ...failure } = anEvidence('rotation-failed', HOUR + MINUTE, { step: 'setSecret' });
  for (const evidence of [[], [failure]]) {
    const first = judgeLook(before, seen(replaced), context(later(NOW, MINUTE), { evidence })).state;
    const late = judgeLook(first, seen(replaced), context(later(NOW, HOUR), { evidence: [failure] })).state;
    expect(late.evidence.find(({ id }) => id === failure.id)?.versionId).toBe(CURRENT);
    expect(openCodes(late)).toEqual(['current-changed-outside-rotation']);
  }
});

test('a rotation that settles a version given up is of the version it promoted, not of one put by hand since', () => {
  const lastRotatedAt = later(NOW, -HOUR);
  const before = judgeLook(fresh, seen(aSecret({ lastRotatedAt })), context(NOW)).state;
  const versionStages = { [LOST]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] };
  const replaced = seen(aSecret({ lastRotatedAt, versionStages }));
  const first = judgeLook(before, replaced, context(later(NOW, MINUTE))).state;
  const evidence = [
    anEvidence('rotation-failed', 3 * HOUR, { step: 'testSecret' }),
    anEvidence('pending-vanished', 2 * HOUR),
  ];
  const late = judgeLook(first, replaced, context(later(NOW, HOUR), { evidence })).state;
  expect(late.evidence.find(({ kind }) => kind === 'rotation-succeeded')?.versionId).toBe(CURRENT);
  expect(openCodes(late)).toEqual(['current-changed-outside-rotation']);
});

test('a state stays within an item though every night another version is lost and nobody takes a notification', () => {
  const secret = named(`prod/${'orders'.repeat(80)}`, { lastRotatedAt: later(NOW, -DAY) });
  let state = freshState(secret.arn, secret.name, TARGET);
  const look = (at: Instant, evidence: readonly Evidence[], versionStages: Secret['versionStages']) => {
    ({ state } = judgeLook(
      state,
      seen({ ...secret, versionStages }),
      context(at, { evidence, eventsArrive: true }),
    ));
  };
  for (let night = 0; night < 60; night++) {
    const versionId = `terraform-${night}-`.padEnd(64, '7');
    const startsAt = later(NOW, night * DAY);
    const failed = anEvidence('rotation-failed', 0, {
      id: versionId,
      at: startsAt,
      versionId,
      step: 'testSecret',
    });
    const pending = { [CURRENT]: ['AWSCURRENT'], [versionId]: ['AWSPENDING'] };
    for (const minutes of [1, 4, 40, 300, 600]) look(later(startsAt, minutes * MINUTE), [failed], pending);
    for (const minutes of [700, 720, 1000])
      look(later(startsAt, minutes * MINUTE), [], { [CURRENT]: ['AWSCURRENT'] });
    expect(JSON.stringify(state).length, `night ${night}`).toBeLessThan(350_000);
  }
  const waiting = new Set(state.outbox.map(({ fingerprint }) => fingerprint));
  const told = state.alerts.filter(({ toldSeverity }) => toldSeverity !== undefined);
  const open = told.filter(isOpen).map(({ fingerprint }) => fingerprint);
  expect(open.length).toBeGreaterThan(40);
  expect(open.filter((fingerprint) => !waiting.has(fingerprint))).toEqual([]);
  const newest = state.outbox.findLast(({ unsaid }) => unsaid !== true);
  expect(newest?.finding.advice.length).toBeGreaterThan(3);
  expect(state.outbox[0]?.finding.advice).toHaveLength(1);
});
