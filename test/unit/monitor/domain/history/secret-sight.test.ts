import { expect, test } from 'vitest';
import { later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { parseRotationEvent } from '../../../../../src/monitor/adapters/eventbridge/parse-rotation-event.ts';
import {
  changesBetween,
  changesOfEvent,
  isSameSight,
  sightOf,
} from '../../../../../src/monitor/domain/history/secret-sight.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { aSecret, NOW } from '../../../../support/builders.ts';

const BETWEEN = { notBefore: later(NOW, -5 * MINUTE), at: NOW };
const changes = (before: Partial<Secret>, after: Partial<Secret>) =>
  changesBetween(sightOf(aSecret(before), NOW), sightOf(aSecret(after), NOW), BETWEEN).map(
    ({ at: _at, notBefore: _notBefore, ...rest }) => rest,
  );

test('two looks at the same secret show no change', () => {
  expect(changes({}, {})).toEqual([]);
  expect(isSameSight(sightOf(aSecret(), NOW), sightOf(aSecret(), later(NOW, MINUTE)))).toBe(true);
});

test('each change says between which looks it happened', () => {
  const [change] = changesBetween(
    sightOf(aSecret(), NOW),
    sightOf(aSecret({ rotationEnabled: false }), NOW),
    BETWEEN,
  );
  expect(change).toEqual({ kind: 'rotation-off', ...BETWEEN });
});

test('schedule, rotation, owner and silence are compared', () => {
  const rules = { automaticallyAfterDays: 7, scheduleExpression: 'rate(7 days)', duration: '3h' };
  const tags = {
    'rotation-monitor:owner': 'payments',
    'rotation-monitor:silence-until': '2026-12-31',
    'rotation-monitor:silence-reason': 'moves next week',
  };
  expect(changes({ rotationEnabled: undefined }, { rotationRules: rules, tags })).toEqual([
    { kind: 'rotation-on' },
    { kind: 'schedule-changed', before: 'rate(30 days)', after: 'rate(7 days), window 3h' },
    { kind: 'owner-changed', before: undefined, after: 'payments' },
    { kind: 'silenced', before: undefined, after: '2026-12-31: moves next week' },
  ]);
  expect(changes({ tags }, {})).toEqual([
    { kind: 'owner-changed', before: 'payments', after: undefined },
    { kind: 'silence-ended', before: '2026-12-31: moves next week', after: undefined },
  ]);
});

test('a rotation makes another sight and is no change of this history', () => {
  const rotated = { lastRotatedAt: NOW };
  expect(changes({}, rotated)).toEqual([]);
  expect(isSameSight(sightOf(aSecret(), NOW), sightOf(aSecret(rotated), NOW))).toBe(false);
});

test('a secret that is listed again was restored', () => {
  expect(changes({ deletedAt: NOW }, {})).toEqual([{ kind: 'restored' }]);
});

test('text from outside is one bounded line', () => {
  const { owner } = sightOf(aSecret({ tags: { 'rotation-monitor:owner': `a\nb${'x'.repeat(999)}` } }), NOW);
  expect(owner).toHaveLength(256);
  expect(owner).toMatch(/^a bx+…$/);
});

const ARN = aSecret().arn;
const ACTOR = 'arn:aws:sts::111122223333:assumed-role/operator/alice';

/** The changes of a call, through the parser. */
function changesOfCall(eventName: string, requestParameters: object, more: object = {}) {
  const event = parseRotationEvent({
    id: 'e1',
    source: 'aws.secretsmanager',
    'detail-type': 'AWS API Call via CloudTrail',
    time: '2026-11-21T10:00:00Z',
    account: '111122223333',
    region: 'eu-west-1',
    detail: {
      eventVersion: '1.08',
      eventName,
      eventTime: '2026-11-21T10:00:00Z',
      userIdentity: { arn: ACTOR },
      requestParameters: { secretId: ARN, ...requestParameters },
      responseElements: { arn: ARN },
      ...more,
    },
  });
  return 'reason' in event
    ? event.reason
    : changesOfEvent(event, ARN).map(({ kind, after, at, actor, secretArn }) => {
        expect([secretArn, at, actor]).toEqual([ARN, NOW, ACTOR]);
        return after === undefined ? kind : `${kind} ${after}`;
      });
}

const tags = (values: Record<string, string>) => ({
  tags: Object.entries(values).map(([key, value]) => ({ key: `rotation-monitor:${key}`, value })),
});

test.each<[string, object, readonly string[]]>([
  ['CreateSecret', {}, ['created']],
  ['DeleteSecret', { recoveryWindowInDays: 30 }, ['deletion-scheduled']],
  ['DeleteSecret', { forceDeleteWithoutRecovery: true }, ['deleted']],
  ['RestoreSecret', {}, ['restored']],
  ['CancelRotateSecret', {}, ['rotation-off']],
  ['RotateSecret', {}, ['rotation-on']],
  [
    'RotateSecret',
    { rotationRules: { scheduleExpression: 'rate(7 days)', duration: '3h' } },
    ['rotation-on', 'schedule-changed rate(7 days), window 3h'],
  ],
  [
    'RotateSecret',
    { rotationRules: { automaticallyAfterDays: 30 } },
    ['rotation-on', 'schedule-changed every 30 days'],
  ],
  ['TagResource', tags({ owner: 'payments' }), ['owner-changed payments']],
  [
    'TagResource',
    tags({ 'silence-until': '2026-12-31', 'silence-reason': 'moves' }),
    ['silenced 2026-12-31: moves'],
  ],
  ['TagResource', tags({ 'silence-until': '2026-12-31' }), []],
  ['TagResource', { tags: [{ key: 'team', value: 'x' }, 7] }, []],
  ['UntagResource', { tagKeys: ['rotation-monitor:owner'] }, ['owner-changed']],
  ['UntagResource', { tagKeys: ['rotation-monitor:silence-until'] }, ['silence-ended']],
  ['UntagResource', { tagKeys: 'rotation-monitor:owner' }, []],
  ['PutSecretValue', {}, []],
])('%s with %j is %j', (name, parameters, expected) => {
  expect(changesOfCall(name, parameters)).toEqual(expected);
});

test('a call that failed changed nothing', () => {
  expect(changesOfCall('DeleteSecret', {}, { errorCode: 'AccessDenied' })).toBe('failed call');
});

test('rules that are none are left out', () => {
  expect(changesOfCall('RotateSecret', { rotationRules: { automaticallyAfterDays: 'x' } })).toEqual([
    'rotation-on',
  ]);
});
