import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../../src/calendar/instant.ts';
import type { Replica } from '../../../../../src/monitor/domain/secret/replica.ts';
import { replicaSights } from '../../../../../src/monitor/domain/secret/replica-sight.ts';
import { aReplica, aSecret, NOW } from '../../../../support/builders.ts';

const BEFORE = later(NOW, -HOUR);
const seen = (replicas: readonly Replica[] | undefined, known = replicaSights([], primary(LATE), BEFORE)) =>
  replicaSights(known, primary(replicas), NOW);
const primary = (replicas: readonly Replica[] | undefined) =>
  aSecret({ primaryRegion: 'eu-west-1', replicas });
const LATE = [aReplica('us-east-1', 'InProgress')];

test('replicas in sync are nothing to remember', () => {
  expect(replicaSights([], primary([aReplica('us-east-1', 'InSync')]), NOW)).toEqual([]);
});

test('a status that stays keeps its first sight, another one begins anew', () => {
  expect(seen(LATE)).toMatchObject([{ region: 'us-east-1', status: 'InProgress', since: BEFORE }]);
  expect(seen([aReplica('us-east-1', 'Failed')])).toMatchObject([{ status: 'Failed', since: NOW }]);
  expect(seen([aReplica('us-west-2', 'InProgress')])).toMatchObject([{ region: 'us-west-2', since: NOW }]);
  expect(seen([aReplica('us-east-1', 'InSync')])).toEqual([]);
});

test('a secret from a list, which says nothing of replicas, leaves what is known', () => {
  expect(seen(undefined)).toMatchObject([{ since: BEFORE }]);
});

test('of a secret that is deleted or is a replica itself nothing is remembered', () => {
  const known = replicaSights([], primary(LATE), BEFORE);
  expect(replicaSights(known, { ...primary(LATE), deletedAt: NOW }, NOW)).toEqual([]);
  expect(replicaSights(known, { ...primary(LATE), primaryRegion: 'us-east-1' }, NOW)).toEqual([]);
});

test('of a long message the beginning is kept', () => {
  const [sight] = seen([aReplica('us-east-1', 'Failed', { message: 'x'.repeat(4096) })]);
  expect(sight?.message).toHaveLength(256);
});
