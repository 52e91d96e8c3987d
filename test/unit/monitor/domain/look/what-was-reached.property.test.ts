import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR, type Instant, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import { type Alert, isOpen } from '../../../../../src/monitor/domain/alert/alert.ts';
import { type ExplainedFinding, rankOf } from '../../../../../src/monitor/domain/finding/finding.ts';
import { judgeLook } from '../../../../../src/monitor/domain/look/judge-look.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import { allProgress } from '../../../../../src/monitor/domain/rotation/progress.ts';
import { ROTATION_STEPS } from '../../../../../src/monitor/domain/rotation/rotation-event.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { freshState, type SecretState } from '../../../../../src/monitor/domain/state/secret-state.ts';
import { anEvidence, aSecret, CURRENT, NOW, PENDING, PREVIOUS } from '../../../../support/builders.ts';
import { DEFAULTS, TARGET } from '../../../../support/service.ts';

/** One thing that happens; none of them proves that the pending version is good. */
type Happening =
  | { readonly kind: 'fact'; readonly sort: Evidence; readonly agoMs: number; readonly times: number }
  | { readonly kind: 'stages'; readonly stages: Secret['versionStages'] }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'events'; readonly arrive: boolean };

const OTHER = 'terraform-20260122045848689200000001';
const base = { id: '', at: NOW };

const failure = fc
  .record({
    step: fc.option(fc.constantFrom(...ROTATION_STEPS), { nil: undefined }),
    versionId: fc.constantFrom(PENDING, PENDING, undefined, PREVIOUS),
  })
  .map(
    ({ step, versionId }): Evidence => ({
      ...base,
      kind: 'rotation-failed',
      ...(step && { step }),
      ...(versionId && { versionId }),
    }),
  );
const start = fc
  .constantFrom(PENDING, undefined)
  .map((versionId): Evidence => ({ ...base, kind: 'rotation-started', ...(versionId && { versionId }) }));
const change = fc
  .record({
    operation: fc.constantFrom('UpdateSecret', 'PutSecretValue', 'UpdateSecretVersionStage', 'RotateSecret'),
    versionId: fc.constantFrom(undefined, OTHER, CURRENT),
    makesPending: fc.boolean(),
  })
  .map(
    ({ operation, versionId, makesPending }): Evidence => ({
      ...base,
      kind: 'secret-changed',
      operation,
      ...(versionId && { versionId }),
      ...(makesPending && operation === 'PutSecretValue' && { makesPending }),
    }),
  );
/**
 * A RotateSecret that names a version says that the version is a rotation's own, and so does a value that is put as
 * AWSPENDING: those are no mere changes.
 */
const mereChange = change
  .filter(({ operation, versionId }) => operation !== 'RotateSecret' || versionId === undefined)
  .map(({ makesPending: _, ...fact }): Evidence => fact);
/** Another version became AWSCURRENT by a rotation, and the one that was pending may still get its label back. */
const laterSuccess = fc.integer({ min: 0, max: 30 * MINUTE }).map(
  (agoMs): Happening => ({
    kind: 'fact',
    sort: { ...base, kind: 'rotation-succeeded', versionId: CURRENT },
    agoMs,
    times: 1,
  }),
);
const earlierSuccess = fc.constant<Evidence>({ ...base, kind: 'rotation-succeeded', versionId: CURRENT });

/** A fact that comes late or twice; successes are those of rotations before. */
const fact = fc.oneof(
  fc.record({
    kind: fc.constant('fact' as const),
    sort: fc.oneof({ arbitrary: failure, weight: 3 }, start, change),
    agoMs: fc.integer({ min: 0, max: 30 * MINUTE }),
    times: fc.constantFrom(1, 1, 1, 60),
  }),
  fc.record({
    kind: fc.constant('fact' as const),
    sort: earlierSuccess,
    agoMs: fc.integer({ min: 20 * 24 * HOUR, max: 30 * 24 * HOUR }),
    times: fc.constant(1),
  }),
);

/** Labels of other versions move; the pending one stays pending. */
const stages = fc
  .constantFrom<Secret['versionStages']>(
    { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['AWSPENDING'] },
    { [CURRENT]: ['AWSCURRENT'], [PREVIOUS]: ['AWSPREVIOUS'], [PENDING]: ['AWSPENDING'] },
    { [PREVIOUS]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'], [PENDING]: ['AWSPENDING', 'keep'] },
    { [OTHER]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'], [PENDING]: ['AWSPENDING'] },
  )
  .map((given): Happening => ({ kind: 'stages', stages: given }));
/** The label of the pending version itself goes, which proves nothing. */
const labelGone = fc
  .constantFrom<Secret['versionStages']>(
    { [CURRENT]: ['AWSCURRENT'] },
    { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['rotation-rescue'] },
    { [OTHER]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] },
    { [CURRENT]: ['AWSCURRENT'], [OTHER]: ['AWSPENDING'] },
  )
  .map((given): Happening => ({ kind: 'stages', stages: given }));
const time = fc.integer({ min: SECOND, max: 5 * HOUR }).map((ms): Happening => ({ kind: 'time', ms }));
const events = fc.boolean().map((arrive): Happening => ({ kind: 'events', arrive }));

interface Scene {
  readonly now: Instant;
  readonly secret: Secret;
  readonly eventsArrive: boolean;
  readonly state: SecretState;
  readonly findings: readonly ExplainedFinding[];
}

const scene = (): Scene => ({
  now: NOW,
  secret: aSecret({
    lastRotatedAt: later(NOW, -19 * 24 * HOUR),
    versionStages: { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['AWSPENDING'] },
  }),
  eventsArrive: true,
  state: freshState(aSecret().arn, 'prod/orders/db', TARGET),
  findings: [],
});

let made = 0;
function happened(given: Scene, happening: Happening): Scene {
  switch (happening.kind) {
    case 'time':
      return judged({ ...given, now: later(given.now, happening.ms) }, []);
    case 'events':
      return judged({ ...given, eventsArrive: happening.arrive }, []);
    case 'stages':
      return judged({ ...given, secret: { ...given.secret, versionStages: happening.stages } }, []);
    case 'fact': {
      const at = later(given.now, -happening.agoMs);
      const facts = Array.from({ length: happening.times }, () => {
        made += 1;
        return { ...happening.sort, id: `fact-${made}`, at };
      });
      return judged(given, facts);
    }
  }
}

function judged(given: Scene, evidence: readonly Evidence[]): Scene {
  const { now, secret, eventsArrive } = given;
  const createdAt = { [PENDING]: later(NOW, -HOUR) };
  const { state, findings } = judgeLook(
    given.state,
    { kind: 'confirmed', secret, createdAt },
    {
      now,
      evidence,
      baseline: false,
      eventsArrive,
      policyDefaults: DEFAULTS,
      groupWaitMs: 30 * SECOND,
      criticalGroupWaitMs: 5 * SECOND,
      silenceCritical: false,
    },
  );
  return { ...given, state, findings };
}

const alertAbout = ({ state }: Scene): Alert | undefined =>
  state.alerts.find((alert) => isOpen(alert) && alert.pendingVersionId === PENDING);
const rank = (alert: Alert | undefined): number => (alert === undefined ? -1 : rankOf(alert.severity));

test('while a version stays pending, nothing but a proof makes what speaks for it milder', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fact, fact, stages, time, events), { maxLength: 25 }), (happenings) => {
      let at = judged(scene(), []);
      for (const happening of happenings) {
        const before = rank(alertAbout(at));
        at = happened(at, happening);
        expect(rank(alertAbout(at))).toBeGreaterThanOrEqual(before);
      }
    }),
  );
});

test('once reported as CRITICAL a version stays so, also without its label, until it is proven good', () => {
  const beyond = anEvidence('rotation-failed', 10 * MINUTE, { step: 'testSecret' });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fact, fact, stages, labelGone, time, events), { maxLength: 25 }),
      (happenings) => {
        let at = judged(scene(), [beyond]);
        expect(alertAbout(at)).toMatchObject({ severity: 'CRITICAL' });
        for (const happening of happenings) {
          at = happened(at, happening);
          expect(alertAbout(at)).toMatchObject({ severity: 'CRITICAL' });
        }
        const ends = at.state.outbox.filter(({ transition }) => transition === 'resolved');
        expect(ends.some(({ finding }) => finding.pendingVersionId === PENDING)).toBe(false);
      },
    ),
  );
});

test('a later rotation ends what was reported as CRITICAL', () => {
  const beyond = anEvidence('rotation-failed', 10 * MINUTE, { step: 'testSecret' });
  const told = judged(scene(), [beyond]);
  const gone = happened(told, { kind: 'stages', stages: { [CURRENT]: ['AWSCURRENT'] } });
  const rotated = {
    ...gone,
    now: later(NOW, 3 * HOUR),
    secret: { ...gone.secret, lastRotatedAt: later(NOW, 2 * HOUR) },
  };
  expect(alertAbout(judged(rotated, []))).toBeUndefined();
});

test('any number of changes of a secret changes no verdict about its versions', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fact, stages, labelGone, laterSuccess, time), { maxLength: 12 }),
      fc.array(fc.record({ sort: mereChange, after: fc.nat({ max: 11 }) }), { maxLength: 5 }),
      (happenings, floods) => {
        let plain = judged(scene(), []);
        let flooded = plain;
        happenings.forEach((happening, index) => {
          plain = happened(plain, happening);
          flooded = happened(flooded, happening);
          for (const { sort } of floods.filter(({ after }) => after === index)) {
            flooded = happened(flooded, { kind: 'fact', sort, agoMs: 0, times: 60 });
          }
          const told = ({ state }: Scene) =>
            state.alerts
              .filter((alert) => isOpen(alert) && alert.pendingVersionId !== undefined)
              .map(({ fingerprint, code, severity }) => [fingerprint, code, severity]);
          expect(told(flooded)).toEqual(told(plain));
          expect(risks(flooded)).toEqual(risks(plain));
        });
      },
    ),
  );
});

const risks = ({ findings }: Scene) =>
  findings.map(({ code, credentialInUse, advice }) => ({ code, credentialInUse, advice }));
type Ago = Partial<Evidence> & { readonly ago: number };
/** The risks after facts that came so many minutes ago, and after the same with a flood behind one of them. */
function withAndWithoutFlood(facts: readonly Ago[], { behind, flood }: { behind: number; flood: Evidence }) {
  const arrived = (given: Scene, each: Ago): Scene =>
    happened(given, { kind: 'fact', sort: failed(each), agoMs: each.ago * MINUTE, times: 1 });
  const plain = facts.reduce(arrived, judged(scene(), []));
  const begun = facts.slice(0, behind).reduce(arrived, judged(scene(), []));
  const flooded = happened(begun, { kind: 'fact', sort: flood, agoMs: 0, times: 60 });
  return { plain: risks(plain), flooded: risks(facts.slice(behind).reduce(arrived, flooded)) };
}
const failed = ({ ago: _, ...given }: Ago): Evidence => ({
  ...base,
  kind: 'rotation-failed',
  versionId: PENDING,
  ...given,
});

test('a failure that names no step keeps the credential in use unknown, whatever floods it out of memory', () => {
  const create = { step: 'createSecret' as const };
  const flood: Evidence = { ...base, kind: 'secret-changed', operation: 'UpdateSecret' };
  const facts = [{ ago: 50 }, { ...create, ago: 40 }, { ...create, ago: 30 }];
  const { plain, flooded } = withAndWithoutFlood(facts, { behind: 3, flood });
  expect(plain).toMatchObject([{ code: 'rotation-failed', credentialInUse: 'unknown' }]);
  expect(flooded).toEqual(plain);
});

test('a value put in use says nothing of the version that is pending', () => {
  const put: Evidence = { ...base, kind: 'secret-changed', operation: 'PutSecretValue', makesCurrent: true };
  const facts = [{ step: 'createSecret' as const, ago: 30 }];
  const { plain, flooded } = withAndWithoutFlood(facts, { behind: 1, flood: put });
  expect(plain).toMatchObject([{ code: 'rotation-failed', credentialInUse: 'good' }]);
  expect(flooded.filter(({ code }) => code !== 'current-changed-outside-rotation')).toEqual(plain);
});

test('a value put before the first failure keeps the credential in use unknown, whatever floods it out of memory', () => {
  const put = { kind: 'secret-changed', operation: 'PutSecretValue', ago: 50 } as const;
  const flood: Evidence = { ...base, kind: 'secret-changed', operation: 'PutSecretValue', versionId: OTHER };
  const { plain, flooded } = withAndWithoutFlood([put, { step: 'createSecret', ago: 30 }], {
    behind: 1,
    flood,
  });
  expect(plain).toMatchObject([{ code: 'rotation-failed', credentialInUse: 'unknown' }]);
  expect(flooded).toEqual(plain);
});

test('failures of another version push nothing out of memory that the pending one has failed at', () => {
  const flood: Evidence = { ...base, kind: 'secret-changed', operation: 'UpdateSecret' };
  const other = { versionId: PREVIOUS };
  const facts = [
    { ...other, ago: 50 },
    { step: 'createSecret' as const, ago: 40 },
    { ...other, ago: 30 },
    { ...other, ago: 20 },
  ];
  const { plain, flooded } = withAndWithoutFlood(facts, { behind: 3, flood });
  expect(plain).toMatchObject([{ code: 'rotation-failed', credentialInUse: 'good' }]);
  expect(flooded).toEqual(plain);
});

test('an attempt that began after a failure is remembered, also where the failure arrives last', () => {
  const flood: Evidence = { ...base, kind: 'secret-changed', operation: 'UpdateSecret' };
  const other = { kind: 'rotation-started', versionId: OTHER } as const;
  const facts = [
    { kind: 'rotation-started' as const, ago: 40 },
    { ...other, ago: 30 },
    { ...other, ago: 20 },
    { step: 'createSecret' as const, ago: 50 },
  ];
  const { plain, flooded } = withAndWithoutFlood(facts, { behind: 3, flood });
  expect(plain).toMatchObject([{ code: 'rotation-failed', credentialInUse: 'unknown' }]);
  expect(flooded).toEqual(plain);
});

test('what versions have reached is the same in whatever order and however often its facts arrive', () => {
  const facts = fc.array(
    fc
      .oneof(failure, start, change, earlierSuccess)
      .chain((sort) =>
        fc
          .integer({ min: 0, max: HOUR })
          .map((agoMs) => ({ ...sort, id: `${sort.kind}`, at: later(NOW, -agoMs) })),
      ),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(facts, fc.nat({ max: 7 }), (evidence, split) => {
      const atOnce = allProgress({ evidence });
      const first = allProgress({ evidence: evidence.slice(split).toReversed() });
      const both = allProgress({ progress: first, evidence: evidence.slice(0, split) });
      const withoutCounts = (all: typeof atOnce) =>
        all.map((each) => ({ ...each, failures: each.failures > 0 }));
      expect(withoutCounts(both)).toEqual(withoutCounts(atOnce));
    }),
  );
});
