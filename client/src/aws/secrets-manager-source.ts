import type { APIErrorType, SecretsManagerClient, SecretValueEntry } from '@aws-sdk/client-secrets-manager';
import type { SecretResponse } from '../cache/secret-value.ts';
import { SecretReadError } from '../errors.ts';
import type { BatchResult, SecretRequest, SecretSource } from '../source.ts';
import { readFailure } from './read-failure.ts';
import { secretsManagerClient } from './secrets-manager-client.ts';

/** A client, a promise of one, or a function that makes one when it is needed first. */
export type ClientProvider =
  | SecretsManagerClient
  | Promise<SecretsManagerClient>
  | (() => SecretsManagerClient | Promise<SecretsManagerClient>);

/** Reads secrets from the API of Secrets Manager. The SDK is loaded on the first read. */
export function secretsManagerSource(provider: ClientProvider = () => secretsManagerClient()): SecretSource {
  let made: Promise<SecretsManagerClient> | undefined;
  const client = () => {
    made ??= Promise.resolve(typeof provider === 'function' ? provider() : provider);
    // One that could not be made is tried again by the next read.
    made.catch(() => {
      made = undefined;
    });
    return made;
  };
  return {
    read: async (request, signal) => {
      try {
        return await readOne(await client(), request, signal);
      } catch (error) {
        throw readFailure(request.secretId, error);
      }
    },
    readMany: async (secretIds, signal) => {
      try {
        return await readBatch(await client(), secretIds, signal);
      } catch (error) {
        throw readFailure(secretIds.join(', '), error);
      }
    },
  };
}

async function readOne(
  client: SecretsManagerClient,
  { secretId, versionStage, versionId }: SecretRequest,
  signal: AbortSignal,
): Promise<SecretResponse> {
  const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  // Some emulators do not default to AWSCURRENT.
  const stage = versionStage ?? (versionId === undefined ? 'AWSCURRENT' : undefined);
  const command = new GetSecretValueCommand({
    SecretId: secretId,
    ...(stage !== undefined && { VersionStage: stage }),
    ...(versionId !== undefined && { VersionId: versionId }),
  });
  return checked(secretId, await client.send(command, { abortSignal: signal }));
}

async function readBatch(
  client: SecretsManagerClient,
  secretIds: readonly string[],
  signal: AbortSignal,
): Promise<BatchResult> {
  const { BatchGetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const found: SecretValueEntry[] = [];
  const failed: APIErrorType[] = [];
  let token: string | undefined;
  do {
    const command = new BatchGetSecretValueCommand({
      SecretIdList: [...secretIds],
      ...(token !== undefined && { NextToken: token }),
    });
    const answer = await client.send(command, { abortSignal: signal });
    found.push(...(answer.SecretValues ?? []));
    failed.push(...(answer.Errors ?? []));
    token = answer.NextToken;
  } while (token !== undefined);
  return byId(secretIds, found, failed);
}

function byId(
  secretIds: readonly string[],
  found: readonly SecretValueEntry[],
  failed: readonly APIErrorType[],
): BatchResult {
  const results = new Map<string, SecretResponse | Error>();
  for (const { SecretId = '', ErrorCode = 'Unknown', Message = '' } of failed) {
    const metadata = { $fault: 'client', $metadata: { httpStatusCode: 400 } };
    results.set(
      SecretId,
      readFailure(SecretId, Object.assign(new Error(Message), metadata, { name: ErrorCode })),
    );
  }
  for (const id of secretIds) {
    const entries = found.filter(({ ARN, Name }) => ARN === id || Name === id || ARN?.startsWith(`${id}-`));
    // Two that fit a partial ARN or a name are distinguished by single reads.
    const [entry, ...others] = entries;
    if (entry !== undefined && others.length === 0) results.set(id, checked(id, entry));
  }
  return results;
}

/** @throws {SecretReadError} Fields are missing that every answer has. */
function checked(secretId: string, answer: Partial<SecretResponse> | SecretValueEntry): SecretResponse {
  const { ARN, Name, VersionId, VersionStages = [], CreatedDate, SecretString, SecretBinary } = answer;
  const complete = [ARN, Name, VersionId].every((field) => typeof field === 'string');
  if (!complete || (SecretString === undefined && SecretBinary === undefined))
    throw new SecretReadError(secretId, 'server', 'the answer lacks a field that every answer has');
  return {
    ARN: String(ARN),
    Name: String(Name),
    VersionId: String(VersionId),
    VersionStages,
    CreatedDate,
    SecretString,
    SecretBinary,
  };
}
