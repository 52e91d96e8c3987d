import { DAY, type Instant, instant, later } from '../../../calendar/instant.ts';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { Unseen } from '../../domain/examine/function-inspection.ts';
import type { RecordedCall } from '../../domain/finding/change.ts';
import type { Evidence } from '../../domain/rotation/evidence.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { EventHistoryError } from '../../ports/look/event-history.ts';
import type { Service } from '../service.ts';
import { type FindingLost, recordedEvidence } from '../sweep/find-lost-evidence.ts';

/** CloudTrail's records about one secret. */
export interface SecretHistory {
  /** Facts of its rotation since the pending version was made. */
  readonly evidence: readonly Evidence[];
  /** Calls that changed it, newest first: the first page of the last days. */
  readonly calls: readonly RecordedCall[];
  /** The reason why the history could not be read; undefined when it could, or when the monitor may not look. */
  readonly unseen: Unseen | undefined;
}

/** Attempts end after about a day; later records are about calls, not about attempts. */
const ATTEMPTS_MS: number = 2 * DAY;
/** Age of the oldest calls that are shown. */
const CALLS_MS: number = 7 * DAY;

const NOTHING: SecretHistory = { evidence: [], calls: [], unseen: undefined };

/** Reads what CloudTrail has recorded about a secret; what is refused is named in the answer. */
export async function secretHistory(
  service: FindingLost & Pick<Service, 'clock'>,
  secret: Secret,
  pendingSince: Instant | undefined,
): Promise<SecretHistory> {
  const { history, clock } = service;
  if (history === undefined) return NOTHING;
  const now = clock.now();
  try {
    const evidence =
      pendingSince === undefined
        ? []
        : await recordedEvidence(service, secret, attemptsOf(pendingSince, now));
    const span = { from: later(now, -CALLS_MS), until: now };
    const { found } = await history.callsOn({ name: secret.arn, isGlobal: false }, span);
    return { evidence, calls: found, unseen: undefined };
  } catch (error) {
    if (!(error instanceof EventHistoryError)) throw error;
    return { ...NOTHING, unseen: { permission: 'cloudtrail:LookupEvents', reason: error.reason } };
  }
}

const attemptsOf = (since: Instant, now: Instant): TimeSpan => ({
  from: since,
  until: instant(Math.min(now, since + ATTEMPTS_MS)),
});
