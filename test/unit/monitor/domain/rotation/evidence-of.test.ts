import { expect, test } from 'vitest';
import { evidenceOf } from '../../../../../src/monitor/domain/rotation/evidence-of.ts';
import type {
  RotationEvent,
  SecretChanged,
} from '../../../../../src/monitor/domain/rotation/rotation-event.ts';
import { aSecret, NOW, PENDING } from '../../../../support/builders.ts';

const { arn, account, region } = aSecret();
const head = { id: 'event-1', at: NOW, account, region, secret: { kind: 'arn', arn } } as const;

test.each([
  'rotation-started',
  'rotation-succeeded',
  'rotation-abandoned',
  'test-rotation-succeeded',
] as const)('%s becomes evidence of the same kind', (kind) => {
  expect(evidenceOf({ ...head, kind, versionId: PENDING })).toEqual({
    id: 'event-1',
    kind,
    at: NOW,
    versionId: PENDING,
  });
  expect(evidenceOf({ ...head, kind, versionId: undefined })).toEqual({ id: 'event-1', kind, at: NOW });
});

test('replication that failed becomes evidence, about no version', () => {
  expect(evidenceOf({ ...head, kind: 'replication-failed' })).toEqual({
    id: 'event-1',
    kind: 'replication-failed',
    at: NOW,
  });
});

const failure = { ...head, kind: 'rotation-failed', versionId: PENDING } as const;

test('rotation-failed keeps step, function and conclusiveness as far as they are known', () => {
  expect(
    evidenceOf({ ...failure, step: 'setSecret', functionArn: 'arn:aws:lambda', notCreatedByFunction: true }),
  ).toEqual({
    id: 'event-1',
    kind: 'rotation-failed',
    at: NOW,
    versionId: PENDING,
    step: 'setSecret',
    functionArn: 'arn:aws:lambda',
    notCreatedByFunction: true,
  });
  expect(
    evidenceOf({ ...failure, step: undefined, functionArn: undefined, notCreatedByFunction: false }),
  ).toEqual({ id: 'event-1', kind: 'rotation-failed', at: NOW, versionId: PENDING });
});

test('test-rotation-failed keeps its step and is no failure of a rotation', () => {
  const tested = { ...failure, kind: 'test-rotation-failed', functionArn: undefined } as const;
  expect(evidenceOf({ ...tested, step: 'testSecret', notCreatedByFunction: false })).toEqual({
    id: 'event-1',
    kind: 'test-rotation-failed',
    at: NOW,
    versionId: PENDING,
    step: 'testSecret',
  });
});

const changed = (operation: string, actor?: string): SecretChanged => ({
  ...head,
  kind: 'secret-changed',
  operation,
  actor,
  versionId: undefined,
});

test('a change keeps its operation and its actor', () => {
  expect(evidenceOf(changed('CancelRotateSecret', 'alex'))).toEqual({
    id: 'event-1',
    kind: 'secret-changed',
    at: NOW,
    operation: 'CancelRotateSecret',
    actor: 'alex',
  });
  expect(evidenceOf(changed('RotateSecret'))).not.toHaveProperty('actor');
});

test.each<[string, RotationEvent]>([
  ['a tag', changed('TagResource')],
  ['a moved label', { ...head, kind: 'label-moved', label: 'AWSCURRENT', versionId: PENDING }],
  ['the start of replication', { ...head, kind: 'replication-started' }],
  ['the end of replication', { ...head, kind: 'replication-succeeded' }],
  ['the start of a test run', { ...head, kind: 'test-rotation-started', versionId: PENDING }],
])('%s is no evidence', (_case, event) => {
  expect(evidenceOf(event)).toBeUndefined();
});
