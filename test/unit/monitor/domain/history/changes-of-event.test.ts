import { expect, test } from 'vitest';
import { parseRotationEvent } from '../../../../../src/monitor/adapters/eventbridge/parse-rotation-event.ts';
import { changesOfEvent } from '../../../../../src/monitor/domain/history/changes-of-event.ts';
import { aSecret, NOW } from '../../../../support/builders.ts';

const ARN = aSecret().arn;
const ACTOR = 'arn:aws:sts::111122223333:assumed-role/operator/alice';

/** The changes of a call, through the parser. */
function changes(eventName: string, requestParameters: object, more: object = {}) {
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
  expect(changes(name, parameters)).toEqual(expected);
});

test('a call that failed changed nothing', () => {
  expect(changes('DeleteSecret', {}, { errorCode: 'AccessDenied' })).toBe('failed call');
});

test('rules that are none are left out', () => {
  expect(changes('RotateSecret', { rotationRules: { automaticallyAfterDays: 'x' } })).toEqual([
    'rotation-on',
  ]);
});
