import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { directoryReportStore } from '../../src/monitor/adapters/directory/directory-report-store.ts';
import { memoryReportStore } from '../../src/monitor/adapters/memory/audit/memory-report-store.ts';
import { s3ReportStore } from '../../src/monitor/adapters/s3/s3-report-store.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { START } from '../unit/simulator/open-account.ts';
import { reportStoreContract } from './report-store.suite.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'reports-'));
  closing.push(() => rmSync(path, { recursive: true }));
  return path;
}

function bucket() {
  const simulator = createSimulator({ clock: new VirtualClock(START), seed: 1 });
  simulator.s3.buckets.create('audits');
  const client = new S3Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'auditor', secretAccessKey: 'simulated' },
    requestHandler: simulator.requestHandler('auditor'),
    maxAttempts: 1,
  });
  return { simulator, store: s3ReportStore(client, { name: 'audits', prefix: 'team/' }) };
}

describe('memoryReportStore', () => {
  reportStoreContract(async () => memoryReportStore());
});

describe('directoryReportStore', () => {
  reportStoreContract(async () => directoryReportStore(join(directory(), 'new')));

  test.each(['../a', 'a/../../b', '/a', 'a//b', 'a\\..\\b'])(
    'a key never leaves the directory: %s',
    async (key) => {
      await expect(directoryReportStore(directory()).create(key, 'text/plain')).rejects.toMatchObject({
        name: 'ReportStoreError',
        reason: 'invalid',
      });
    },
  );
});

describe('s3ReportStore', () => {
  reportStoreContract(async () => bucket().store);

  test('each version keeps its own proof', async () => {
    const { store } = bucket();
    const write = async (text: string) => {
      const upload = await store.create('a.txt', 'text/plain');
      await upload.write(text);
      return upload.close();
    };
    const [first, second] = [await write('one'), await write('two')];
    expect(await store.digest('a.txt', first.versionId)).toEqual({ sha256: first.sha256, bytes: 3 });
    expect(second.versionId).not.toBe(first.versionId);
  });

  test('writing calls PutObject alone, and leaves nothing on the machine', async () => {
    const { simulator, store } = bucket();
    // A folder of its own: other tests of the machine write reports, too.
    const own = mkdtempSync(join(tmpdir(), 'reports-'));
    onTestFinished(() => rmSync(own, { recursive: true }));
    vi.stubEnv('TMPDIR', own);
    const upload = await store.create('a.txt', 'text/plain');
    await upload.write('text');
    const [file = ''] = (await readdir(tmpdir())).filter((name) => name.startsWith('rotation-report-'));
    expect(statSync(join(tmpdir(), file)).mode & 0o077).toBe(0);
    await upload.close();
    expect(simulator.callLog.counts()).toEqual({ 's3:PutObject': 1 });
    expect(await readdir(own)).toEqual([]);
  });

  test('a throttled write is tried again, a denied one is not', async () => {
    const { simulator, store } = bucket();
    const write = async () => {
      const upload = await store.create('a.txt', 'text/plain');
      await upload.write('text');
      return upload.close();
    };
    simulator.faults.add({ kind: 'throttled', probability: 1, service: 's3', times: 1 });
    expect(await write()).toMatchObject({ bytes: 4 });
    simulator.faults.add({ kind: 'denied', probability: 1, service: 's3' });
    await expect(write()).rejects.toMatchObject({ name: 'ReportStoreError', reason: 'denied' });
  });

  test('a bucket that is not there is named', async () => {
    const { simulator } = bucket();
    const client = new S3Client({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'auditor', secretAccessKey: 'simulated' },
      requestHandler: simulator.requestHandler('auditor'),
    });
    const store = s3ReportStore(client, { name: 'elsewhere', prefix: '' });
    await expect(store.text('a', undefined)).rejects.toThrow(/elsewhere/);
    await expect(store.keys('')).rejects.toThrow(/elsewhere/);
  });
});
