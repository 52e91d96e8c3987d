import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ReportStore, StoredFile } from '../../src/monitor/ports/report/report-store.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Writes a file in pieces. */
async function store(into: ReportStore, key: string, ...pieces: readonly string[]): Promise<StoredFile> {
  const upload = await into.create(key, 'text/plain');
  for (const piece of pieces) await upload.write(piece);
  return upload.close();
}

/** Tests what every store of reports has to do. */
export function reportStoreContract(open: () => Promise<ReportStore>): void {
  test('a file is stored as it was written, with its proof', async () => {
    const reports = await open();
    const file = await store(reports, 'reports/one/a.csv', 'ünicode,', 'row\r\n');
    const proof = { sha256: sha256('ünicode,row\r\n'), bytes: 14 };
    expect(file).toMatchObject({ key: 'reports/one/a.csv', ...proof });
    expect(await reports.digest(file.key, file.versionId)).toEqual(proof);
    const read = { text: 'ünicode,row\r\n', ...proof, versionId: file.versionId };
    expect(await reports.text(file.key, file.versionId)).toEqual(read);
    expect(await reports.text(file.key, undefined)).toEqual(read);
  });

  test('an empty file is a file', async () => {
    const reports = await open();
    const file = await store(reports, 'empty.txt');
    expect(await reports.digest(file.key, file.versionId)).toEqual({ sha256: sha256(''), bytes: 0 });
  });

  test('what is not there is undefined', async () => {
    const reports = await open();
    expect(await reports.digest('nothing.csv', undefined)).toBeUndefined();
    expect(await reports.text('nothing.csv', undefined)).toBeUndefined();
    expect(await reports.keys('')).toEqual([]);
  });

  test('what is discarded leaves nothing', async () => {
    const reports = await open();
    const upload = await reports.create('reports/a.csv', 'text/csv');
    await upload.write('half');
    expect(await reports.keys('')).toEqual([]);
    await upload.discard();
    expect(await reports.keys('')).toEqual([]);
    expect(await reports.text('reports/a.csv', undefined)).toBeUndefined();
  });

  test('what is stored stays when it is discarded after all', async () => {
    const reports = await open();
    const upload = await reports.create('reports/a.csv', 'text/csv');
    await upload.write('whole');
    const { versionId } = await upload.close();
    await upload.discard();
    expect(await reports.text('reports/a.csv', versionId)).toMatchObject({ text: 'whole' });
  });

  test('keys are listed below a prefix, in their order', async () => {
    const reports = await open();
    for (const key of ['manifests/2.json', 'reports/x/a.csv', 'manifests/1.json', 'manifests/2.json'])
      await store(reports, key, key);
    expect(await reports.keys('manifests/')).toEqual(['manifests/1.json', 'manifests/2.json']);
    expect(await reports.keys('')).toHaveLength(3);
  });

  test('a file that is written again is the new one', async () => {
    const reports = await open();
    await store(reports, 'a.txt', 'old');
    await store(reports, 'a.txt', 'new');
    expect((await reports.text('a.txt', undefined))?.text).toBe('new');
  });
}
