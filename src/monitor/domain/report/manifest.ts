import { formatInstant, type Instant } from '../../../calendar/instant.ts';
import type { Provenance } from './audit-report.ts';

/** A stored file as a manifest names it. */
export interface ManifestFile {
  readonly key: string;
  /** SHA-256, in lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** S3's version; undefined in a store without versions. */
  readonly versionId: string | undefined;
}

/** The manifest before, by which the chain is walked. */
export type ManifestLink = Omit<ManifestFile, 'bytes'>;

/** The files of one audit and the link to the audit before: whoever changes one breaks the chain. */
export interface Manifest {
  readonly from: string;
  readonly to: string;
  readonly readAt: string;
  readonly version: string;
  readonly identity: string;
  readonly files: readonly ManifestFile[];
  /** Undefined in the first manifest of a chain. */
  readonly previous: ManifestLink | undefined;
}

/** Version of the shape of manifests. */
const SCHEMA_VERSION = 1;

/** The beginning of the keys of all manifests. */
export const MANIFESTS = 'manifests/';

/** The moment of an audit as keys have it: in order of time, without a colon. */
const keyMoment = (at: Instant): string => formatInstant(at).replaceAll(':', '-');

/** The key of the manifest of an audit. */
export const manifestKey = (readAt: Instant): string => `${MANIFESTS}${keyMoment(readAt)}.json`;

/** The key of a report of an audit. */
export const reportKey = (readAt: Instant, ending: string): string =>
  `reports/${keyMoment(readAt)}/audit.${ending}`;

/** The beginning of the keys of rows that an unfinished audit has read; nobody needs them afterwards. */
export const WORKING = 'working/';

/** The key of the rows that an unfinished audit has read, part by part. */
export const partKey = (readAt: Instant, part: number): string =>
  `${WORKING}${keyMoment(readAt)}/${String(part).padStart(4, '0')}.jsonl`;

/** The manifest of an audit. */
export const manifestOf = (
  { period, readAt, version, identity }: Provenance,
  files: readonly ManifestFile[],
  previous: ManifestLink | undefined,
): Manifest => ({
  from: formatInstant(period.from),
  to: formatInstant(period.to),
  readAt: formatInstant(readAt),
  version,
  identity,
  files,
  previous,
});

/** A manifest as it is stored. */
export const manifestText = ({ files, previous, ...rest }: Manifest): string =>
  `${JSON.stringify(
    {
      schemaVersion: SCHEMA_VERSION,
      ...rest,
      files: files.map(fileJson),
      previous: previous === undefined ? null : linkJson(previous),
    },
    null,
    2,
  )}\n`;

const linkJson = ({ key, sha256, versionId }: ManifestLink): object => ({
  key,
  sha256,
  versionId: versionId ?? null,
});

const fileJson = ({ bytes, ...link }: ManifestFile): object => ({ ...linkJson(link), bytes });

/** The manifest in a stored text; undefined when it is none. */
export function readManifest(text: string): Manifest | undefined {
  const read = parsed(text);
  if (!isRecord(read) || read['schemaVersion'] !== SCHEMA_VERSION || !Array.isArray(read['files']))
    return undefined;
  const files = read['files'].map(readFile);
  const previous = read['previous'] === null ? null : readLink(read['previous']);
  const [from, to, readAt, version, identity] = ['from', 'to', 'readAt', 'version', 'identity'].map((name) =>
    textIn(read, name),
  );
  if (from === undefined || to === undefined || readAt === undefined) return undefined;
  if (version === undefined || identity === undefined || previous === undefined) return undefined;
  const whole = files.filter((file) => file !== undefined);
  if (whole.length !== files.length) return undefined;
  return { from, to, readAt, version, identity, files: whole, previous: previous ?? undefined };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textIn = (record: Record<string, unknown>, name: string): string | undefined => {
  const value = record[name];
  return typeof value === 'string' ? value : undefined;
};

function readLink(value: unknown): ManifestLink | undefined {
  if (!isRecord(value)) return undefined;
  const [key, sha256] = [textIn(value, 'key'), textIn(value, 'sha256')];
  if (key === undefined || sha256 === undefined) return undefined;
  return { key, sha256, versionId: textIn(value, 'versionId') };
}

function readFile(value: unknown): ManifestFile | undefined {
  const link = readLink(value);
  const bytes = isRecord(value) ? value['bytes'] : undefined;
  return link === undefined || typeof bytes !== 'number' ? undefined : { ...link, bytes };
}
