import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isOpen } from '../../domain/alert/alert.ts';
import type { GroupRecord } from '../../domain/alert/group-record.ts';
import { DAY, type Instant, SECOND } from '../../domain/instant.ts';
import type { Target } from '../../domain/secret.ts';
import { freshTarget, type SecretState, type TargetRecord } from '../../domain/secret-state.ts';
import { UNDELIVERED } from './table.ts';

/** A DynamoDB item. */
export type Item = Record<string, AttributeValue>;

/** A state about which nothing is open or unsaid is forgotten this long after its last evidence. */
const FORGET_AFTER_MS = 90 * DAY;

/** Partition of a target in the index of open alerts. */
export const targetKey = ({ account, region }: Target): string => `${account}#${region}`;

/** The item of a state; `body` holds it whole, the other attributes are for keys, conditions and indexes. */
export function stateItem(state: SecretState): Item {
  const open = state.alerts.some(isOpen);
  const unsaid = state.outbox.length > 0;
  return {
    pk: { S: state.subject },
    sk: { S: 'state' },
    revision: { N: String(state.revision) },
    body: { S: JSON.stringify(state) },
    ...(open ? { open: { S: targetKey(state) } } : {}),
    ...(unsaid ? { undelivered: { S: UNDELIVERED } } : {}),
    ...(open || unsaid
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
export const stateOf = (item: Item): SecretState => JSON.parse(item['body']?.S ?? '') as SecretState;

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

/** The item of what was told of a group; forgotten long after its last message. */
export function groupItem(record: GroupRecord): Item {
  const lastToldAt = Math.max(0, ...Object.values(record.toldAt));
  return {
    pk: { S: `group#${record.key}` },
    sk: { S: 'group' },
    body: { S: JSON.stringify(record) },
    expiresAt: { N: String(Math.ceil((lastToldAt + FORGET_AFTER_MS) / SECOND)) },
  };
}

/** The group record an item holds. */
export const groupOf = (item: Item): GroupRecord => JSON.parse(item['body']?.S ?? '') as GroupRecord;
