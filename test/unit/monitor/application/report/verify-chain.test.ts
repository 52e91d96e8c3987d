import { expect, test } from 'vitest';
import { DAY, later } from '../../../../../src/calendar/instant.ts';
import { memoryReportStore } from '../../../../../src/monitor/adapters/memory/audit/memory-report-store.ts';
import { archiveReport } from '../../../../../src/monitor/application/report/archive-report.ts';
import { verifyChain } from '../../../../../src/monitor/application/report/verify-chain.ts';
import {
  type ReportStore,
  ReportStoreError,
  type StoredFile,
} from '../../../../../src/monitor/ports/report/report-store.ts';
import { at } from '../../../../support/builders.ts';
import { aProvenance, aStream } from '../../../../support/reports.ts';

/** Three weekly audits in a chain. */
async function threeAudits() {
  const store = memoryReportStore();
  const manifests: StoredFile[] = [];
  for (let week = 0; week < 3; week++) {
    const readAt = later(at('2026-04-06T06:00:00Z'), 7 * week * DAY);
    const archived = await archiveReport(
      { store, formats: ['csv', 'json'], previous: manifests.at(-1) },
      aStream(undefined, undefined, aProvenance({ readAt })),
    );
    manifests.push(archived.manifest);
  }
  return { store, manifests };
}

const verify = (store: ReturnType<typeof memoryReportStore>, head?: string) => verifyChain(store, { head });
const faultsOf = async (...given: Parameters<typeof verify>) => {
  const { manifests, faults } = await verify(...given);
  return [...faults, ...manifests.flatMap((each) => each.faults)];
};

test('an untouched chain is walked from the newest to the first', async () => {
  const { store, manifests } = await threeAudits();
  const check = await verify(store);
  expect(check).toMatchObject({ faults: [], head: manifests[2]?.sha256 });
  expect(check.manifests.map(({ readAt, files, faults }) => [readAt, files, faults])).toEqual([
    ['2026-04-20T06:00:00Z', 2, []],
    ['2026-04-13T06:00:00Z', 2, []],
    ['2026-04-06T06:00:00Z', 2, []],
  ]);
});

test('a changed report is named', async () => {
  const { store } = await threeAudits();
  store.tamper('reports/2026-04-13T06-00-00Z/audit.csv', 'all is well');
  expect(await faultsOf(store)).toEqual(['File "reports/2026-04-13T06-00-00Z/audit.csv" was changed.']);
});

test('a removed report is named', async () => {
  const { store } = await threeAudits();
  store.tamper('reports/2026-04-06T06-00-00Z/audit.json', undefined);
  expect(await faultsOf(store)).toEqual(['File "reports/2026-04-06T06-00-00Z/audit.json" is missing.']);
});

test('a manifest that was written again breaks the link to it', async () => {
  const { store } = await threeAudits();
  const key = 'manifests/2026-04-13T06-00-00Z.json';
  const text = (await store.text(key, undefined))?.text ?? '';
  store.tamper(key, text.replace('auditor/ada', 'auditor/eve'));
  expect(await faultsOf(store)).toEqual(['The manifest is not the one that the next audit sealed.']);
});

test('a removed manifest ends the chain, and what lies before it is no part of it', async () => {
  const { store } = await threeAudits();
  store.tamper('manifests/2026-04-13T06-00-00Z.json', undefined);
  expect(await faultsOf(store)).toEqual([
    'Manifest "manifests/2026-04-06T06-00-00Z.json" is not part of the chain.',
    'The manifest is missing.',
  ]);
});

test('a removed end shows only against a SHA-256 noted elsewhere', async () => {
  const { store, manifests } = await threeAudits();
  const noted = manifests[2]?.sha256;
  expect(await faultsOf(store, noted)).toEqual([]);
  store.tamper('manifests/2026-04-20T06-00-00Z.json', undefined);
  expect(await faultsOf(store)).toEqual([]);
  expect((await verify(store)).unproven.join(' ')).toContain('The end');
  expect(await faultsOf(store, noted)).toEqual([
    'No manifest of the chain has the SHA-256 that was noted elsewhere.',
  ]);
});

test.each(['not JSON', '{}', '{"schemaVersion":1,"files":[{}]}', '[]', 'null'])(
  'a manifest that says %s cannot be read',
  async (text) => {
    const { store } = await threeAudits();
    store.tamper('manifests/2026-04-20T06-00-00Z.json', text);
    expect(await faultsOf(store)).toContain('The manifest cannot be read.');
  },
);

test('a manifest that links to itself ends the walk', async () => {
  const { store } = await threeAudits();
  const key = 'manifests/2026-04-20T06-00-00Z.json';
  const text = (await store.text(key, undefined))?.text ?? '';
  store.tamper(key, text.replaceAll('manifests/2026-04-13T06-00-00Z.json', key));
  expect((await verify(store)).manifests).toHaveLength(1);
});

test('an empty store has no chain', async () => {
  expect(await faultsOf(memoryReportStore())).toEqual(['There is no manifest.']);
});

test('an audit that fails half-way stores nothing', async () => {
  const store = memoryReportStore();
  const stream = aStream();
  const failing = {
    ...stream,
    summary: () => Promise.reject(new Error('denied')),
  };
  await expect(archiveReport({ store, formats: ['csv'], previous: undefined }, failing)).rejects.toThrow();
  expect(await store.keys('')).toEqual([]);
});

/** A store that refuses to read the files whose keys match. */
function refusing(store: ReportStore, keys: RegExp): ReportStore {
  const check = (key: string): void => {
    if (!keys.test(key)) return;
    throw new ReportStoreError(`Cannot read "${key}": denied`, { reason: 'denied', retryable: false });
  };
  return {
    ...store,
    text: async (key, version) => {
      check(key);
      return store.text(key, version);
    },
    digest: async (key, version) => {
      check(key);
      return store.digest(key, version);
    },
  };
}

test('a report that cannot be read hides no other, and is no fault', async () => {
  const { store } = await threeAudits();
  store.tamper('reports/2026-04-06T06-00-00Z/audit.json', 'all is well');
  const check = await verifyChain(refusing(store, /04-20.*csv/), { head: undefined });
  expect(check.manifests.map(({ faults, unread }) => ({ faults, unread }))).toEqual([
    { faults: [], unread: ['Cannot read "reports/2026-04-20T06-00-00Z/audit.csv": denied.'] },
    { faults: [], unread: [] },
    { faults: ['File "reports/2026-04-06T06-00-00Z/audit.json" was changed.'], unread: [] },
  ]);
});

test('behind a manifest that cannot be read nothing is called a fault', async () => {
  const { store, manifests } = await threeAudits();
  const head = manifests[0]?.sha256;
  const check = await verifyChain(refusing(store, /manifests.*04-13/), { head });
  expect(check.faults).toEqual([]);
  expect(check.manifests.at(-1)).toMatchObject({
    key: 'manifests/2026-04-13T06-00-00Z.json',
    unread: [
      'Cannot read "manifests/2026-04-13T06-00-00Z.json": denied. The audits before it were not checked.',
    ],
  });
});

test.each([/manifests/, /reports|manifests.*(04-13|04-06)/])(
  'a store of which no file can be read, or the newest manifest alone, is an error: %s',
  async (keys) => {
    const { store } = await threeAudits();
    const verifying = verifyChain(refusing(store, keys), { head: undefined });
    await expect(verifying).rejects.toThrow(ReportStoreError);
  },
);
