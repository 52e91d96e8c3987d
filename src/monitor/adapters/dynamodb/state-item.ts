import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DAY, type Instant, SECOND } from '../../../calendar/instant.ts';
import { asSecretArn, splitSecretArn, type Target, targetKey } from '../../domain/secret/secret.ts';
import {
  freshState,
  freshTarget,
  isWatched,
  type SecretState,
  type TargetRecord,
} from '../../domain/state/secret-state.ts';
import type { SweepRecord } from '../../domain/sweep/sweep-result.ts';
import { sweepRecord, targetRecord } from '../aws/record/record-schemas.ts';
import { type ReadingGiven, readJson } from '../aws/record/schema.ts';
import { secretState } from '../aws/record/state-schema.ts';
import { UNDELIVERED } from './table.ts';

/** A DynamoDB item. */
export type Item = Record<string, AttributeValue>;

/** A state about which nothing is open or unsaid is forgotten this long after its last evidence. */
const FORGET_AFTER_MS = 90 * DAY;
/** Repairs are remembered for as long as attempts, so that a yearly audit finds them. */
const FORGET_REPAIR_AFTER_MS = 400 * DAY;
/**
 * The version in use is remembered for longer than a rotation schedule may be.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html
 */
const FORGET_CURRENT_AFTER_MS = 1100 * DAY;

/** The item of a state; `body` holds it whole, the other attributes are for keys, conditions and indexes. */
export function stateItem(state: SecretState): Item {
  const watched = isWatched(state);
  const unsaid = state.outbox.length > 0;
  return {
    pk: { S: state.subject },
    sk: { S: 'state' },
    revision: { N: String(state.revision) },
    body: { S: JSON.stringify(state) },
    ...(watched || state.unread ? { open: { S: targetKey(state) } } : {}),
    ...(unsaid ? { undelivered: { S: UNDELIVERED } } : {}),
    ...(watched || unsaid || state.unread
      ? {}
      : { expiresAt: { N: String(Math.ceil(forgottenAt(state) / SECOND)) } }),
  };
}

const forgottenAt = (state: SecretState): number =>
  Math.max(
    lastFactAt(state) + FORGET_AFTER_MS,
    state.current === undefined ? 0 : state.current.seenAt + FORGET_CURRENT_AFTER_MS,
    ...(state.repairs ?? []).map(({ startedAt }) => startedAt + FORGET_REPAIR_AFTER_MS),
  );

const lastFactAt = ({ evidence, alerts, confirmed, pending }: SecretState): Instant =>
  Math.max(
    confirmed?.at ?? 0,
    pending?.firstSeenAt ?? 0,
    ...evidence.map(({ at }) => at),
    ...alerts.map(({ resolvedAt, openedAt }) => resolvedAt ?? openedAt),
  ) as Instant;

/** A revision that cannot be read: whatever is written next takes its place. */
const NO_REVISION: number = Number.NaN;

const revisionOf = (item: Item): number => Number(item['revision']?.N ?? NO_REVISION) || NO_REVISION;

/** The revision of what is written over one. */
const after = (revision: number): number => (Number.isNaN(revision) ? 1 : revision + 1);

/** Returns a state or a record of a target with its next revision. */
export const revised = <T extends { readonly revision: number }>(written: T): T => ({
  ...written,
  revision: after(written.revision),
});

/** The state an item holds; undefined when it cannot be read, or is not about whom it is filed under. */
export function stateOf(item: Item, given?: ReadingGiven): SecretState | undefined {
  const subject = item['pk']?.S;
  const state = readJson(item['body']?.S, secretState, given);
  if (state === undefined || state.subject !== subject) return undefined;
  return { ...state, revision: revisionOf(item) };
}

/** The state in place of one that cannot be read, to be judged again; undefined for one that is about nothing known. */
export function unreadState(item: Item): SecretState | undefined {
  const subject = item['pk']?.S ?? '';
  const arn = asSecretArn(subject);
  const [, account = '', region = ''] = /^target#(\d{12})#([a-z\d-]+)$/.exec(subject) ?? [];
  if (arn === undefined && account === '') return undefined;
  const { name, ...target } = arn === undefined ? { name: subject, account, region } : splitSecretArn(arn);
  return { ...freshState(subject, name, target), revision: revisionOf(item), unread: true };
}

/** The item of what is remembered of a target. */
export const targetItem = (record: TargetRecord): Item => ({
  pk: { S: `target#${targetKey(record)}` },
  sk: { S: 'target' },
  revision: { N: String(record.revision) },
  body: { S: JSON.stringify(record) },
});

/** The record of a target that an item holds, and whether it could be read; else that of one that was never swept. */
export function targetOf(
  item: Item,
  target: Target,
  given?: ReadingGiven,
): { readonly record: TargetRecord; readonly isRead: boolean } {
  const read = readJson(item['body']?.S, targetRecord, given);
  const isRead = read !== undefined && targetKey(read) === targetKey(target);
  return { record: { ...(isRead ? read : freshTarget(target)), revision: revisionOf(item) }, isRead };
}

/** The item of how the sweeps of a target go; apart from what is remembered of the target, which is larger. */
export const sweepItem = (record: SweepRecord): Item => ({
  pk: { S: `target#${targetKey(record)}` },
  sk: { S: 'sweep' },
  body: { S: JSON.stringify(record) },
});

/** The record such an item holds; undefined when it cannot be read. */
export const sweepOf = (item: Item, given?: ReadingGiven): SweepRecord | undefined =>
  readJson(item['body']?.S, sweepRecord, given);
