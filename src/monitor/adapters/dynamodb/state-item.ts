import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DAY, type Instant, SECOND } from '../../../calendar/instant.ts';
import { targetKey } from '../../domain/secret/secret.ts';
import {
  freshTarget,
  isWatched,
  type SecretState,
  type TargetRecord,
} from '../../domain/state/secret-state.ts';
import type { SweepRecord } from '../../domain/sweep/sweep-result.ts';
import { UNDELIVERED } from './table.ts';

/** A DynamoDB item. */
export type Item = Record<string, AttributeValue>;

/** A state about which nothing is open or unsaid is forgotten this long after its last evidence. */
const FORGET_AFTER_MS = 90 * DAY;

/** The item of a state; `body` holds it whole, the other attributes are for keys, conditions and indexes. */
export function stateItem(state: SecretState): Item {
  const watched = isWatched(state);
  const unsaid = state.outbox.length > 0;
  return {
    pk: { S: state.subject },
    sk: { S: 'state' },
    revision: { N: String(state.revision) },
    body: { S: JSON.stringify(state) },
    ...(watched ? { open: { S: targetKey(state) } } : {}),
    ...(unsaid ? { undelivered: { S: UNDELIVERED } } : {}),
    ...(watched || unsaid
      ? {}
      : { expiresAt: { N: String(Math.ceil((lastFactAt(state) + FORGET_AFTER_MS) / SECOND)) } }),
  };
}

const lastFactAt = ({ evidence, alerts, confirmed, pending }: SecretState): Instant =>
  Math.max(
    confirmed?.at ?? 0,
    pending?.firstSeenAt ?? 0,
    ...evidence.map(({ at }) => at),
    ...alerts.map(({ resolvedAt, openedAt }) => resolvedAt ?? openedAt),
  ) as Instant;

/** The state an item holds. Fields absent from the JSON text are undefined, as they were when it was written. */
export function stateOf(item: Item): SecretState {
  const state = JSON.parse(item['body']?.S ?? '') as SecretState;
  const { replicas = [] } = state;
  return { ...state, replicas };
}

/** The item of what is remembered of a target. */
export const targetItem = (record: TargetRecord): Item => ({
  pk: { S: `target#${targetKey(record)}` },
  sk: { S: 'target' },
  revision: { N: String(record.revision) },
  body: { S: JSON.stringify(record) },
});

/** The target record an item holds; what an older record lacks is as if it was never swept. */
export const targetOf = (item: Item): TargetRecord => {
  const record = JSON.parse(item['body']?.S ?? '') as TargetRecord;
  return { ...freshTarget(record), ...record, disabled: record.disabled };
};

/** The item of how the sweeps of a target go; apart from what is remembered of the target, which is larger. */
export const sweepItem = (record: SweepRecord): Item => ({
  pk: { S: `target#${targetKey(record)}` },
  sk: { S: 'sweep' },
  body: { S: JSON.stringify(record) },
});

/** The record such an item holds. */
export const sweepOf = (item: Item): SweepRecord => JSON.parse(item['body']?.S ?? '') as SweepRecord;
