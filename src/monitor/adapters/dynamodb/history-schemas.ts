import type { SecretSight } from '../../domain/history/secret-sight.ts';
import { CHANGE_KINDS, type ChangeEntry } from '../../domain/report/change-entry.ts';
import { asSecretArn, type SecretArn } from '../../domain/secret/secret.ts';
import type { PopulationCount, PopulationRecord } from '../../ports/store/history-store.ts';
import {
  flag,
  listOf,
  number,
  object,
  optional,
  type Reader,
  text,
  time,
  Unreadable,
  wordOf,
} from '../aws/record/schema.ts';

const secretArn: Reader<SecretArn> = (value) => {
  const arn = asSecretArn(text(value));
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
