import type { Acknowledgement, Alert, Company } from '../../../domain/alert/alert.ts';
import {
  type Notification,
  type Reason,
  type Silence,
  TRANSITIONS,
} from '../../../domain/alert/notification.ts';
import type { Change } from '../../../domain/finding/change.ts';
import {
  type Advice,
  type CredentialInUse,
  type ExplainedFinding,
  FINDING_CODES,
  type FindingCode,
  type LogPlace,
  SEVERITIES,
  type Severity,
} from '../../../domain/finding/finding.ts';
import type { CurrentSight, OutsideMove } from '../../../domain/rotation/current-sight.ts';
import type { Evidence } from '../../../domain/rotation/evidence.ts';
import type { PreviousUse } from '../../../domain/rotation/previous-version.ts';
import type { GivenUp, VersionProgress } from '../../../domain/rotation/progress.ts';
import { ROTATION_STEPS, type RotationStep } from '../../../domain/rotation/rotation-event.ts';
import { STRATEGIES, type Strategy } from '../../../domain/secret/policy.ts';
import type { ReplicaSight } from '../../../domain/secret/replica-sight.ts';
import type { ValueDate } from '../../../domain/secret/value-date.ts';
import type { RepairRecord, StatedCall } from '../../../domain/state/repair-record.ts';
import type { PendingSight, SecretState, Trouble } from '../../../domain/state/secret-state.ts';
import {
  flag,
  listOf,
  number,
  object,
  optional,
  or,
  past,
  type Reader,
  someOf,
  text,
  time,
  word,
  wordOf,
} from './schema.ts';

/** A severity. */
export const severity: Reader<Severity> = wordOf(SEVERITIES);
/** The code of a finding. */
export const code: Reader<FindingCode> = wordOf(FINDING_CODES);
/** A step of a rotation. */
export const step: Reader<RotationStep> = wordOf(ROTATION_STEPS);
/** Somebody's word that they are at it. */
export const acknowledgement: Reader<Acknowledgement> = object<Acknowledgement>({
  until: time,
  by: text,
  reason: optional(text),
});
const strategy: Reader<Strategy> = wordOf([...STRATEGIES, 'unknown']);

const evidence = object<Evidence>({
  id: text,
  kind: word<Evidence['kind']>({
    'rotation-started': 0,
    'rotation-failed': 0,
    'rotation-succeeded': 0,
    'rotation-abandoned': 0,
    'test-rotation-succeeded': 0,
    'test-rotation-failed': 0,
    'replication-failed': 0,
    'secret-changed': 0,
    'pending-vanished': 0,
    'version-promoted': 0,
    'rotation-disabled': 0,
    'function-gone': 0,
    'function-not-invocable': 0,
    'function-whole': 0,
  }),
  at: past,
  versionId: optional(text),
  step: optional(step),
  functionArn: optional(text),
  notCreatedByFunction: optional(flag),
  operation: optional(text),
  actor: optional(text),
  via: optional(text),
  pendingFrom: optional(past),
  makesCurrent: optional(flag),
  makesPending: optional(flag),
});

const finding = object<ExplainedFinding>({
  code,
  severity,
  since: time,
  pendingVersionId: optional(text),
  what: text,
  why: listOf(text),
  credentialInUse: word<CredentialInUse>({ good: 0, broken: 0, 'may-be-dead': 0, unknown: 0 }),
  blastRadius: text,
  advice: listOf(object<Advice>({ text, commands: listOf(text) })),
  failingStep: optional(step),
  logs: optional(object<LogPlace>({ group: text, since: time })),
  changesSeenFrom: (value, reading) => (value === 'events' ? value : optional(time)(value, reading)),
  changesSeenUntil: optional(time),
  changesUnsought: optional(listOf(text)),
  changes: optional(listOf(object<Change>({ at: past, who: text, what: text }))),
  severityUntagged: optional(severity),
});

const company = object<Company>({ rotationFunctionArn: optional(text), owner: optional(text) });

const notification = object<Notification>({
  id: text,
  fingerprint: text,
  transition: wordOf(TRANSITIONS),
  reason: word<Reason>({
    first: 0,
    'severity-rose': 0,
    'repeat-interval': 0,
    'weekly-digest': 0,
    unacknowledged: 0,
    'strategy-changed': 0,
    silenced: 0,
    resolved: 0,
  }),
  at: past,
  notBefore: past,
  baseline: flag,
  secretArn: text,
  secretName: text,
  account: text,
  region: text,
  rotationFunctionArn: optional(text),
  owner: optional(text),
  toldWith: optional(company),
  code,
  severity,
  toldAs: optional(code),
  finding,
  silence: optional(object<Silence>({ until: time, reason: text })),
  resolution: optional(
    object<NonNullable<Notification['resolution']>>({ openedAt: past, endedBy: text, escalated: flag }),
  ),
  unsaid: optional(flag),
});

const alert = object<Alert>({
  fingerprint: text,
  code,
  severity,
  pendingVersionId: optional(text),
  since: time,
  openedAt: past,
  toldSeverity: optional(severity),
  toldCode: optional(code),
  toldWith: optional(company),
  lastToldAt: optional(past),
  repeats: number,
  escalatedAt: optional(past),
  ack: optional(acknowledgement),
  silencedUntil: optional(time),
  silencedAt: optional(past),
  strategy: or(optional(strategy), undefined),
  strategyToldAt: optional(past),
  flaps: number,
  clearSince: optional(past),
  resolvedAt: optional(past),
});

const progress = object<VersionProgress>({
  versionId: text,
  reached: optional(step),
  failures: number,
  firstFailedAt: optional(past),
  lastFailedAt: optional(past),
  lastStartedAt: optional(past),
  firstSplitAt: optional(past),
  lastSplitAt: optional(past),
  succeededAt: optional(past),
  givenUp: optional(
    object<GivenUp>({
      at: past,
      kind: word<GivenUp['kind']>({ 'pending-vanished': 0, 'rotation-abandoned': 0 }),
      pendingFrom: optional(past),
    }),
  ),
  promotedAt: optional(past),
  isUnclear: optional(flag),
  notCreatedByFunction: optional(flag),
  isFilled: optional(flag),
  refusedAt: optional(past),
});

const outside = object<OutsideMove>({
  kind: word<OutsideMove['kind']>({ replaced: 0, 'moved-back': 0 }),
  last: optional(word<NonNullable<OutsideMove['last']>>({ replaced: 0 })),
  from: text,
  to: text,
  seenAt: past,
  by: optional(object<NonNullable<OutsideMove['by']>>({ at: past, actor: optional(text) })),
  whileOff: optional(flag),
});

const dated = object<NonNullable<CurrentSight['dated']>>({
  at: past,
  of: word<NonNullable<CurrentSight['dated']>['of']>({ rotation: 0, put: 0, unknown: 0 }),
  before: optional(past),
  seenAt: past,
  from: optional(text),
});

const current = object<CurrentSight>({
  versionId: text,
  seenAt: past,
  rotated: text,
  earlier: listOf(text),
  outside: or(optional(outside), undefined),
  dated: or(optional(dated), undefined),
});

const repair = object<RepairRecord>({
  id: text,
  startedAt: past,
  by: text,
  intent: listOf(text),
  calls: someOf(
    object<StatedCall>({
      at: past,
      what: text,
      state: word<StatedCall['state']>({ done: 0, failed: 0, unknown: 0 }),
      movesLabel: flag,
    }),
  ),
  outcome: optional(text),
});

const pending = object<PendingSight>({
  versionId: text,
  firstSeenAt: past,
  createdAt: optional(past),
  startedAt: optional(past),
});

const replica = object<ReplicaSight>({
  region: text,
  status: word<ReplicaSight['status']>({ InProgress: 0, Failed: 0 }),
  message: optional(text),
  kmsKeyId: optional(text),
  since: past,
});

/**
 * A state, item by item: what cannot be read of a list is left out of it, what cannot be read besides is as if it had
 * never been seen. Only who it is about has to be readable.
 */
export const secretState: Reader<SecretState> = object<SecretState>({
  subject: text,
  name: text,
  account: text,
  region: text,
  revision: or(number, 0),
  pending: or(optional(pending), undefined),
  evidence: or(someOf(evidence), []),
  progress: or(optional(someOf(progress)), undefined),
  current: or(optional(current), undefined),
  valueDate: or(optional(object<ValueDate>({ versionId: text, createdAt: past })), undefined),
  offSince: or(optional(past), undefined),
  offSettledAt: or(optional(past), undefined),
  alerts: or(someOf(alert), []),
  outbox: or(someOf(notification), []),
  confirmed: or(
    optional(object<NonNullable<SecretState['confirmed']>>({ at: past, digest: text })),
    undefined,
  ),
  trouble: or(optional(object<Trouble>({ since: past, reason: text, looks: number })), undefined),
  absences: or(number, 0),
  replicas: or(someOf(replica), []),
  previousUse: or(
    optional(object<PreviousUse>({ versionId: text, requestedOn: time, rotatedAt: time })),
    undefined,
  ),
  repairs: or(optional(someOf(repair)), undefined),
  unread: optional(flag) as Reader<true | undefined>,
});
