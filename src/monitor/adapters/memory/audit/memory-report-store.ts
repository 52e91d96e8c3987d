import { createHash } from 'node:crypto';
import type { Digest, ReportStore } from '../../../ports/report/report-store.ts';

/** A store in memory that keeps every version, and a way to change what it holds. */
export interface MemoryReportStore extends ReportStore {
  /** Changes the latest version behind everybody's back; undefined removes the file. */
  tamper(key: string, text: string | undefined): void;
}

/** Reports in memory, with versions numbered from 1. */
export function memoryReportStore(): MemoryReportStore {
  const files = new Map<string, readonly string[]>();
  const find = (key: string, versionId: string | undefined): string | undefined => {
    const versions = files.get(key) ?? [];
    return versionId === undefined ? versions.at(-1) : versions[Number(versionId) - 1];
  };
  return {
    create: async (key) => {
      const pieces: string[] = [];
      return {
        write: async (text) => void pieces.push(text),
        discard: async () => undefined,
        close: async () => {
          const versions = [...(files.get(key) ?? []), pieces.join('')];
          files.set(key, versions);
          return { key, versionId: String(versions.length), ...digestOf(pieces.join('')) };
        },
      };
    },
    digest: async (key, versionId) => {
      const text = find(key, versionId);
      return text === undefined ? undefined : digestOf(text);
    },
    text: async (key, versionId) => {
      const text = find(key, versionId);
      const latest = String(files.get(key)?.length);
      return text === undefined ? undefined : { text, ...digestOf(text), versionId: versionId ?? latest };
    },
    keys: async (prefix) => [...files.keys()].filter((key) => key.startsWith(prefix)).sort(),
    tamper: (key, text) => {
      const earlier = (files.get(key) ?? []).slice(0, -1);
      if (text === undefined) files.delete(key);
      else files.set(key, [...earlier, text]);
    },
  };
}

const digestOf = (text: string): Digest => ({
  sha256: createHash('sha256').update(text).digest('hex'),
  bytes: Buffer.byteLength(text),
});
