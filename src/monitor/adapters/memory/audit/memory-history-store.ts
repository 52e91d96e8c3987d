import { arnHash } from '../../../domain/arn-hash.ts';
import type { SecretSight } from '../../../domain/history/secret-sight.ts';
import type { AuditRecord } from '../../../domain/report/audit-record.ts';
import type { ChangeEntry } from '../../../domain/report/change-entry.ts';
import type { ExceptionRecord } from '../../../domain/report/exception-record.ts';
import { splitSecretArn, targetKey } from '../../../domain/secret/secret.ts';
import type { HistoryStore, PopulationCount, PopulationRecord } from '../../../ports/store/history-store.ts';

/** Sights of a page, about as many as DynamoDB hands over at once. */
const PAGE = 1000;

/** Keeps history as long as the process lives. */
export function memoryHistoryStore(): HistoryStore {
  const changes = new Map<string, Map<string, ChangeEntry>>();
  const sights = new Map<string, Map<string, SecretSight>>();
  const populations = new Map<string, PopulationRecord>();
  const counts = new Map<string, PopulationCount[]>();
  const exceptions = new Map<string, ExceptionRecord>();
  const audits = new Map<string, AuditRecord>();
  return {
    async recordChange(entry) {
      const known = changes.get(entry.secretArn) ?? new Map<string, ChangeEntry>();
      changes.set(entry.secretArn, known.set(`${entry.at} ${entry.kind}`, entry));
    },
    changes: async (arn) => [...(changes.get(arn)?.values() ?? [])].sort((a, b) => a.at - b.at),
    readSight: async (target, hash) => sights.get(targetKey(target))?.get(hash),
    async writeSight(sight) {
      const known = sights.get(targetKey(sight)) ?? new Map<string, SecretSight>();
      sights.set(targetKey(sight), known.set(arnHash(sight.arn), sight));
    },
    async sights(target, after = '0') {
      const all = [...(sights.get(targetKey(target))?.values() ?? [])];
      const end = Number(after) + PAGE;
      return { sights: all.slice(Number(after), end), next: end < all.length ? String(end) : undefined };
    },
    async writeException(record) {
      if ((exceptions.get(record.id)?.revision ?? 0) !== record.revision) return 'conflict';
      exceptions.set(record.id, { ...record, revision: record.revision + 1 });
      return 'written';
    },
    exceptions: async (of) =>
      [...exceptions.values()].filter(({ secretArn }) =>
        typeof of === 'string' ? secretArn === of : targetKey(splitSecretArn(secretArn)) === targetKey(of),
      ),
    readPopulation: async (target) => populations.get(targetKey(target)),
    async writePopulation(record) {
      populations.set(targetKey(record), record);
    },
    readAudits: async (home) => audits.get(targetKey(home)),
    async writeAudits(home, record) {
      audits.set(targetKey(home), record);
    },
    async recordCount(target, count) {
      const known = counts.get(targetKey(target)) ?? [];
      counts.set(targetKey(target), [...known.filter(({ at }) => at !== count.at), count]);
    },
    counts: async (target, from, until) =>
      (counts.get(targetKey(target)) ?? [])
        .filter(({ at }) => at >= from && at <= until)
        .sort((a, b) => a.at - b.at),
  };
}
