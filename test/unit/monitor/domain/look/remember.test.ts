import { expect, test } from 'vitest';
import { HOUR, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import { isOpen } from '../../../../../src/monitor/domain/alert/alert.ts';
import { judgeLook } from '../../../../../src/monitor/domain/look/judge-look.ts';
import type { RotationStep } from '../../../../../src/monitor/domain/rotation/rotation-event.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { freshState, type SecretState } from '../../../../../src/monitor/domain/state/secret-state.ts';
import { anEvidence, aSecret, CURRENT, NOW } from '../../../../support/builders.ts';
import { DEFAULTS, TARGET } from '../../../../support/service.ts';

const START = freshState(aSecret().arn, 'prod/orders/db', TARGET);
const idOf = (index: number): string => `version-${String(index).padStart(32, '0')}`;

/** One rotation an hour: its version fails at a step and loses AWSPENDING half an hour later. */
function lostIn(hour: number, step: RotationStep, before: SecretState): SecretState {
  const versionId = idOf(hour);
  const begunAt = later(NOW, hour * HOUR);
  const failure = anEvidence('rotation-failed', NOW - begunAt, { step, versionId, id: `failure-${hour}` });
  const pending = { [CURRENT]: ['AWSCURRENT'], [versionId]: ['AWSPENDING'] };
  const lost = { [CURRENT]: ['AWSCURRENT'] };
  const look = (state: SecretState, minutes: number, versionStages: Secret['versionStages']): SecretState =>
    judgeLook(
      { ...state, outbox: state.outbox.filter(({ unsaid }) => unsaid === true) },
      {
        kind: 'confirmed',
        secret: aSecret({ versionStages, lastRotatedAt: undefined }),
        createdAt: { [versionId]: begunAt },
      },
      {
        now: later(begunAt, minutes * MINUTE),
        evidence: minutes === 0 ? [failure] : [],
        baseline: false,
        eventsArrive: true,
        policyDefaults: DEFAULTS,
        groupWaitMs: 30 * SECOND,
        criticalGroupWaitMs: 5 * SECOND,
        silenceCritical: false,
      },
    ).state;
  return look(look(look(before, 0, pending), 30, lost), 50, lost);
}

const openAbout = ({ alerts }: SecretState): readonly string[] =>
  alerts.filter(isOpen).flatMap(({ pendingVersionId }) => pendingVersionId ?? []);

test('a secret whose versions are lost again and again keeps a bounded record, and each loss is reported', () => {
  let state = START;
  for (let hour = 0; hour < 120; hour++) {
    state = lostIn(hour, 'testSecret', state);
    expect(openAbout(state)).toContain(idOf(hour));
  }
  expect(openAbout(state)).toHaveLength(50);
  expect(JSON.stringify({ ...state, outbox: [] }).length).toBeLessThan(100_000);
});

test('the record of a version that the target may hold outlasts any number of those that it refused', () => {
  let state = lostIn(0, 'testSecret', START);
  for (let hour = 1; hour < 100; hour++) state = lostIn(hour, 'setSecret', state);
  expect(openAbout(state)).toContain(idOf(0));
  expect(openAbout(state)).toContain(idOf(99));
});

test('what is forgotten leaves its group without a message', () => {
  let state = START;
  for (let hour = 0; hour < 52; hour++) state = lostIn(hour, 'testSecret', state);
  const ends = state.outbox.filter(({ transition }) => transition === 'resolved');
  expect(ends.map(({ unsaid, finding }) => [unsaid, finding.pendingVersionId])).toEqual([
    [true, idOf(0)],
    [true, idOf(1)],
  ]);
});
