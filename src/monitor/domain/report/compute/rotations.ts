import { type Instant, instant, MINUTE } from '../../../../calendar/instant.ts';
import { earlier } from '../../rotation/progress.ts';
import type { ChangeEntry } from '../change-entry.ts';
import type { AuditedRotation } from '../secret-audit.ts';

/** The record of one rotation, as the store keeps it. */
export interface RecordedRotation {
  readonly versionId: string;
  readonly startedAt: Instant | undefined;
  readonly succeededAt: Instant | undefined;
  readonly abandonedAt: Instant | undefined;
  readonly listedAt?: Instant | undefined;
  readonly failures: readonly { readonly at: Instant; readonly step: string | undefined }[];
}

/** Records that end this close to each other are about one rotation: an event may name no version, and a list no event. */
const SAME_END_MS: number = 10 * MINUTE;
/** LastRotatedDate and the event of the same success lie this close. */
const SAME_SUCCESS_MS: number = MINUTE;

/** The rotations of a secret, oldest first. A completion that only a list shows is inferred; none is counted twice. */
export function rotationsOf(recorded: readonly RecordedRotation[]): readonly AuditedRotation[] {
  const records = withoutEchoes(byVersion(recorded));
  const unnamed = records.filter(({ versionId }) => isUnnamed(versionId));
  const merged = records
    .filter(({ versionId }) => !isUnnamed(versionId))
    .map((record) => unnamed.filter((each) => isSame(each, record)).reduce(joined, record));
  const left = unnamed.filter((each) => merged.every((record) => !isSame(each, record)));
  const all = [...merged, ...left]
    .map((record) => ({ record, from: beginning(record) }))
    .sort((a, b) => a.from - b.from);
  const ends = all.flatMap(({ record }) => endOf(record) ?? []).sort((a, b) => a - b);
  const lastFrom = all.at(-1)?.from ?? Number.NEGATIVE_INFINITY;
  return all.map(({ record, from }) => rotationOf(record, { ends, hasSuccessor: lastFrom > from }));
}

/** A list names the version in use, which somebody may have put by hand right after the rotation that an event shows. */
function withoutEchoes(records: readonly RecordedRotation[]): readonly RecordedRotation[] {
  const ends = records.flatMap(({ versionId, succeededAt }) =>
    isUnnamed(versionId) ? [] : (succeededAt ?? []),
  );
  return records.filter(
    ({ listedAt, succeededAt, startedAt, failures }) =>
      listedAt === undefined ||
      succeededAt !== undefined ||
      startedAt !== undefined ||
      failures.length > 0 ||
      !ends.some((end) => Math.abs(end - listedAt) <= SAME_SUCCESS_MS),
  );
}

function byVersion(records: readonly RecordedRotation[]): readonly RecordedRotation[] {
  const found = new Map<string, RecordedRotation>();
  for (const record of records) {
    const known = found.get(record.versionId);
    found.set(record.versionId, known === undefined ? record : joined(known, record));
  }
  return [...found.values()];
}

/** The rotations that lists have shown, out of the history of a secret. */
export const listedRotations = (changes: readonly ChangeEntry[]): readonly RecordedRotation[] =>
  changes
    .filter(({ kind }) => kind === 'rotation-listed')
    .map(({ at, after }) => ({
      versionId: after ?? `unknown#${at}`,
      startedAt: undefined,
      succeededAt: undefined,
      abandonedAt: undefined,
      listedAt: at,
      failures: [],
    }));

const isUnnamed = (versionId: string): boolean => versionId.startsWith('unknown#');

const endOf = ({ succeededAt, listedAt }: RecordedRotation): Instant | undefined => succeededAt ?? listedAt;

function isSame(a: RecordedRotation, b: RecordedRotation): boolean {
  const [end, other] = [endOf(a), endOf(b)];
  return end !== undefined && other !== undefined && Math.abs(end - other) <= SAME_END_MS;
}

const joined = (a: RecordedRotation, b: RecordedRotation): RecordedRotation => ({
  ...a,
  startedAt: a.startedAt ?? b.startedAt,
  succeededAt: a.succeededAt ?? b.succeededAt,
  abandonedAt: a.abandonedAt ?? b.abandonedAt,
  // Of several looks that found a version in use the first is nearest to its end.
  listedAt: earlier(a.listedAt, b.listedAt),
  failures: [...a.failures, ...b.failures].sort((x, y) => x.at - y.at),
});

/** The first that is known of a rotation. */
function beginning({ startedAt, failures, abandonedAt, ...ends }: RecordedRotation): Instant {
  const known = [startedAt, failures[0]?.at, ends.succeededAt, ends.listedAt, abandonedAt];
  return instant(Math.min(...known.filter((at) => at !== undefined)));
}

/** The other rotations of the secret, as far as one of them depends on them. */
interface Beside {
  /** Ends of all that succeeded, oldest first. */
  readonly ends: readonly Instant[];
  /** Whether another one began later. */
  readonly hasSuccessor: boolean;
}

function rotationOf(record: RecordedRotation, { ends, hasSuccessor }: Beside): AuditedRotation {
  const { versionId, startedAt, failures, abandonedAt, succeededAt } = record;
  const endedAt = endOf(record);
  // While a version is pending AWS begins no other rotation: one that has a successor was given up.
  const isGivenUp = abandonedAt !== undefined || hasSuccessor;
  const outcome = endedAt !== undefined ? 'succeeded' : isGivenUp ? 'abandoned' : 'under-way';
  const first = failures[0]?.at;
  // A rotation that was given up is repaired by the one that succeeds in its place.
  const repairedAt = endedAt ?? (first === undefined ? undefined : ends.find((end) => end > first));
  return {
    versionId: isUnnamed(versionId) ? undefined : versionId,
    startedAt,
    endedAt: endedAt ?? abandonedAt,
    outcome,
    failures,
    repairMs: first === undefined || repairedAt === undefined ? undefined : Math.max(0, repairedAt - first),
    basis:
      isObserved(record, outcome) && !(outcome === 'succeeded' && succeededAt === undefined)
        ? 'observed'
        : 'inferred',
  };
}

const isObserved = ({ abandonedAt }: RecordedRotation, outcome: AuditedRotation['outcome']): boolean =>
  outcome !== 'abandoned' || abandonedAt !== undefined;
