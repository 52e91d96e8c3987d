import { expect, test } from 'vitest';
import { DAY, formatInstant, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { memoryEventHistory } from '../../../../../src/monitor/adapters/memory/memory-event-history.ts';
import {
  lostEvidence,
  type Suspected,
} from '../../../../../src/monitor/application/sweep/find-lost-evidence.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { freshState, type SecretState } from '../../../../../src/monitor/domain/state/secret-state.ts';
import { EventHistoryError } from '../../../../../src/monitor/ports/look/event-history.ts';
import {
  anEvidence,
  aSecret,
  at,
  NOW,
  PENDING,
  PENDING_APART,
  PREVIOUS,
} from '../../../../support/builders.ts';
import { CALLER, type Envelope, rotationFailed } from '../../../../support/events/envelopes.ts';
import { named } from '../../../../support/secrets.ts';
import { aService, TARGET } from '../../../../support/service.ts';

const open = () => {
  const history = memoryEventHistory();
  return { history, service: { ...aService(), history } };
};

const suspect = (
  secret: Secret = aSecret({ versionStages: PENDING_APART }),
  given: Partial<Suspected> = {},
): Suspected => ({ secret, known: undefined, evidence: [], ...given });

const pendingFor = (ageMs: number): SecretState => ({
  ...freshState(aSecret().arn, 'prod/orders/db', TARGET),
  pending: { versionId: PENDING, firstSeenAt: NOW, createdAt: later(NOW, -ageMs) },
});

test.each([
  ['a rotation that has just begun', suspect(), 3],
  ['a rotation that is two days old at most', suspect(undefined, { known: pendingFor(2 * DAY - 1) }), 3],
  ['an older one', suspect(undefined, { known: pendingFor(2 * DAY) }), 0],
  ['a secret without any', suspect(aSecret()), 0],
  [
    'one whose rotation was switched off',
    suspect(aSecret(), { evidence: [anEvidence('rotation-disabled', 0)] }),
    3,
  ],
] as const)('about %s the history is asked as often as it helps', async (_what, about, questions) => {
  const { history, service } = open();
  await lostEvidence(service)(about);
  expect(history.asked).toHaveLength(questions);
});

test('a failure that no event reported is found, with its step and version', async () => {
  const { history, service } = open();
  history.addEnvelope('RotationFailed', later(NOW, -HOUR), rotationFailed('setSecret'));
  expect(await lostEvidence(service)(suspect())).toMatchObject([
    { kind: 'rotation-failed', step: 'setSecret', versionId: PENDING },
  ]);
});

test.each([
  ['its name', aSecret().name],
  ['its ARN', aSecret().arn],
  ['its ARN without the suffix', aSecret().arn.slice(0, -7)],
])('a call that names the secret by %s is found', async (_how, secretId) => {
  const { history, service } = open();
  const envelope = {
    source: 'aws.secretsmanager',
    'detail-type': 'AWS API Call via CloudTrail',
    account: '111122223333',
    region: 'eu-west-1',
    detail: {
      eventID: 'e1',
      eventTime: '2026-11-21T09:30:00Z',
      eventName: 'CancelRotateSecret',
      userIdentity: { arn: CALLER },
      requestParameters: { secretId },
    },
  };
  history.addEnvelope('CancelRotateSecret', later(NOW, -HOUR), envelope);
  const lost = lostEvidence(service);
  expect(await lost(suspect())).toMatchObject([{ operation: 'CancelRotateSecret', actor: CALLER }]);
  expect(await lost(suspect(named('prod/orders', { versionStages: PENDING_APART })))).toEqual([]);
  const again = aSecret({ versionStages: PENDING_APART, createdAt: at('2026-11-21T09:30:01Z') });
  expect(await lost(suspect(again))).toHaveLength(secretId === again.arn ? 1 : 0);
  const old = aSecret({ versionStages: PENDING_APART, createdAt: at('2026-11-21T09:30:00.900Z') });
  expect(await lost(suspect(old))).toHaveLength(1);
});

test('however many secrets look wrong, the history is asked once for each kind of event', async () => {
  const { history, service } = open();
  const lost = lostEvidence(service);
  expect(history.asked).toEqual([]);
  await Promise.all(
    ['a', 'b', 'c'].map((name) => lost(suspect(named(name, { versionStages: PENDING_APART })))),
  );
  expect(history.asked).toEqual(['RotationFailed', 'RotationAbandoned', 'CancelRotateSecret']);
});

test('a failure behind fifty of other secrets is found', async () => {
  const { history, service } = open();
  for (let index = 0; index < 120; index++) history.addEnvelope('RotationFailed', later(NOW, -MINUTE), {});
  history.addEnvelope('RotationFailed', later(NOW, -HOUR), rotationFailed('setSecret'));
  expect(await lostEvidence(service)(suspect())).toHaveLength(1);
});

test('a sweep asks ten questions at most, and says that more was there', async () => {
  const { history, service } = open();
  for (let index = 0; index < 900; index++) history.addEnvelope('RotationFailed', later(NOW, -MINUTE), {});
  const lines: string[] = [];
  const log = ({ message }: { readonly message: string }): void => void lines.push(message);
  await lostEvidence({ ...service, log })(suspect());
  expect(history.asked).toHaveLength(10);
  expect(lines).toEqual(['Lost events were looked for in part only']);
});

test.each([30 * MINUTE, 6 * HOUR, 2 * DAY - MINUTE])(
  'a failure of the pending version is found when its record shows no sooner than after %i ms',
  async (lagMs) => {
    const { history, service } = open();
    history.addEnvelope('RotationFailed', later(NOW, -lagMs), rotationFailed('testSecret'));
    expect(await lostEvidence(service)(suspect())).toMatchObject([{ step: 'testSecret' }]);
  },
);

/** A failure so long ago, of the rotation that the request started. */
const failedAgo = (agoMs: number, requestID: string): Envelope =>
  rotationFailed('setSecret', {
    requestID,
    eventID: `ago-${agoMs}`,
    eventTime: formatInstant(later(NOW, -agoMs)),
  });

test('failures of other versions are those of the last two hours', async () => {
  const { history, service } = open();
  for (const agoMs of [2 * HOUR - MINUTE, 2 * HOUR + MINUTE]) {
    history.addEnvelope(
      'RotationFailed',
      later(NOW, -agoMs),
      failedAgo(agoMs, `Rotation-${aSecret().arn}-${PREVIOUS}`),
    );
  }
  expect(await lostEvidence(service)(suspect())).toMatchObject([
    { versionId: PREVIOUS, at: later(NOW, -2 * HOUR + MINUTE) },
  ]);
});

test('a failure that names no version counts from when the version became pending', async () => {
  const { history, service } = open();
  for (const agoMs of [5 * HOUR, 7 * HOUR]) {
    history.addEnvelope('RotationFailed', later(NOW, -agoMs), failedAgo(agoMs, 'unreadable'));
  }
  const found = await lostEvidence(service)(suspect(undefined, { known: pendingFor(6 * HOUR) }));
  expect(found.map(({ at }) => at)).toEqual([later(NOW, -5 * HOUR)]);
});

test('many failures of other secrets hide no cancellation', async () => {
  const { history, service } = open();
  for (let index = 0; index < 900; index++) history.addEnvelope('RotationFailed', later(NOW, -MINUTE), {});
  await lostEvidence(service)(suspect());
  expect(history.asked.slice(0, 4)).toEqual([
    'RotationFailed',
    'RotationAbandoned',
    'CancelRotateSecret',
    'RotationFailed',
  ]);
});

test('what nobody understands is passed over', async () => {
  const { history, service } = open();
  history.addEnvelope('RotationFailed', NOW, { nonsense: true });
  expect(await lostEvidence(service)(suspect())).toEqual([]);
});

test('a history that refuses gives nothing, and says so once', async () => {
  const { service } = open();
  const envelopes = async (): Promise<never> => {
    throw new EventHistoryError('Cannot look up', { reason: 'denied', retryable: false });
  };
  const lost = lostEvidence({ ...service, history: { ...memoryEventHistory(), envelopes } });
  expect([await lost(suspect()), await lost(suspect(named('a')))]).toEqual([[], []]);
  expect(service.records).toEqual([
    { level: 'warn', message: 'Cannot look for lost events', details: { reason: 'denied' } },
  ]);
});

test('without a history there is nothing to find', async () => {
  expect(await lostEvidence(aService())(suspect())).toEqual([]);
});
