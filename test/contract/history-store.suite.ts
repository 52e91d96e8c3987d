import { expect, test } from 'vitest';
import { DAY, later, MINUTE } from '../../src/calendar/instant.ts';
import { arnHash } from '../../src/monitor/domain/arn-hash.ts';
import { type SecretSight, sightOf } from '../../src/monitor/domain/history/secret-sight.ts';
import { type AuditRecord, NO_AUDITS } from '../../src/monitor/domain/report/audit-record.ts';
import type { ChangeEntry } from '../../src/monitor/domain/report/change-entry.ts';
import { requestOf } from '../../src/monitor/domain/report/exception-record.ts';
import type { HistoryStore } from '../../src/monitor/ports/store/history-store.ts';
import { NOW } from '../support/builders.ts';
import { named } from '../support/secrets.ts';
import { TARGET } from '../support/service.ts';

const ARN = named('prod/db').arn;
const OTHER = { ...TARGET, region: 'us-east-1' };
const change = (given: Partial<ChangeEntry> = {}): ChangeEntry => ({
  secretArn: ARN,
  kind: 'schedule-changed',
  at: NOW,
  notBefore: later(NOW, -5 * MINUTE),
  before: 'rate(30 days)',
  after: 'rate(7 days), window 3h',
  ...given,
});
const sight = (name: string, given: Partial<SecretSight> = {}): SecretSight => ({
  ...sightOf(named(name, { tags: { 'rotation-monitor:owner': 'payments' } }), NOW),
  ...given,
});

async function allOf(store: HistoryStore, target = TARGET): Promise<readonly SecretSight[]> {
  const found: SecretSight[] = [];
  let after: string | undefined;
  do {
    const page = await store.sights(target, after);
    found.push(...page.sights);
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** Tests what every store of history has to do; `open` gives an empty one. */
export function historyStoreContract(open: () => Promise<HistoryStore>): void {
  test('changes are read by their secret, oldest first, and the same one twice is kept once', async () => {
    const store = await open();
    const later1 = change({
      at: later(NOW, MINUTE),
      kind: 'rotation-off',
      notBefore: undefined,
      actor: 'alice',
    });
    for (const each of [later1, change(), change(), change({ secretArn: named('other').arn })]) {
      await store.recordChange(each);
    }
    const found = await store.changes(ARN);
    expect(found.map(({ kind }) => kind)).toEqual(['schedule-changed', 'rotation-off']);
    expect(found[0]).toEqual(change());
    expect(found[1]).toMatchObject({ at: later1.at, actor: 'alice' });
    expect(await store.changes(named('none').arn)).toEqual([]);
  });

  test('two kinds of changes at one moment are two', async () => {
    const store = await open();
    await store.recordChange(change());
    await store.recordChange(change({ kind: 'rotation-on' }));
    expect(await store.changes(ARN)).toHaveLength(2);
  });

  test('the last sight of a secret is read by the hash of its ARN and within its target', async () => {
    const store = await open();
    expect(await store.readSight(TARGET, arnHash(ARN))).toBeUndefined();
    await store.writeSight(sight('prod/db'));
    await store.writeSight(sight('prod/db', { rotationOn: false, deletedAt: NOW }));
    await store.writeSight(sight('elsewhere', OTHER));
    expect(await store.readSight(TARGET, arnHash(ARN))).toEqual(
      sight('prod/db', { rotationOn: false, deletedAt: NOW }),
    );
    expect(await store.readSight(OTHER, arnHash(ARN))).toBeUndefined();
    expect((await allOf(store)).map(({ name }) => name)).toEqual(['prod/db']);
    expect(await allOf(store, { ...TARGET, region: 'eu-north-1' })).toEqual([]);
  });

  test('sights that fill more than one page are all handed over', async () => {
    const store = await open();
    const names = Array.from({ length: 300 }, (_, index) => `prod/${index}`);
    for (const name of names) await store.writeSight(sight(name, { owner: 'x'.repeat(5000) }));
    expect((await allOf(store)).map(({ name }) => name).sort()).toEqual(names.sort());
  });

  test('the population of a target is read as it was written last', async () => {
    const store = await open();
    expect(await store.readPopulation(TARGET)).toBeUndefined();
    const record = { ...TARGET, since: NOW, cells: [1, 2, 4294967295], countedOn: NOW };
    await store.writePopulation({ ...record, cells: [0] });
    await store.writePopulation(record);
    expect(await store.readPopulation(TARGET)).toEqual(record);
    expect(await store.readPopulation(OTHER)).toBeUndefined();
  });

  test('counts are read within a stretch of time, both ends included, oldest first', async () => {
    const store = await open();
    const counts = [3, 1, 2, 0].map((day) => ({ at: later(NOW, day * DAY), secrets: day }));
    for (const count of counts) await store.recordCount(TARGET, count);
    await store.recordCount(OTHER, { at: NOW, secrets: 99 });
    const found = await store.counts(TARGET, later(NOW, DAY), later(NOW, 2 * DAY));
    expect(found.map(({ secrets }) => secrets)).toEqual([1, 2]);
  });

  test('exceptions are read by their target and by their secret, and a second writer of a revision loses', async () => {
    const store = await open();
    const terms = {
      secretArn: ARN,
      control: 'SecretsManager.1',
      reason: 'rotated by hand',
      ticket: undefined,
      requestedBy: 'alice',
      until: later(NOW, 100 * DAY),
    } as const;
    const asked = requestOf(terms, NOW);
    const another = requestOf({ ...terms, secretArn: named('other').arn, ticket: 'CHG-1' }, NOW);
    expect(await store.writeException(asked)).toBe('written');
    expect(await store.writeException(another)).toBe('written');
    const granted = { ...asked, revision: 1, approvedBy: 'bob', grantedAt: later(NOW, MINUTE) };
    expect(await store.writeException(granted)).toBe('written');
    expect(await store.writeException({ ...granted, approvedBy: 'carol' })).toBe('conflict');
    expect(await store.exceptions(ARN)).toEqual([{ ...granted, revision: 2 }]);
    expect(await store.exceptions(TARGET)).toHaveLength(2);
    expect(await store.exceptions(OTHER)).toEqual([]);
  });

  test('scheduled audits are kept as they were written, apart for each place', async () => {
    const store = await open();
    const link = { key: 'manifests/2026-11-23T06-00-00Z.json', sha256: 'ab', versionId: undefined };
    const result = {
      owner: undefined,
      secrets: 3,
      passed: 1,
      failed: 1,
      unknown: 1,
      skipped: 0,
      worst: ['prod/db: SecretsManager.1'],
    };
    const record: AuditRecord = {
      last: {
        ...{ from: later(NOW, -7 * DAY), to: NOW, readAt: NOW, completedAt: NOW, manifest: link, page: link },
        ...{ results: [result], before: [], notRead: 0, isTold: false },
      },
      underWay: { from: NOW, to: NOW, readAt: NOW, parts: [link], isRead: true, runs: 2, basis: 'a1b2' },
      gaveUpAt: undefined,
    };
    expect(await store.readAudits(TARGET)).toBeUndefined();
    await store.writeAudits(TARGET, NO_AUDITS);
    await store.writeAudits(TARGET, record);
    expect(await store.readAudits(TARGET)).toEqual(record);
    expect(await store.readAudits(OTHER)).toBeUndefined();
  });
}
