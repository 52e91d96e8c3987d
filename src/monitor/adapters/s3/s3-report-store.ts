import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import {
  type ReportStore,
  ReportStoreError,
  type ReportUpload,
  type StoredFile,
  type StoredText,
} from '../../ports/report/report-store.ts';
import { describeNeeding, failureOf } from '../aws/failure-of.ts';
import { beginLocalFile, orFail } from '../system/local-file.ts';

/** A bucket with versions, and the beginning of all keys in it, such as `audits/`; empty for none. */
export interface ReportBucket {
  readonly name: string;
  readonly prefix: string;
}

/**
 * Reports in a bucket with versions. Writing needs s3:PutObject alone: a report is gathered in a file of this machine,
 * because S3 wants to know its length and its checksum first. Verifying reads objects and lists versions; that an object
 * is gone, S3 says to those alone who may list the bucket.
 */
export const s3ReportStore = (client: S3Client, bucket: ReportBucket): ReportStore => ({
  create: (key, contentType) => beginUpload({ client, bucket, key, contentType }),
  digest: async (key, versionId) => {
    const hash = createHash('sha256');
    let bytes = 0;
    const read = await readObject(client, bucket, { key, versionId });
    if (read === undefined) return undefined;
    for await (const chunk of read.body) {
      hash.update(chunk);
      bytes += chunk.byteLength;
    }
    return { sha256: hash.digest('hex'), bytes };
  },
  text: async (key, versionId) => {
    const read = await readObject(client, bucket, { key, versionId });
    return read === undefined ? undefined : { ...(await wholeText(read.body)), versionId: read.versionId };
  },
  keys: (prefix) => keysOf(client, bucket, prefix),
});

interface Upload {
  readonly client: S3Client;
  readonly bucket: ReportBucket;
  readonly key: string;
  readonly contentType: string;
}

async function beginUpload(upload: Upload): Promise<ReportUpload> {
  // Nobody else on this machine may read in it.
  const folder = await orFail(`Cannot write in "${tmpdir()}"`, () =>
    mkdtemp(join(tmpdir(), 'rotation-report-')),
  );
  const path = join(folder, 'report');
  const file = await beginLocalFile({ path, name: path, isPrivate: true });
  const discard = async (): Promise<void> => {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    write: (text) => file.write(text),
    discard,
    close: async () => {
      try {
        const proof = await file.close();
        return { ...(await send(upload, { path, ...proof })), ...proof };
      } finally {
        await discard();
      }
    },
  };
}

interface Gathered {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A stream cannot be sent twice, so that a further try begins a new one. None stays open where its call fails. */
async function send(
  { client, bucket, key, contentType }: Upload,
  { path, sha256, bytes }: Gathered,
): Promise<Pick<StoredFile, 'key' | 'versionId'>> {
  const put = async () => {
    const body = createReadStream(path);
    try {
      return await client.send(
        new PutObjectCommand({
          Bucket: bucket.name,
          Key: `${bucket.prefix}${key}`,
          Body: body,
          ContentLength: bytes,
          ContentType: contentType,
          ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
        }),
      );
    } finally {
      if (!body.closed) await once(body.destroy(), 'close');
    }
  };
  const answer = await put()
    .catch((error: unknown) => (failureOf(error).retryable ? put() : Promise.reject(error)))
    .catch(failed(`write "${key}" to`, bucket, 's3:PutObject'));
  return { key, versionId: answer.VersionId };
}

interface ObjectRead {
  readonly body: AsyncIterable<Uint8Array>;
  readonly versionId: string | undefined;
}

async function readObject(
  client: S3Client,
  bucket: ReportBucket,
  { key, versionId }: Pick<StoredFile, 'key' | 'versionId'>,
): Promise<ObjectRead | undefined> {
  const Key = `${bucket.prefix}${key}`;
  const command = new GetObjectCommand({ Bucket: bucket.name, Key, VersionId: versionId });
  try {
    const { Body, VersionId } = await client.send(command);
    const body = whole(
      Body as AsyncIterable<Uint8Array>,
      failed(`read "${key}" from`, bucket, 's3:GetObject'),
    );
    return { body, versionId: VersionId };
  } catch (error) {
    if (error instanceof Error && /^NoSuch(Key|Version)$/.test(error.name)) return undefined;
    const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
    return failed(
      `read "${key}" from`,
      bucket,
      `${action}, and s3:ListBucket to know that it is gone`,
    )(error);
  }
}

/** A body whose transfer may break off, or whose checksum may be another: then it fails as a call does. */
async function* whole(
  body: AsyncIterable<Uint8Array>,
  fail: (error: unknown) => never,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    fail(error);
  }
}

async function wholeText(body: AsyncIterable<Uint8Array>): Promise<StoredText> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return {
    text: bytes.toString('utf8'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.byteLength,
  };
}

async function keysOf(client: S3Client, bucket: ReportBucket, prefix: string): Promise<readonly string[]> {
  const keys = new Set<string>();
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (marker !== undefined) {
    const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({
      Bucket: bucket.name,
      Prefix: `${bucket.prefix}${prefix}`,
      ...marker,
    });
    const page = await client
      .send(command)
      .catch(failed(`list "${prefix}" of`, bucket, 's3:ListBucketVersions'));
    for (const { Key } of page.Versions ?? [])
      if (Key !== undefined) keys.add(Key.slice(bucket.prefix.length));
    marker = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : undefined;
  }
  return [...keys].sort();
}

const failed =
  (what: string, { name }: ReportBucket, action: string) =>
  (error: unknown): never => {
    throw new ReportStoreError(`Cannot ${what} bucket "${name}": ${describeNeeding(action, error)}`, {
      ...failureOf(error),
      cause: error,
    });
  };
