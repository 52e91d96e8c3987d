import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { currentChangedOutsideRotation } from '../../../../../src/monitor/domain/detect/current-changed-outside-rotation.ts';
import { judge } from '../../../../../src/monitor/domain/detect/judge.ts';
import { judgeLook } from '../../../../../src/monitor/domain/look/judge-look.ts';
import type { OutsideMove } from '../../../../../src/monitor/domain/rotation/current-sight.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { freshState, type SecretState } from '../../../../../src/monitor/domain/state/secret-state.ts';
import {
  anEvidence,
  aPending,
  aPolicy,
  aSecret,
  CURRENT,
  facts,
  NOW,
  PENDING,
  PREVIOUS,
} from '../../../../support/builders.ts';
import { DEFAULTS, TARGET } from '../../../../support/service.ts';

const OTHER = 'terraform-20260122045848689200000001';

const current = (given: Partial<OutsideMove> = {}) => ({
  versionId: CURRENT,
  seenAt: later(NOW, -HOUR),
  rotated: PREVIOUS,
  earlier: [PREVIOUS],
  outside: {
    kind: 'replaced' as const,
    from: PREVIOUS,
    to: CURRENT,
    seenAt: later(NOW, -HOUR),
    ...given,
  },
});

test('a replaced value is reported 15 minutes after it was seen, and not at that very instant', () => {
  const seen = (ms: number) => facts({ current: current({ seenAt: later(NOW, -ms) }) });
  expect(currentChangedOutsideRotation.detect(seen(15 * MINUTE), NOW)).toBe('clear');
  expect(currentChangedOutsideRotation.detect(seen(15 * MINUTE + 1), NOW)).toMatchObject({
    code: 'current-changed-outside-rotation',
    severity: 'LOW',
    pendingVersionId: undefined,
  });
});

test('it says who did it and when, where an event shows it', () => {
  const by = { at: later(NOW, -2 * HOUR), actor: 'arn:aws:iam::111122223333:user/alex' };
  expect(currentChangedOutsideRotation.detect(facts({ current: current({ by }) }), NOW)).toMatchObject({
    since: by.at,
    what: `The value in use was replaced by version ${CURRENT} by arn:aws:iam::111122223333:user/alex at 2026-11-21T08:00:00Z, outside a rotation.`,
  });
});

test('a value that was put after a move back stays HIGH, and is said to be a new one', () => {
  const given = facts({ current: current({ kind: 'moved-back', last: 'replaced' }) });
  expect(currentChangedOutsideRotation.detect(given, NOW)).toMatchObject({
    severity: 'HIGH',
    what: expect.stringMatching(
      /^The value in use was replaced by .*, after AWSCURRENT had been moved back\.$/,
    ),
  });
});

test('nothing is said of a move while rotation is off for a moment', () => {
  const given = { current: current({ whileOff: true }), secret: { rotationEnabled: false } };
  expect(currentChangedOutsideRotation.detect(facts(given), NOW)).toBe('clear');
  expect(currentChangedOutsideRotation.detect(facts({ ...given, secret: {} }), NOW)).toMatchObject({
    severity: 'LOW',
  });
});

test('a move back to an earlier version is HIGH', () => {
  const given = facts({ current: current({ kind: 'moved-back' }) });
  expect(currentChangedOutsideRotation.detect(given, NOW)).toMatchObject({
    severity: 'HIGH',
    what: expect.stringContaining(`AWSCURRENT was moved back to version ${CURRENT}`),
  });
});

test('it does not apply without such a move', () => {
  expect(currentChangedOutsideRotation.detect(facts(), NOW)).toBe('not-applicable');
  const { outside: _, ...settled } = current();
  expect(currentChangedOutsideRotation.detect(facts({ current: settled }), NOW)).toBe('not-applicable');
});

test.each<[string, number, readonly string[]]>([
  ['before the value was changed says nothing of it', 40, ['MEDIUM']],
  ['after it was changed says that the target refuses it', 20, ['CRITICAL']],
])('a failure at setSecret %s', (_case, failedAgo, severities) => {
  const change = { operation: 'PutSecretValue', makesCurrent: true, versionId: OTHER };
  const evidence = [
    anEvidence('rotation-failed', failedAgo * MINUTE, { step: 'setSecret' }),
    anEvidence('secret-changed', 30 * MINUTE, { ...change, actor: 'alex' }),
  ];
  const before = { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['AWSPENDING'] };
  const after = { [OTHER]: ['AWSCURRENT'], [PENDING]: ['AWSPENDING'], [CURRENT]: ['AWSPREVIOUS'] };
  const look = (state: SecretState, agoMin: number, versionStages: Secret['versionStages']) =>
    judgeLook(
      state,
      {
        kind: 'confirmed',
        secret: aSecret({ versionStages }),
        createdAt: { [PENDING]: later(NOW, -50 * MINUTE) },
      },
      {
        now: later(NOW, -agoMin * MINUTE),
        evidence: evidence.filter(({ at }) => at <= later(NOW, -agoMin * MINUTE)),
        policyDefaults: DEFAULTS,
        eventsArrive: true,
        baseline: false,
        groupWaitMs: 0,
        criticalGroupWaitMs: 0,
        silenceCritical: false,
      },
    );
  const first = look(freshState(aSecret().arn, 'prod/orders/db', TARGET), 45, before);
  const { findings } = look(look(first.state, 30, after).state, 0, after);
  const about = findings.filter(({ pendingVersionId }) => pendingVersionId === PENDING);
  expect([...new Set(about.map(({ severity }) => severity))]).toEqual(severities);
});

test('a changed value that was refused at setSecret is dead: what speaks for the pending version is CRITICAL', () => {
  const progress = [
    { versionId: PENDING, failures: 1, reached: 'setSecret' as const, refusedAt: later(NOW, -HOUR) },
  ];
  const evidence = [anEvidence('rotation-failed', 20 * MINUTE, { step: 'setSecret' })];
  const pending = aPending(30 * MINUTE);
  const severity = (given: Parameters<typeof facts>[0]) =>
    judge(facts({ pending, evidence, ...given }), NOW)[0]?.severity;
  expect(severity({})).toBe('MEDIUM');
  expect(severity({ progress })).toBe('CRITICAL');
  expect(severity({ progress, policy: aPolicy({ strategy: 'alternating-users' }) })).toBe('MEDIUM');
});
