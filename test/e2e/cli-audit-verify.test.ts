import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { DAY, later } from '../../src/calendar/instant.ts';
import { auditVerifySchema } from '../../src/cli/schemas/audit-commands-schema.ts';
import { directoryReportStore } from '../../src/monitor/adapters/directory/directory-report-store.ts';
import { s3ReportStore } from '../../src/monitor/adapters/s3/s3-report-store.ts';
import { archiveReport } from '../../src/monitor/application/report/archive-report.ts';
import type { ReportStore, StoredFile } from '../../src/monitor/ports/report/report-store.ts';
import { at } from '../support/builders.ts';
import { deny } from '../support/denying.ts';
import { aProvenance, aStream } from '../support/reports.ts';
import { runCommand } from '../support/run-command.ts';
import { aSimulator } from '../support/simulated.ts';

/** Stores two weekly audits; returns the last manifest. */
async function storeTwo(store: ReportStore): Promise<StoredFile> {
  const formats = ['csv', 'json', 'html'] as const;
  const begin = at('2026-04-06T06:00:00Z');
  const stream = (week: number) =>
    aStream(undefined, undefined, aProvenance({ readAt: later(begin, 7 * week * DAY) }));
  const first = await archiveReport({ store, formats, previous: undefined }, stream(0));
  return (await archiveReport({ store, formats, previous: first.manifest }, stream(1))).manifest;
}

async function inDirectory() {
  const folder = mkdtempSync(join(tmpdir(), 'audits-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const manifest = await storeTwo(directoryReportStore(folder));
  return {
    folder,
    manifest,
    verify: (...more: string[]) => runCommand(['audit', 'verify', folder, ...more]),
  };
}

test('a chain in a directory is whole, and the output says what that does not prove', async () => {
  const { manifest, verify } = await inDirectory();
  const { code, out } = await verify();
  expect(code).toBe(0);
  expect(out).toContain('2 audits in the chain, every file as it was sealed.');
  expect(out).toContain(manifest.sha256);
  expect(out).toContain('The chain does not prove:');
  expect((await verify('--head', manifest.sha256)).code).toBe(0);
});

test('a changed report is named, in the schema of the page', async () => {
  const { folder, verify } = await inDirectory();
  writeFileSync(join(folder, 'reports/2026-04-06T06-00-00Z/audit.csv'), 'all is well');
  const { code, out } = await verify('--json');
  expect(code).toBe(1);
  expect(auditVerifySchema.safeParse(JSON.parse(out)).error).toBeUndefined();
  expect(JSON.parse(out).manifests[1].faults).toEqual([
    'File "reports/2026-04-06T06-00-00Z/audit.csv" was changed.',
  ]);
});

test('a report that cannot be read hides no other: 3, or 1 where another was changed', async () => {
  const { folder, verify } = await inDirectory();
  const report = join(folder, 'reports/2026-04-13T06-00-00Z/audit.csv');
  rmSync(report);
  mkdirSync(report);
  const { code, out } = await verify('--json');
  expect(code).toBe(3);
  const result = JSON.parse(out);
  expect(auditVerifySchema.safeParse(result).error).toBeUndefined();
  expect(result).toMatchObject({
    whole: false,
    manifests: [{ unread: [expect.any(String)] }, { unread: [] }],
  });
  expect((await verify()).out).toMatch(/^part 2026-04-13.*EISDIR.*^ok {3}2026-04-06.*^Not all files could/ms);
  writeFileSync(join(folder, 'reports/2026-04-06T06-00-00Z/audit.csv'), 'all is well');
  const broken = await verify();
  expect(broken).toMatchObject({ code: 1, out: expect.stringContaining('The chain is broken') });
});

test('audits that the command archives are a chain that it verifies', async () => {
  const simulator = aSimulator();
  simulator.secretsManager.seed({ name: 'prod/plain', kind: 'none' });
  simulator.s3.buckets.create('example-audits');
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const folder = mkdtempSync(join(tmpdir(), 'audits-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const connection = ['--region', 'eu-west-1', '--endpoint-url', endpoint];
  for (const place of [folder, 's3://example-audits/rotation']) {
    const archive = (now: string, ...more: string[]) =>
      runCommand(['audit', ...connection, '--now', now, '--archive', place, ...more]);
    const first = await archive('2026-11-21T10:00:00Z');
    expect(first.out).toContain('It is the first of a chain.');
    const second = await archive('2026-11-28T10:00:00Z');
    expect(second.out).toContain('It follows manifests/2026-11-21T10-00-00Z.json.');
    expect((await archive('2026-11-28T10:00:00Z')).code).toBe(2);
    expect((await archive('2026-11-29T10:00:00Z', '--format', 'text')).err).toContain('summary');
    const [, head = ''] = /--head ([0-9a-f]{64})/.exec(second.out) ?? [];
    const verified = await runCommand(['audit', 'verify', place, '--head', head, ...connection]);
    expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('2 audits in the chain') });
  }
  deny(simulator, 'PutObject');
  const denied = await runCommand(['audit', ...connection, '--archive', 's3://example-audits/rotation']);
  expect(denied).toMatchObject({ code: 2, err: expect.stringContaining('s3:PutObject') });
});

test('a noted SHA-256 that is not in the chain is a fault, and one that is none is refused', async () => {
  const { verify } = await inDirectory();
  expect((await verify('--head', '0'.repeat(64))).code).toBe(1);
  expect((await verify('--head', 'abc')).code).toBe(2);
});

test('an empty directory has no chain', async () => {
  const { code, out } = await runCommand(['audit', 'verify', join(tmpdir(), 'no-such-audits')]);
  expect(code).toBe(1);
  expect(out).toContain('There is no manifest.');
});

test('a chain in a bucket is read version by version', async () => {
  const simulator = aSimulator();
  simulator.s3.buckets.create('example-audits');
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const client = new S3Client({
    region: 'eu-west-1',
    endpoint,
    credentials: { accessKeyId: 'auditor', secretAccessKey: 'simulated' },
  });
  await storeTwo(s3ReportStore(client, { name: 'example-audits', prefix: 'rotation/' }));
  const verify = () =>
    runCommand([
      ...['audit', 'verify', 's3://example-audits/rotation'],
      ...['--region', 'eu-west-1', '--endpoint-url', endpoint],
    ]);
  expect((await verify()).out).toContain('2 audits in the chain, every file as it was sealed.');
  const key = 'rotation/reports/2026-04-13T06-00-00Z/audit.csv';
  simulator.s3.buckets.tamper('example-audits', key, 'all is well');
  expect(await verify()).toMatchObject({ code: 1 });
  deny(simulator, 'ListObjectVersions');
  const denied = await verify();
  expect(denied.code).toBe(2);
  expect(denied.err).toContain('s3:ListBucketVersions');
});
