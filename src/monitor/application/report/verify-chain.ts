import {
  MANIFESTS,
  type ManifestFile,
  type ManifestLink,
  readManifest,
} from '../../domain/report/manifest.ts';
import { type ReportStore, ReportStoreError } from '../../ports/report/report-store.ts';

/** A manifest that was looked at, newest first. */
export interface CheckedManifest {
  readonly key: string;
  /** Moment of the audit; undefined when the manifest cannot be read. */
  readonly readAt: string | undefined;
  readonly files: number;
  /** One sentence each; empty when all is as it was written. */
  readonly faults: readonly string[];
  /** The reason of each file that could not be read. */
  readonly unread: readonly string[];
}

/** Result of walking the chain. */
export interface ChainCheck {
  readonly manifests: readonly CheckedManifest[];
  /** Faults of the chain as a whole. */
  readonly faults: readonly string[];
  /** SHA-256 of the newest manifest, to be kept where nobody who writes reports can change it. */
  readonly head: string | undefined;
  /** Statements that the chain cannot prove, one sentence each. */
  readonly unproven: readonly string[];
}

/** An anchor from outside the store. */
export interface ChainAnchor {
  /** SHA-256 of a manifest that was noted elsewhere; undefined when none was. */
  readonly head: string | undefined;
}

/**
 * Walks the chain of manifests from the newest to the first, and compares every file with its SHA-256. A file that cannot be
 * read hides no other; fails with its error where none can.
 */
export async function verifyChain(
  store: ReportStore,
  { head: noted, onChecked }: ChainAnchor & { readonly onChecked?: (manifests: number) => void },
): Promise<ChainCheck> {
  const keys = await store.keys(MANIFESTS);
  const { manifests, hashes, isCut } = await walk(store, keys.at(-1), onChecked);
  const chained = new Set(manifests.map(({ key }) => key));
  const apart = isCut ? [] : keys.filter((key) => !chained.has(key));
  return {
    manifests,
    head: hashes[0],
    faults: [
      ...(keys.length === 0 ? ['There is no manifest.'] : []),
      ...apart.map((key) => `Manifest "${key}" is not part of the chain.`),
      ...(noted !== undefined && !isCut && !hashes.includes(noted)
        ? ['No manifest of the chain has the SHA-256 that was noted elsewhere.']
        : []),
    ],
    unproven: unproven(noted),
  };
}

interface Walked {
  readonly manifests: readonly CheckedManifest[];
  /** SHA-256 of each manifest that is there. */
  readonly hashes: readonly string[];
  /** Whether a manifest could not be read, so that those before it are not known. */
  readonly isCut: boolean;
}

/** A link whose SHA-256 is not known, because nothing links to the newest manifest. */
type Step = Pick<ManifestLink, 'key' | 'versionId'> & { readonly sha256: string | undefined };

async function walk(
  store: ReportStore,
  newest: string | undefined,
  onChecked?: (manifests: number) => void,
): Promise<Walked> {
  const manifests: CheckedManifest[] = [];
  const hashes: string[] = [];
  const reader = new Reader(store);
  let isCut = false;
  let step: Step | undefined =
    newest === undefined ? undefined : { key: newest, versionId: undefined, sha256: undefined };
  while (step !== undefined && !manifests.some(({ key }) => key === step?.key)) {
    const visited: Visited = await visit(reader, step);
    manifests.push(visited.checked);
    if (visited.sha256 !== undefined) hashes.push(visited.sha256);
    isCut ||= visited.isCut === true;
    step = visited.previous;
    onChecked?.(manifests.length);
  }
  reader.check();
  return { manifests, hashes, isCut };
}

interface Visited {
  readonly checked: CheckedManifest;
  readonly sha256: string | undefined;
  readonly previous: ManifestLink | undefined;
  readonly isCut?: true;
}

async function visit(reader: Reader, { key, versionId, sha256 }: Step): Promise<Visited> {
  const empty = { key, readAt: undefined, files: 0, faults: [], unread: [] };
  const gone = { sha256: undefined, previous: undefined };
  const stored = await reader.read((store) => store.text(key, versionId));
  if (stored instanceof ReportStoreError) {
    const unread = [`${stored.message}. The audits before it were not checked.`];
    return { ...gone, checked: { ...empty, unread }, isCut: true };
  }
  if (stored === undefined) return { ...gone, checked: { ...empty, faults: ['The manifest is missing.'] } };
  const read = readManifest(stored.text);
  const files = await filesChecked(reader, read?.files ?? []);
  const faults = [
    ...(sha256 !== undefined && sha256 !== stored.sha256
      ? ['The manifest is not the one that the next audit sealed.']
      : []),
    ...(read === undefined ? ['The manifest cannot be read.'] : files.faults),
  ];
  const checked = { key, readAt: read?.readAt, files: read?.files.length ?? 0, faults, unread: files.unread };
  return { checked, sha256: stored.sha256, previous: read?.previous };
}

async function filesChecked(
  reader: Reader,
  files: readonly ManifestFile[],
): Promise<Pick<CheckedManifest, 'faults' | 'unread'>> {
  const faults: string[] = [];
  const unread: string[] = [];
  for (const { key, versionId, sha256 } of files) {
    const digest = await reader.read((store) => store.digest(key, versionId));
    if (digest instanceof ReportStoreError) unread.push(`${digest.message}.`);
    else if (digest === undefined) faults.push(`File "${key}" is missing.`);
    else if (digest.sha256 !== sha256) faults.push(`File "${key}" was changed.`);
  }
  return { faults, unread };
}

/** Reads from a store, and keeps the errors of what cannot be read. */
class Reader {
  readonly #store: ReportStore;
  #first: ReportStoreError | undefined;
  #files = 0;
  #failed = 0;

  constructor(store: ReportStore) {
    this.#store = store;
  }

  /** Returns what was read, or the error of the store. */
  async read<T>(work: (store: ReportStore) => Promise<T>): Promise<T | ReportStoreError> {
    this.#files += 1;
    try {
      return await work(this.#store);
    } catch (error) {
      if (!(error instanceof ReportStoreError)) throw error;
      this.#failed += 1;
      this.#first ??= error;
      return error;
    }
  }

  /** Fails with the first error, where nothing but the newest manifest could be read. */
  check(): void {
    if (this.#first !== undefined && this.#files - this.#failed <= 1) throw this.#first;
  }
}

const unproven = (noted: string | undefined): readonly string[] => [
  'Completeness: the chain shows only audits that were stored.',
  'Truth: the chain shows only that reports are as they were written.',
  ...(noted === undefined
    ? [
        'The end: the newest manifests may have been removed together with their reports. Note the SHA-256 of the newest one elsewhere.',
        'Authorship: whoever may write all objects can write the whole chain again, unless Object Lock forbids it.',
      ]
    : ['Authorship of the manifests after the noted one.']),
];
