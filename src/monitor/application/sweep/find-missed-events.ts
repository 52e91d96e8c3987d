import { HOUR, type Instant, instant } from '../../../calendar/instant.ts';
import type { Datapoint } from '../../domain/metric.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { currentVersion } from '../../domain/secret/version-stage.ts';
import { eventsDueUntil } from '../../domain/state/awaited-event.ts';
import type { Attempt } from '../../ports/store/alert-store.ts';
import { forEachLimited } from '../for-each-limited.ts';
import type { Service } from '../service.ts';

/** What looking for missed events needs of the service. */
type Looking = Pick<Service, 'store' | 'log'>;

/** A secret whose last rotation is known. */
type Rotated = Secret & { readonly lastRotatedAt: Instant };

/** What looking for missed events came to. */
export interface EventCheck {
  readonly datapoints: readonly Datapoint[];
  /** Rotations up to then need not be looked at again. */
  readonly checkedUntil: Instant;
  /** Why single secrets could not be checked; the next sweep tries them again. */
  readonly errors: readonly unknown[];
}

/** Secrets looked up side by side. */
const SECRETS_AT_ONCE = 4;
/** An event that names another version, or none, is about the rotation if it lies this close to it. */
const ABOUT_MS = HOUR;

/**
 * Looks for the events of rotations that should have told of themselves by now, and counts the rotations nobody told
 * of: one read of the store for each, and no call to Secrets Manager.
 */
export async function findMissedEvents(
  service: Looking,
  secrets: readonly Secret[],
  now: Instant,
): Promise<EventCheck> {
  const missed: Rotated[] = [];
  const failed: Rotated[] = [];
  const rotated = secrets.flatMap((secret) =>
    secret.lastRotatedAt === undefined ? [] : [{ ...secret, lastRotatedAt: secret.lastRotatedAt }],
  );
  const errors = await forEachLimited(rotated, SECRETS_AT_ONCE, async (secret) => {
    try {
      if (!(await wasHeardOf(service, secret))) missed.push(secret);
    } catch (error) {
      failed.push(secret);
      throw error;
    }
  });
  const checkedUntil = instant(
    Math.min(eventsDueUntil(now), ...failed.map(({ lastRotatedAt }) => lastRotatedAt - 1)),
  );
  const counted = missed.filter(({ lastRotatedAt }) => lastRotatedAt <= checkedUntil);
  return { datapoints: counting(service, counted), checkedUntil, errors };
}

async function wasHeardOf(
  { store }: Looking,
  { arn, versionStages, lastRotatedAt }: Rotated,
): Promise<boolean> {
  const current = currentVersion(versionStages);
  return (await store.attempts(arn)).some(
    (attempt) =>
      attempt.versionId === current ||
      instantsOf(attempt).some((at) => Math.abs(at - lastRotatedAt) <= ABOUT_MS),
  );
}

const instantsOf = ({ startedAt, succeededAt, abandonedAt, failures }: Attempt): readonly Instant[] =>
  [startedAt, succeededAt, abandonedAt, ...failures.map(({ at }) => at)].flatMap((at) => at ?? []);

function counting({ log }: Looking, missed: readonly Rotated[]): readonly Datapoint[] {
  for (const { arn: secretArn } of missed)
    log({ level: 'warn', message: 'No event came of a rotation', details: { secretArn } });
  return missed.length === 0 ? [] : [{ name: 'EventsMissed', value: missed.length }];
}
