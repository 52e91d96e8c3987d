import type { Instant } from '../../../calendar/instant.ts';
import { type Alert, isOpen } from '../alert/alert.ts';
import type { ChannelCondition } from '../alert/channel-condition.ts';
import type { HealthCondition } from '../alert/health.ts';
import type { Notification } from '../alert/notification.ts';
import type { Refusal } from '../alert/refusal.ts';
import type { CurrentSight } from '../rotation/current-sight.ts';
import type { Evidence } from '../rotation/evidence.ts';
import type { PreviousUse } from '../rotation/previous-version.ts';
import type { VersionProgress } from '../rotation/progress.ts';
import type { AccountsByUnit } from '../secret/member-group.ts';
import type { ReplicaSight } from '../secret/replica-sight.ts';
import { type Target, targetKey } from '../secret/secret.ts';
import type { ValueDate } from '../secret/value-date.ts';
import type { RepairRecord } from './repair-record.ts';

/** A pending version as the monitor has seen it. */
export interface PendingSight {
  readonly versionId: string;
  readonly firstSeenAt: Instant;
  /** The version's CreatedDate, where AWS gave one. */
  readonly createdAt: Instant | undefined;
  /** Start of the rotation by its own event; kept apart from the evidence, which is capped. */
  readonly startedAt?: Instant | undefined;
}

/** Looks that failed one after another. */
export interface Trouble {
  readonly since: Instant;
  readonly reason: string;
  readonly looks: number;
}

/** All the monitor remembers of one secret (or of a target): one item, one conditional write per transition. */
export interface SecretState extends Target {
  /** Secret ARN, or `target#<account>#<region>`. */
  readonly subject: string;
  readonly name: string;
  /** 0 before the first write; each write adds 1. */
  readonly revision: number;
  readonly pending: PendingSight | undefined;
  readonly evidence: readonly Evidence[];
  /**
   * Progress of the pending version, and of each that an alert names or that is lost; undefined when nothing failed.
   */
  readonly progress?: readonly VersionProgress[] | undefined;
  /** The version in use; undefined where the secret does not rotate or was not seen yet. */
  readonly current?: CurrentSight | undefined;
  /** Creation date of the version in use, where it had to be read. */
  readonly valueDate?: ValueDate | undefined;
  /** Time from which rotation is off, while it may be switched on again before it is reported. */
  readonly offSince?: Instant | undefined;
  /** Time up to which rotation was seen to be on again after it had been off: no event need have reported that. */
  readonly offSettledAt?: Instant | undefined;
  /** Open alerts, and those resolved within the hour. */
  readonly alerts: readonly Alert[];
  /** Notifications that have still to be sent. */
  readonly outbox: readonly Notification[];
  /** The last look with DescribeSecret and what the list showed then. */
  readonly confirmed: { readonly at: Instant; readonly digest: string } | undefined;
  readonly trouble: Trouble | undefined;
  /** Sweeps in a row whose list did not have the secret while DescribeSecret did not find it. */
  readonly absences: number;
  /** The replicas in other regions that were not in sync at the last look. */
  readonly replicas: readonly ReplicaSight[];
  /** A request for AWSPREVIOUS after the rotation, as the last daily check saw it. */
  readonly previousUse: PreviousUse | undefined;
  /** Set when the stored state could not be read; its subject has to be judged again. */
  readonly unread?: true | undefined;
  /** Repairs that operators stated, oldest first; bounded. */
  readonly repairs?: readonly RepairRecord[] | undefined;
}

/** The state of a secret that was never remembered. */
export const freshState = (subject: string, name: string, target: Target): SecretState => ({
  subject,
  name,
  account: target.account,
  region: target.region,
  revision: 0,
  pending: undefined,
  evidence: [],
  alerts: [],
  outbox: [],
  confirmed: undefined,
  trouble: undefined,
  absences: 0,
  replicas: [],
  previousUse: undefined,
});

/**
 * Whether every sweep has to look at the secret: something is open, a replica is on its way, its value was changed, or
 * the last look was refused; one that failed otherwise may succeed when there is something to look at.
 */
export const isWatched = ({ alerts, replicas, current, offSince, trouble }: SecretState): boolean =>
  alerts.some(isOpen) ||
  replicas.length > 0 ||
  current?.outside !== undefined ||
  offSince !== undefined ||
  trouble?.reason === 'denied';

/** The monitor's memory of a target as a whole. */
export interface TargetRecord extends Target {
  readonly revision: number;
  /** End of the first complete sweep; until then findings go to the baseline digest. */
  readonly baselineAt: Instant | undefined;
  /** Hashes of the ARNs whose rotation the last sweep found switched off; undefined when they were too many to keep. */
  readonly disabled: readonly string[] | undefined;
  /** Time of the last rotation event; written at most hourly. */
  readonly eventSeenAt: Instant | undefined;
  /** Time from which ListSecrets has failed. */
  readonly unreachableSince: Instant | undefined;
  /** Rotations up to then were looked at for events that did not come. */
  readonly eventsCheckedUntil: Instant | undefined;
  /** Daily checks that were due up to then were made. */
  readonly dailyCheckedUntil: Instant | undefined;
  /** Problems of the alert path itself. */
  readonly health: readonly HealthCondition[];
  /** Channels beside the alert topic that have failed. */
  readonly channels: readonly ChannelCondition[];
  /** Notifications that the alert path refused for good, with their times. */
  readonly refusals: readonly Refusal[];
  /** Keys of the groups that have secrets still to be named, and when the next of them are; kept for the home target. */
  readonly naming: readonly { readonly key: string; readonly at: Instant }[];
  /** The accounts that were last found in the organizational units whose secrets are watched; kept for the home target. */
  readonly units: AccountsByUnit;
}

/** The record of a target that was never swept. */
export const freshTarget = ({ account, region }: Target): TargetRecord => ({
  account,
  region,
  revision: 0,
  baselineAt: undefined,
  disabled: [],
  eventSeenAt: undefined,
  unreachableSince: undefined,
  eventsCheckedUntil: undefined,
  dailyCheckedUntil: undefined,
  health: [],
  channels: [],
  refusals: [],
  naming: [],
  units: {},
});

/** The subject under which alerts about the target itself are kept. */
export const targetSubject = (target: Target): string => `target#${targetKey(target)}`;
