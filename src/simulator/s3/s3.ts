import * as z from 'zod';
import { parseInstant } from '../../calendar/instant.ts';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Random } from '../call/random.ts';
import type { Call, Input, Operation, Service } from '../call/service.ts';
import { type Bucket, Buckets, type ObjectLock, type ObjectVersion } from './buckets.ts';
import { invalid, missingKey, missingVersion } from './errors.ts';

/** S3 of the account, and the buckets behind it. */
export interface S3 extends Service {
  readonly buckets: Buckets;
}

const refuse = (member: string, reason: string) => invalid(`${member}: ${reason}`);
const naming = z.object({ Bucket: z.string().min(1), Key: z.string().min(1).max(1024) });
const getting = naming.extend({ VersionId: z.string().min(1).optional() });
const putting = naming.extend({
  Body: z.string().default(''),
  ContentType: z.string().default('application/octet-stream'),
  ChecksumSHA256: z.string().optional(),
  /** Whether the request proves its body by any checksum. */
  HasChecksum: z.boolean().default(false),
  IfNoneMatch: z.literal('*').optional(),
  ObjectLockMode: z.enum(['GOVERNANCE', 'COMPLIANCE']).optional(),
  ObjectLockRetainUntilDate: z.string().optional(),
});
const listing = z.object({
  Bucket: z.string().min(1),
  Prefix: z.string().default(''),
  KeyMarker: z.string().default(''),
  VersionIdMarker: z.string().optional(),
  MaxKeys: z.coerce.number().int().min(1).max(1000).default(1000),
});

/** Objects of buckets that tests and the player make: writing, reading by version, listing versions. */
export function createS3(random: Random): S3 {
  const buckets = new Buckets(random);
  const get: Operation = (input) => {
    const { Bucket: name, Key, VersionId } = readInput(getting, input, refuse);
    return shown(versionOf(buckets.find(name), Key, VersionId));
  };
  return {
    buckets,
    operations: {
      PutObject: (input, call) => putObject(buckets, input, call),
      GetObject: get,
      HeadObject: get,
      ListObjectVersions: (input) => {
        const { Bucket: name, ...rest } = readInput(listing, input, refuse);
        return listVersions(buckets.find(name), rest);
      },
    },
  };
}

function putObject(buckets: Buckets, input: Input, { now }: Call): object {
  const given = readInput(putting, input, refuse);
  const bucket = buckets.find(given.Bucket);
  if (given.IfNoneMatch === '*' && bucket.versions.has(given.Key)) {
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions did not hold', 412);
  }
  const lock = lockIn(given);
  if (lock !== undefined && !bucket.hasObjectLock)
    throw invalid('Bucket is missing Object Lock Configuration');
  if (lock !== undefined && !given.HasChecksum) {
    throw invalid(
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    );
  }
  const stored = { key: given.Key, body: given.Body, contentType: given.ContentType, modifiedAt: now, lock };
  const version = buckets.put(bucket, stored);
  if (given.ChecksumSHA256 !== undefined && given.ChecksumSHA256 !== version.sha256) {
    bucket.versions.set(given.Key, (bucket.versions.get(given.Key) ?? []).slice(0, -1));
    throw new AwsError('BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
  }
  return shown(version);
}

function lockIn(given: z.infer<typeof putting>): ObjectLock | undefined {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: date } = given;
  if (mode === undefined && date === undefined) return undefined;
  const retainUntil = date === undefined ? undefined : parseInstant(date);
  if (mode !== undefined && retainUntil !== undefined) return { mode, retainUntil };
  throw invalid('x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied');
}

function versionOf(bucket: Bucket, key: string, versionId: string | undefined): ObjectVersion {
  const versions = bucket.versions.get(key) ?? [];
  const found = versions.findLast((each) => versionId === undefined || each.versionId === versionId);
  if (found !== undefined) return found;
  throw versionId === undefined ? missingKey() : missingVersion();
}

/** A version in the words of the API, with its body. */
const shown = ({ body, etag, versionId, sha256, contentType, modifiedAt, lock }: ObjectVersion): object => ({
  Body: body,
  ETag: etag,
  VersionId: versionId,
  ChecksumSHA256: sha256,
  ContentType: contentType,
  ContentLength: Buffer.byteLength(body),
  LastModified: new Date(modifiedAt),
  ...(lock !== undefined && {
    ObjectLockMode: lock.mode,
    ObjectLockRetainUntilDate: new Date(lock.retainUntil),
  }),
});

type Listing = Omit<z.infer<typeof listing>, 'Bucket'>;

/** Versions by key, the latest of each first. */
function listVersions(bucket: Bucket, { Prefix, KeyMarker, VersionIdMarker, MaxKeys }: Listing): object {
  const keys = [...bucket.versions.keys()].filter((key) => key.startsWith(Prefix)).sort();
  const all = keys.flatMap((key) =>
    (bucket.versions.get(key) ?? [])
      .toReversed()
      .map((version, index) => ({ version, isLatest: index === 0 })),
  );
  const rest = all.slice(startOf(all, KeyMarker, VersionIdMarker));
  const page = rest.slice(0, MaxKeys);
  const last = page.at(-1)?.version;
  return {
    Name: bucket.name,
    Prefix,
    MaxKeys,
    IsTruncated: rest.length > page.length,
    ...(rest.length > page.length && { NextKeyMarker: last?.key, NextVersionIdMarker: last?.versionId }),
    Version: page.map(({ version, isLatest }) => ({
      Key: version.key,
      VersionId: version.versionId,
      IsLatest: isLatest,
      LastModified: new Date(version.modifiedAt),
      ETag: version.etag,
      Size: Buffer.byteLength(version.body),
      StorageClass: 'STANDARD',
    })),
  };
}

function startOf(
  all: readonly { readonly version: ObjectVersion }[],
  key: string,
  versionId: string | undefined,
): number {
  if (key === '') return 0;
  const index = all.findLastIndex(
    ({ version }) => version.key === key && (versionId === undefined || version.versionId === versionId),
  );
  return index === -1 ? all.filter(({ version }) => version.key <= key).length : index + 1;
}
