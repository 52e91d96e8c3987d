import { AwsError } from '../../call/aws-error.ts';
import type { Call, Input } from '../../call/service.ts';
import { readFilters } from '../read/list-filters.ts';
import { pageToken, readPageToken } from '../read/page-token.ts';
import { type Core, present } from '../store/core.ts';
import { invalidParameter } from '../store/errors.ts';
import { readNumber, readObjects, readTexts } from '../store/read-input.ts';
import type { Secret } from '../store/secret.ts';
import { CURRENT, holderOf } from '../store/version-stages.ts';
import { getSecretValue } from './secret-values.ts';

/** Most secrets of an answer. */
const MOST = 20;

/**
 * BatchGetSecretValue: the values in use of up to twenty secrets; a secret that fails leaves the others alone.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
 */
export function batchGetSecretValue(core: Core, input: Input, call: Call): unknown {
  const ids = readTexts(input, 'SecretIdList');
  const filters = readObjects(input, 'Filters');
  if ((ids === undefined) === (filters === undefined)) {
    throw invalidParameter('You must include Filters or SecretIdList, but not both.');
  }
  const limit = readNumber(input, 'MaxResults', 1, MOST);
  if (ids === undefined) return filtered(core, input, { call, limit: limit ?? MOST });
  if (limit !== undefined) throw invalidParameter('To use MaxResults, you must also include Filters.');
  if (ids.length < 1 || ids.length > MOST) {
    throw invalidParameter(`SecretIdList must have between 1 and ${MOST} items.`);
  }
  return answered(core, ids, call);
}

function filtered(
  core: Core,
  input: Input,
  { call, limit }: { readonly call: Call; readonly limit: number },
): unknown {
  const isWanted = readFilters(input);
  const all = [...core.store.all()].filter(
    (secret) => secret.state.deletedAt === undefined && hasValue(secret) && isWanted(secret, secret.state),
  );
  const start = Number(readPageToken(input, 1)?.[0] ?? 0);
  const ids = all.slice(start, start + limit).map(({ arn }) => arn);
  const end = start + ids.length;
  return present({
    ...answered(core, ids, call),
    NextToken: end < all.length ? pageToken([end]) : undefined,
  });
}

const hasValue = ({ state }: Secret): boolean => holderOf(state.versions, CURRENT)?.value !== undefined;

function answered(core: Core, ids: readonly string[], call: Call): object {
  const values: unknown[] = [];
  const errors: object[] = [];
  for (const SecretId of ids) {
    try {
      values.push(getSecretValue(core, { SecretId }, call));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
    }
  }
  return { SecretValues: values, Errors: errors };
}
