import type { GroupRecord } from '../../domain/alert/group-record.ts';
import type { FunctionInspection } from '../../domain/examine/function-inspection.ts';
import { targetKey } from '../../domain/secret/secret.ts';
import { isWatched, type SecretState, type TargetRecord } from '../../domain/state/secret-state.ts';
import type { SweepRecord } from '../../domain/sweep/sweep-result.ts';
import type { AlertStore } from '../../ports/store/alert-store.ts';
import type { Attempt, AttemptEntry } from '../../ports/store/attempt-store.ts';
import type { Lock } from '../../ports/store/locks.ts';
import type { WriteOutcome } from '../../ports/store/state-store.ts';

/** States of a page, about as many as DynamoDB hands over at once. */
const PAGE = 200;

/** Remembers as long as the process lives: for one look at a fleet, and for tests. */
export function memoryAlertStore(): AlertStore {
  const states = new Map<string, SecretState>();
  const targets = new Map<string, TargetRecord>();
  const sweeps = new Map<string, SweepRecord>();
  const attempts = new Map<string, Map<string, AttemptEntry>>();
  const groups = new Map<string, GroupRecord>();
  const inspections = new Map<string, FunctionInspection>();
  const locks = new Map<string, Lock>();
  const undelivered = () => [...states.values()].filter(({ outbox }) => outbox.length > 0);
  return {
    read: async (subject) => states.get(subject),
    write: async (state) => putRevised(states, state.subject, state),
    open: async (target) =>
      [...states.values()].filter((state) => targetKey(state) === targetKey(target) && isWatched(state)),
    undelivered: async () => undelivered(),
    async forEachUndelivered(take) {
      const all = undelivered();
      for (let start = 0; start < all.length; start += PAGE) await take(all.slice(start, start + PAGE));
    },
    readTarget: async (target) => targets.get(targetKey(target)),
    writeTarget: async (record) => putRevised(targets, targetKey(record), record),
    readSweep: async (target) => sweeps.get(targetKey(target)),
    async writeSweep(record) {
      sweeps.set(targetKey(record), record);
    },
    async recordAttempt(entry) {
      const known = attempts.get(entry.secretArn) ?? new Map<string, AttemptEntry>();
      attempts.set(entry.secretArn, known.set(entry.eventId, entry));
    },
    attempts: async (arn) => folded([...(attempts.get(arn)?.values() ?? [])]),
    readGroup: async (key) => groups.get(key),
    async writeGroup(record) {
      groups.set(record.key, record);
    },
    readInspection: async (functionArn) => inspections.get(functionArn),
    async writeInspection(inspection) {
      inspections.set(inspection.functionArn, inspection);
    },
    async acquireLock(lock) {
      const held = locks.get(lock.name);
      if (held !== undefined && held.holder !== lock.holder && held.until > lock.now) return false;
      locks.set(lock.name, lock);
      return true;
    },
    async releaseLock({ name, holder }) {
      if (locks.get(name)?.holder === holder) locks.delete(name);
    },
  };
}

function putRevised<T extends { readonly revision: number }>(
  map: Map<string, T>,
  key: string,
  value: T,
): WriteOutcome {
  if ((map.get(key)?.revision ?? 0) !== value.revision) return 'conflict';
  map.set(key, { ...value, revision: value.revision + 1 });
  return 'written';
}

function folded(entries: readonly AttemptEntry[]): readonly Attempt[] {
  const byId = new Map<string, AttemptEntry[]>();
  for (const entry of entries.toSorted((a, b) => a.at - b.at)) {
    const own = byId.get(attemptId(entry)) ?? [];
    own.push(entry);
    byId.set(attemptId(entry), own);
  }
  return [...byId]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([versionId, own]) => {
      const first = (kind: AttemptEntry['kind']) => own.find((entry) => entry.kind === kind)?.at;
      return {
        versionId,
        startedAt: first('started'),
        succeededAt: first('succeeded'),
        abandonedAt: first('abandoned'),
        failures: own.filter(({ kind }) => kind === 'failed').map(({ at, step }) => ({ at, step })),
      };
    });
}

const attemptId = ({ versionId, eventId }: AttemptEntry): string => versionId ?? `unknown#${eventId}`;
