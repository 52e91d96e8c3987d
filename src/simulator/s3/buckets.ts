import { createHash } from 'node:crypto';
import type { Instant } from '../../calendar/instant.ts';
import type { Random } from '../call/random.ts';
import { conflict, missingBucket } from './errors.ts';

/** Retention that keeps a version of an object from being deleted. */
export interface ObjectLock {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly retainUntil: Instant;
}

/** One version of an object. */
export interface ObjectVersion {
  readonly key: string;
  /** `null` in a bucket without versioning, as S3 writes it. */
  readonly versionId: string;
  readonly body: string;
  readonly etag: string;
  /** Base64. */
  readonly sha256: string;
  readonly contentType: string;
  readonly modifiedAt: Instant;
  readonly lock: ObjectLock | undefined;
}

/** Properties of a bucket. */
export interface BucketOptions {
  readonly isVersioned: boolean;
  /** Whether objects may be locked; only together with versioning. */
  readonly hasObjectLock: boolean;
}

/** A bucket: for each key its versions, the latest last. */
export interface Bucket extends BucketOptions {
  readonly name: string;
  readonly versions: Map<string, readonly ObjectVersion[]>;
}

/** The buckets of an account. */
export class Buckets {
  readonly #random: Random;
  readonly #byName = new Map<string, Bucket>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Makes an empty bucket; fails when the name is taken. */
  create(name: string, options: Partial<BucketOptions> = {}): Bucket {
    if (this.#byName.has(name)) throw conflict(name);
    const bucket = { name, isVersioned: true, hasObjectLock: false, ...options, versions: new Map() };
    this.#byName.set(name, bucket);
    return bucket;
  }

  /** The bucket of this name; fails as S3 does when there is none. */
  find(name: string): Bucket {
    const bucket = this.#byName.get(name);
    if (bucket === undefined) throw missingBucket(name);
    return bucket;
  }

  /** Whether there is such a version of an object, or any where none is named. */
  has(name: string, { key, versionId }: { key: string; versionId: string | undefined }): boolean {
    const versions = this.#byName.get(name)?.versions.get(key) ?? [];
    return versions.some((each) => versionId === undefined || each.versionId === versionId);
  }

  /** Stores an object, as a new version where the bucket has versions. */
  put(
    bucket: Bucket,
    given: Pick<ObjectVersion, 'key' | 'body' | 'contentType' | 'modifiedAt' | 'lock'>,
  ): ObjectVersion {
    const versionId = bucket.isVersioned ? this.#random.uuid().replaceAll('-', '') : 'null';
    const version: ObjectVersion = { ...given, versionId, ...sumsOf(given.body) };
    const earlier = bucket.isVersioned ? (bucket.versions.get(given.key) ?? []) : [];
    bucket.versions.set(given.key, [...earlier, version]);
    return version;
  }

  /** Changes what is stored behind the back of everybody, as a test of a broken chain needs it. */
  tamper(name: string, key: string, body: string): void {
    const { versions } = this.find(name);
    const all = versions.get(key) ?? [];
    versions.set(key, [
      ...all.slice(0, -1),
      ...all.slice(-1).map((version) => ({ ...version, body, ...sumsOf(body) })),
    ]);
  }

  /** Removes an object with all its versions, as whoever may delete versions can. */
  remove(name: string, key: string): void {
    this.find(name).versions.delete(key);
  }
}

const sumsOf = (body: string): Pick<ObjectVersion, 'etag' | 'sha256'> => ({
  etag: `"${createHash('md5').update(body).digest('hex')}"`,
  sha256: createHash('sha256').update(body).digest('base64'),
});
