import type { Call, Input } from '../../call/service.ts';
import { type Core, present } from '../store/core.ts';
import { invalidMember, invalidNextToken } from '../store/errors.ts';
import { readFlag, readNumber, readText } from '../store/read-input.ts';
import type { Secret } from '../store/secret.ts';
import { type Position, placeOf, SECRET_ORDERS, type SecretOrder } from '../store/sorted-secrets.ts';
import { listEntry } from './describe-secret.ts';
import { readFilters } from './list-filters.ts';
import { pageToken, readPageToken } from './page-token.ts';

/** Entries of a page when the caller names no number, and at most. */
const MOST_RESULTS = 100;

/**
 * ListSecrets. Reads as many secrets as the page needs; with filters, as many as it takes to fill it. AWS sorts by
 * CreatedDate by default and does not say which way; here the oldest come first.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html
 */
export function listSecrets(core: Core, input: Input, call: Call): unknown {
  const limit = readNumber(input, 'MaxResults', 1, MOST_RESULTS) ?? MOST_RESULTS;
  const order = readOrder(input);
  const start = readStart(input, order);
  const descends = readText(input, 'SortOrder') === 'desc';
  const isWanted = readFilters(input);
  const withDeleted = readFlag(input, 'IncludePlannedDeletion') ?? false;
  const entries: unknown[] = [];
  let last: Secret | undefined;
  for (const secret of secretsAfter(core, order, start, descends)) {
    const state = core.store.lists.stateOf(secret, call.now);
    if (state === undefined || (state.deletedAt !== undefined && !withDeleted)) continue;
    if (!isWanted(secret, state)) continue;
    if (entries.length === limit) return { SecretList: entries, NextToken: tokenAfter(order, last) };
    entries.push(listEntry(secret, state));
    last = secret;
  }
  return present({ SecretList: entries });
}

function* secretsAfter(
  core: Core,
  order: SecretOrder,
  start: Position | undefined,
  descends: boolean,
): Generator<Secret> {
  const { secrets, index } = core.store.from(order, start);
  const step = descends ? -1 : 1;
  const behind = start === undefined ? secrets.length - 1 : firstBefore(secrets, index, start);
  for (let at = descends ? behind : index; at >= 0 && at < secrets.length; at += step) {
    const secret = secrets[at];
    if (secret !== undefined) yield secret;
  }
}

/** The index before the position itself, which is gone when its secret was removed since. */
function firstBefore(secrets: readonly Secret[], index: number, start: Position): number {
  return secrets[index - 1]?.order === start.order ? index - 2 : index - 1;
}

function readOrder(input: Input): SecretOrder {
  const text = readText(input, 'SortBy') ?? 'created-date';
  const order = SECRET_ORDERS.find((known) => known === text);
  if (order === undefined) throw invalidMember('sortBy', text, `satisfy enum value set: [${SECRET_ORDERS}]`);
  return order;
}

function readStart(input: Input, order: SecretOrder): Position | undefined {
  const place = readPageToken(input, 3);
  if (place === undefined) return undefined;
  const [sortedBy, key, created] = place;
  if (sortedBy !== order || key === undefined || typeof created !== 'number') throw invalidNextToken();
  return { key, order: created };
}

function tokenAfter(order: SecretOrder, last: Secret | undefined): string | undefined {
  if (last === undefined) return undefined;
  const place = placeOf(order, last);
  return pageToken([order, place.key, place.order]);
}
