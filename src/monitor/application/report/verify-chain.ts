import {
  MANIFESTS,
  type ManifestFile,
  type ManifestLink,
  readManifest,
} from '../../domain/report/manifest.ts';
import type { ReportStore } from '../../ports/report/report-store.ts';

/** A manifest that was looked at, newest first. */
export interface CheckedManifest {
  readonly key: string;
  /** Moment of the audit; undefined when the manifest cannot be read. */
  readonly readAt: string | undefined;
  readonly files: number;
  /** One sentence each; empty when all is as it was written. */
  readonly faults: readonly string[];
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

/** Walks the chain of manifests from the newest to the first, and compares every file with its SHA-256. */
export async function verifyChain(store: ReportStore, { head: noted }: ChainAnchor): Promise<ChainCheck> {
  const keys = await store.keys(MANIFESTS);
  const { manifests, hashes } = await walk(store, keys.at(-1));
  const chained = new Set(manifests.map(({ key }) => key));
  return {
    manifests,
    head: hashes[0],
    faults: [
      ...(keys.length === 0 ? ['There is no manifest.'] : []),
      ...keys.filter((key) => !chained.has(key)).map((key) => `Manifest "${key}" is not part of the chain.`),
      ...(noted !== undefined && !hashes.includes(noted)
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
}

/** A link whose SHA-256 is not known, because nothing links to the newest manifest. */
type Step = Pick<ManifestLink, 'key' | 'versionId'> & { readonly sha256: string | undefined };

async function walk(store: ReportStore, newest: string | undefined): Promise<Walked> {
  const manifests: CheckedManifest[] = [];
  const hashes: string[] = [];
  let step: Step | undefined =
    newest === undefined ? undefined : { key: newest, versionId: undefined, sha256: undefined };
  while (step !== undefined && !manifests.some(({ key }) => key === step?.key)) {
    const { checked, sha256, previous }: Visited = await visit(store, step);
    manifests.push(checked);
    if (sha256 !== undefined) hashes.push(sha256);
    step = previous;
  }
  return { manifests, hashes };
}

interface Visited {
  readonly checked: CheckedManifest;
  readonly sha256: string | undefined;
  readonly previous: ManifestLink | undefined;
}

async function visit(store: ReportStore, { key, versionId, sha256 }: Step): Promise<Visited> {
  const stored = await store.text(key, versionId);
  if (stored === undefined) {
    const checked = { key, readAt: undefined, files: 0, faults: ['The manifest is missing.'] };
    return { checked, sha256: undefined, previous: undefined };
  }
  const read = readManifest(stored.text);
  const faults = [
    ...(sha256 !== undefined && sha256 !== stored.sha256
      ? ['The manifest is not the one that the next audit sealed.']
      : []),
    ...(read === undefined ? ['The manifest cannot be read.'] : await faultsOf(store, read.files)),
  ];
  const checked = { key, readAt: read?.readAt, files: read?.files.length ?? 0, faults };
  return { checked, sha256: stored.sha256, previous: read?.previous };
}

async function faultsOf(store: ReportStore, files: readonly ManifestFile[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { key, versionId, sha256 } of files) {
    const digest = await store.digest(key, versionId);
    if (digest === undefined) faults.push(`File "${key}" is missing.`);
    else if (digest.sha256 !== sha256) faults.push(`File "${key}" was changed.`);
  }
  return faults;
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
