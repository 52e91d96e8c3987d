import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryReportStore } from '../../../../../src/monitor/adapters/memory/audit/memory-report-store.ts';
import { archiveReport } from '../../../../../src/monitor/application/report/archive-report.ts';
import type { ReportStore, ReportUpload } from '../../../../../src/monitor/ports/report/report-store.ts';
import { aStream } from '../../../../support/reports.ts';

/** A store of which one call fails, by its number from 1, and the uploads that are neither closed nor discarded. */
function failingAt(failing: number) {
  const memory = memoryReportStore();
  const open = new Set<ReportUpload>();
  let calls = 0;
  const call = (): void => {
    calls += 1;
    if (calls === failing) throw new Error('the disk is full');
  };
  const store: ReportStore = {
    ...memory,
    create: async (...given) => {
      call();
      const inner = await memory.create(...given);
      const upload: ReportUpload = {
        write: async (text) => {
          call();
          await inner.write(text);
        },
        close: async () => {
          call();
          open.delete(upload);
          return inner.close();
        },
        discard: async () => void open.delete(upload),
      };
      open.add(upload);
      return upload;
    },
  };
  return { store, open, calls: () => calls };
}

const archived = ({ store }: { readonly store: ReportStore }) =>
  archiveReport({ store, formats: ['csv', 'json'], previous: undefined }, aStream());

test('whatever call fails, nothing that was gathered remains, and nothing is sealed', async () => {
  const sound = failingAt(0);
  await archived(sound);
  expect(sound.calls()).toBeGreaterThan(8);
  for (let failing = 1; failing <= sound.calls(); failing++) {
    const world = failingAt(failing);
    await expect(archived(world), `call ${failing}`).rejects.toThrow('the disk is full');
    expect([...world.open], `call ${failing}`).toEqual([]);
    expect(await world.store.keys('manifests/'), `call ${failing}`).toEqual([]);
  }
});

test('nothing else begins an upload, which it would have to discard', () => {
  const sources = readdirSync('src/monitor/application', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .filter((path) => /\w\.create\(/.test(readFileSync(join('src/monitor/application', path), 'utf8')));
  expect(sources).toEqual(['report/with-uploads.ts']);
});
