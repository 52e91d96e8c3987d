import type { Instant } from '../../../calendar/instant.ts';
import type { Examination } from '../examine/examination.ts';
import type { Finding, FindingCode } from '../finding/finding.ts';
import type { CurrentSight } from '../rotation/current-sight.ts';
import type { Evidence } from '../rotation/evidence.ts';
import type { PreviousUse } from '../rotation/previous-version.ts';
import type { VersionProgress } from '../rotation/progress.ts';
import type { ConsumerLease } from '../secret/consumer-lease.ts';
import type { Policy } from '../secret/policy.ts';
import type { ReplicaSight } from '../secret/replica-sight.ts';
import type { Secret } from '../secret/secret.ts';
import type { ValueDate } from '../secret/value-date.ts';

/** A version that carries AWSPENDING while another one (or none) carries AWSCURRENT. */
export interface PendingVersion {
  readonly versionId: string;
  /** The version that carries AWSCURRENT. */
  readonly currentVersionId: string | undefined;
  /** Start of the rotation, as well as it is known. */
  readonly since: Instant;
  /** Source of `since`: the version's CreatedDate, the rotation's own event, or the first look that saw it. */
  readonly sinceFrom: 'created' | 'started' | 'first-seen';
}

/** All that judging a secret may draw on. */
export interface Facts {
  readonly secret: Secret;
  /** The pending version, when it is not the current one. */
  readonly pending: PendingVersion | undefined;
  readonly evidence: readonly Evidence[];
  /** The remembered progress of versions, beside the evidence that is still known. */
  readonly progress?: readonly VersionProgress[] | undefined;
  /** The version in use, and a move of it that no rotation made; undefined where the secret does not rotate. */
  readonly current?: CurrentSight | undefined;
  /** Time up to which rotation is known to have been switched on again, whatever the evidence says. */
  readonly offSettledAt?: Instant | undefined;
  readonly policy: Policy;
  /** Creation date of the version in use; undefined unless it had to be read. */
  readonly valueDate?: ValueDate | undefined;
  /** Whether rotation events are known to arrive, so that silence means something. */
  readonly eventsArrive: boolean;
  /** The replicas that are not in sync. */
  readonly replicas?: readonly ReplicaSight[] | undefined;
  /** A request for AWSPREVIOUS after the rotation; undefined also when nobody asked. */
  readonly previousUse?: PreviousUse | undefined;
  /** The leases of consumers; undefined when they were not read. */
  readonly leases?: readonly ConsumerLease[] | undefined;
  /** Circumstances of the finding, for its explanation; undefined when no closer look was made. */
  readonly examination?: Examination | undefined;
}

/** Three-valued, so that "we did not look" is never taken for "all is well". */
export type Verdict = 'clear' | 'not-applicable' | Finding;

/** The documentation of a finding. */
export interface FindingDescription {
  readonly code: FindingCode;
  /** The condition, in one sentence. */
  readonly meaning: string;
  /** The remedy, in one sentence; the alert has the commands. */
  readonly remedy: string;
  /** The severities it has, and when. */
  readonly severities: string;
  /** The healthy condition, in one sentence. */
  readonly requirement: string;
}

/** One pure judgement; one file, named like its code. */
export interface Detector extends FindingDescription {
  /** Secrets and states that it judges; ends the sentence "It applies …". */
  readonly appliesTo: string;
  detect(facts: Facts, now: Instant): Verdict;
}
