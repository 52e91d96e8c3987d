import { HOUR, type Instant, later } from '../../src/calendar/instant.ts';
import type { StageChange } from '../../src/simulator/secrets-manager/store/secret-history.ts';
import { at } from './builders.ts';

/** Beginning of the tests' histories. */
export const HISTORY_START: Instant = at('2026-03-02T00:00:00Z');

/** An entry of a secret's history, so many milliseconds after the start: a healthy secret that rotates. */
export const aStageChange = (ms: number, rest: Partial<StageChange> = {}): StageChange => ({
  at: later(HISTORY_START, ms),
  secretArn: 'arn',
  stages: { new: ['AWSCURRENT'], old: ['AWSPREVIOUS'] },
  rotationEnabled: true,
  nextRotationAt: later(HISTORY_START, 1000 * HOUR),
  lastRotatedAt: HISTORY_START,
  deletedAt: undefined,
  cause: 'rotation',
  operation: undefined,
  stepReached: undefined,
  databaseAccepts: undefined,
  previousReadOn: undefined,
  tags: [],
  replicas: [],
  failure: undefined,
  failedStep: undefined,
  failedVersionId: undefined,
  ...rest,
});
