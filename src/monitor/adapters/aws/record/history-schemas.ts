import type { SecretSight } from '../../../domain/history/secret-sight.ts';
import type {
  AuditRecord,
  AuditUnderWay,
  CompletedAudit,
  OwnerResult,
} from '../../../domain/report/audit-record.ts';
import { CHANGE_KINDS, type ChangeEntry } from '../../../domain/report/change-entry.ts';
import type { RecordedRotation } from '../../../domain/report/compute/rotations.ts';
import { CONTROL_IDS } from '../../../domain/report/control.ts';
import type { ExceptionRecord } from '../../../domain/report/exception-record.ts';
import type { ManifestLink } from '../../../domain/report/manifest.ts';
import { asSecretArn, type SecretArn } from '../../../domain/secret/secret.ts';
import type { SecretHistory } from '../../../ports/store/audit-memory.ts';
import type { PopulationCount, PopulationRecord, SightPage } from '../../../ports/store/history-store.ts';
import {
  flag,
  listOf,
  number,
  object,
  optional,
  or,
  type Reader,
  someOf,
  text,
  time,
  Unreadable,
  wordOf,
} from './schema.ts';

const secretArn: Reader<SecretArn> = (value, reading) => {
  const arn = asSecretArn(text(value, reading));
  if (arn === undefined) throw new Unreadable('a secret ARN');
  return arn;
};

/** One change; one that cannot be read whole is left out. */
export const changeEntry: Reader<ChangeEntry> = object<ChangeEntry>({
  secretArn: text,
  kind: wordOf(CHANGE_KINDS),
  at: time,
  notBefore: optional(time),
  actor: optional(text),
  before: optional(text),
  after: optional(text),
});

/** An exception and what became of it; one that cannot be read whole excepts nothing. */
export const exceptionRecord: Reader<ExceptionRecord> = object<ExceptionRecord>({
  id: text,
  secretArn,
  control: wordOf(CONTROL_IDS),
  reason: text,
  ticket: optional(text),
  requestedBy: text,
  requestedAt: time,
  until: time,
  approvedBy: optional(text),
  grantedAt: optional(time),
  endedBy: optional(text),
  endedAt: optional(time),
  revision: number,
});

/** The last sight of a secret; one that cannot be read whole is as if it had never been. */
export const secretSight: Reader<SecretSight> = object<SecretSight>({
  account: text,
  region: text,
  arn: secretArn,
  name: text,
  createdAt: optional(time),
  firstSeenAt: time,
  lastRotatedAt: optional(time),
  rotationOn: flag,
  schedule: optional(text),
  owner: optional(text),
  silence: optional(text),
  deletedAt: optional(time),
});

/** The secrets of a target as the last sweep listed them. */
export const populationRecord: Reader<PopulationRecord> = object<PopulationRecord>({
  account: text,
  region: text,
  since: time,
  cells: listOf(number),
  countedOn: time,
});

/** The number of secrets on one day. */
export const populationCount: Reader<PopulationCount> = object<PopulationCount>({
  at: time,
  secrets: number,
});

const recordedRotation: Reader<RecordedRotation> = object<RecordedRotation>({
  versionId: text,
  startedAt: optional(time),
  succeededAt: optional(time),
  abandonedAt: optional(time),
  listedAt: optional(time),
  failures: someOf(object<RecordedRotation['failures'][number]>({ at: time, step: optional(text) })),
});

/** The history of one secret. */
export const secretHistory: Reader<SecretHistory> = object<SecretHistory>({
  secretArn,
  sight: optional(secretSight),
  records: someOf(recordedRotation),
  changes: someOf(changeEntry),
});

/** A page of sights. */
export const sightPage: Reader<SightPage> = object<SightPage>({
  sights: someOf(secretSight),
  next: optional(text),
});

const link: Reader<ManifestLink> = object<ManifestLink>({
  key: text,
  sha256: text,
  versionId: optional(text),
});

const ownerResult: Reader<OwnerResult> = object<OwnerResult>({
  owner: optional(text),
  secrets: number,
  passed: number,
  failed: number,
  unknown: number,
  skipped: or(number, 0),
  worst: listOf(text),
});

const completedAudit: Reader<CompletedAudit> = object<CompletedAudit>({
  from: time,
  to: time,
  readAt: time,
  completedAt: time,
  manifest: link,
  page: link,
  results: listOf(ownerResult),
  before: listOf(ownerResult),
  notRead: number,
  isTold: flag,
});

/** The scheduled audits of a deployment; one under way that cannot be read is begun again. */
export const auditRecord: Reader<AuditRecord> = object<AuditRecord>({
  last: optional(completedAudit),
  underWay: or(
    optional(
      object<AuditUnderWay>({
        from: time,
        to: time,
        readAt: time,
        parts: listOf(link),
        isRead: flag,
        runs: number,
        basis: or(text, ''),
      }),
    ),
    undefined,
  ),
  gaveUpAt: optional(time),
});
