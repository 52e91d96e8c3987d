import { PortError } from '../failure.ts';

/** Proof of what is stored. */
export interface Digest {
  /** SHA-256, in lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** A stored file, and how to find it again. */
export interface StoredFile extends Digest {
  readonly key: string;
  /** The version that the store gave it; undefined in a store without versions. */
  readonly versionId: string | undefined;
}

/** A whole file with its proof. */
export interface StoredText extends Digest {
  readonly text: string;
  /** The version that was read; undefined in a store without versions. */
  readonly versionId?: string | undefined;
}

/** A file that is being written; nothing of it is stored before it is closed. */
export interface ReportUpload {
  write(text: string): Promise<void>;
  close(): Promise<StoredFile>;
  /** Forgets what was written. */
  discard(): Promise<void>;
}

/** A place for reports and their manifests. Failures are {@link ReportStoreError}s. */
export interface ReportStore {
  /** Begins a file; its memory does not grow with the file. */
  create(key: string, contentType: string): Promise<ReportUpload>;
  /** The proof of a file as it is stored now; undefined when it is not there. The latest version without an id. */
  digest(key: string, versionId: string | undefined): Promise<Digest | undefined>;
  /** A small file as a whole; undefined when it is not there. */
  text(key: string, versionId: string | undefined): Promise<StoredText | undefined>;
  /** The keys that begin with a prefix, in the order of their characters. */
  keys(prefix: string): Promise<readonly string[]>;
}

/** A call to the store failed. */
export class ReportStoreError extends PortError {
  override readonly name = 'ReportStoreError';
}
