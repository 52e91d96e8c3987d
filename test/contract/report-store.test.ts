import { existsSync, mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { open as openFile, readdir } from 'node:fs/promises';
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

/** Returns the files of a folder that this process has open, removed ones among them. Linux alone shows them. */
async function openFilesIn(folder: string): Promise<readonly string[]> {
  const links = existsSync('/proc/self/fd') ? await readdir('/proc/self/fd') : [];
  const paths = links.map((link) => {
    try {
      return readlinkSync(join('/proc/self/fd', link));
    } catch {
      return '';
    }
  });
  return paths.filter((path) => path.startsWith(folder));
}

test.each([
  ['directoryReportStore', () => directoryReportStore(directory())],
  ['s3ReportStore', () => bucket().store],
])('%s goes on where the disk takes a text only in part', async (_name, open) => {
  const probe = await openFile(join(directory(), 'probe'), 'w');
  const handles = Object.getPrototypeOf(probe);
  await probe.close();
  const whole = handles.write;
  vi.spyOn(handles, 'write').mockImplementation(function (this: unknown, bytes: unknown) {
    const all = Buffer.from(bytes as Uint8Array);
    return whole.call(this, all.subarray(0, Math.ceil(all.byteLength / 2)));
  });
  const store = open();
  const upload = await store.create('a.txt', 'text/plain');
  await upload.write('a text that is long enough to be cut');
  const { versionId } = await upload.close();
  expect(await store.text('a.txt', versionId)).toMatchObject({
    text: 'a text that is long enough to be cut',
  });
});

describe('s3ReportStore', () => {
  test.each(['digest', 'text'] as const)('%s of a body that breaks off is a failed call', async (method) => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    }
    const client = new S3Client({ region: 'eu-west-1' });
    const answering = Object.assign(client, { send: async () => ({ Body: broken() }) });
    const store = s3ReportStore(answering, { name: 'audits', prefix: '' });
    await expect(store[method]('audit.csv', undefined)).rejects.toMatchObject({
      name: 'ReportStoreError',
      reason: 'network',
      message: expect.stringContaining('Cannot read "audit.csv" from bucket "audits"'),
    });
  });

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

  test('a write that reaches nobody leaves no open file and nothing on the machine', async () => {
    const own = mkdtempSync(join(tmpdir(), 'reports-'));
    onTestFinished(() => rmSync(own, { recursive: true }));
    vi.stubEnv('TMPDIR', own);
    const client = new S3Client({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'auditor', secretAccessKey: 'simulated' },
      requestHandler: { handle: () => Promise.reject(new Error('refused')) },
      maxAttempts: 1,
    });
    const upload = await s3ReportStore(client, { name: 'audits', prefix: '' }).create('a.txt', 'text/plain');
    await upload.write('text');
    await expect(upload.close()).rejects.toThrow(/bucket "audits"/);
    expect(await openFilesIn(own)).toEqual([]);
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
