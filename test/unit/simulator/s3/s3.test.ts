import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from 'vitest';
import { createSimulator } from '../../../../src/simulator/simulator.ts';
import { VirtualClock } from '../../../../src/simulator/time/clock.ts';
import { START } from '../open-account.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const credentials = { accessKeyId: 'auditor', secretAccessKey: 'simulated' };

function inProcess() {
  const simulator = createSimulator({ clock: new VirtualClock(START), seed: 1 });
  simulator.s3.buckets.create('reports', { hasObjectLock: true });
  const requestHandler = simulator.requestHandler('auditor');
  const client = new S3Client({ region: 'eu-west-1', credentials, requestHandler, maxAttempts: 1 });
  return { simulator, client };
}

async function overHttp() {
  const { simulator } = inProcess();
  const { endpoint, close } = await simulator.listen({ port: 0 });
  closing.push(close, simulator.close);
  const client = new S3Client({ region: 'eu-west-1', credentials, endpoint, maxAttempts: 1 });
  return { simulator, client };
}

const Bucket = 'reports';
const put = (client: S3Client, Key: string, Body: string) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body }));
const get = async (client: S3Client, Key: string, VersionId?: string) =>
  (await client.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();

describe.each([
  ['in process', async () => inProcess()],
  ['over HTTP', overHttp],
])('%s', (_, open) => {
  test('each version of an object is read by its id, the latest without', async () => {
    const { client } = await open();
    const first = await put(client, 'a/ü b.csv', 'one');
    await put(client, 'a/ü b.csv', 'two');
    expect(await get(client, 'a/ü b.csv')).toBe('two');
    expect(await get(client, 'a/ü b.csv', first.VersionId)).toBe('one');
  });

  test('a stream with its length and checksum is stored as it is', async () => {
    const { client } = await open();
    const text = 'row\r\n'.repeat(1000);
    const ChecksumSHA256 = createHash('sha256').update(text).digest('base64');
    const stream = { Body: Readable.from([Buffer.from(text)]), ContentLength: text.length, ChecksumSHA256 };
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', ...stream }));
    expect(await get(client, 'a')).toBe(text);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
    expect(head).toMatchObject({ ContentLength: 5000, ChecksumSHA256 });
  });

  test('a body that does not fit its checksum is refused', async () => {
    const { client } = await open();
    const ChecksumSHA256 = createHash('sha256').update('other').digest('base64');
    const wrong = new PutObjectCommand({ Bucket, Key: 'a', Body: 'one', ChecksumSHA256 });
    await expect(client.send(wrong)).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(get(client, 'a')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('versions are listed by key, the latest first, page by page', async () => {
    const { client } = await open();
    for (const [key, text] of [
      ['m/1', 'a'],
      ['m/2', 'b'],
      ['m/2', 'c'],
      ['n', 'd'],
    ] as const)
      await put(client, key, text);
    const list = (KeyMarker?: string, VersionIdMarker?: string) =>
      client.send(
        new ListObjectVersionsCommand({ Bucket, Prefix: 'm/', MaxKeys: 2, KeyMarker, VersionIdMarker }),
      );
    const first = await list();
    const second = await list(first.NextKeyMarker, first.NextVersionIdMarker);
    const shown = [first, second].map(({ Versions }) =>
      Versions?.map(({ Key, IsLatest }) => [Key, IsLatest]),
    );
    expect(shown).toEqual([
      [
        ['m/1', true],
        ['m/2', true],
      ],
      [['m/2', false]],
    ]);
    expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
  });

  test('a lock is kept with its version', async () => {
    const { client } = await open();
    const lock = {
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: new Date('2027-01-01T00:00:00Z'),
    } as const;
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'one', ...lock }));
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'a' }))).toMatchObject(lock);
  });

  test('what is not there, or not simulated, is refused by its name', async () => {
    const { client } = await open();
    await put(client, 'a', 'one');
    await expect(get(client, 'b')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(get(client, 'a', 'x')).rejects.toMatchObject({ name: 'NoSuchVersion' });
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'b' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    const elsewhere = new GetObjectCommand({ Bucket: 'other', Key: 'a' });
    await expect(client.send(elsewhere)).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});

test('a lock needs a bucket that has locks', async () => {
  const { simulator, client } = inProcess();
  simulator.s3.buckets.create('plain');
  const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date(START) } as const;
  const locked = new PutObjectCommand({ Bucket: 'plain', Key: 'a', Body: 'one', ...lock });
  await expect(client.send(locked)).rejects.toMatchObject({ name: 'InvalidRequest' });
});

test('a bucket without versions keeps the latest', async () => {
  const { simulator, client } = inProcess();
  simulator.s3.buckets.create('plain', { isVersioned: false });
  for (const Body of ['one', 'two'])
    await client.send(new PutObjectCommand({ Bucket: 'plain', Key: 'a', Body }));
  const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket: 'plain' }));
  expect(Versions).toMatchObject([{ Key: 'a', VersionId: 'null' }]);
});
