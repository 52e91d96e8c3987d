import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { type Alert, newAlert } from '../../src/monitor/domain/alert/alert.ts';
import { newRecord } from '../../src/monitor/domain/alert/group-record.ts';
import { arnHash } from '../../src/monitor/domain/arn-hash.ts';
import {
  freshState,
  freshTarget,
  type SecretState,
  type TargetRecord,
} from '../../src/monitor/domain/state/secret-state.ts';
import { emptyTally, freshSweepRecord } from '../../src/monitor/domain/sweep/sweep-result.ts';
import type { AlertStore } from '../../src/monitor/ports/store/alert-store.ts';
import { aNotification } from '../support/alerts.ts';
import { anEvidence, CURRENT, NOW, PENDING } from '../support/builders.ts';
import { anInspection, GONE } from '../support/inspections.ts';
import { named } from '../support/secrets.ts';
import { TARGET } from '../support/service.ts';

const ARN = named('prod/db').arn;
const state = (given: Partial<SecretState> = {}): SecretState => ({
  ...freshState(ARN, 'prod/db', TARGET),
  ...given,
});
const openAlert: Alert = {
  ...newAlert({
    fingerprint: `${ARN}#${PENDING}`,
    code: 'stuck-pending',
    severity: 'HIGH',
    pendingVersionId: PENDING,
    since: NOW,
    openedAt: NOW,
  }),
  toldSeverity: 'HIGH',
  toldCode: 'stuck-pending',
  lastToldAt: NOW,
};

/** Tests what every alert store has to do; `open` gives an empty one. */
export function alertStoreContract(open: () => Promise<AlertStore>): void {
  test('a state that was never written is undefined', async () => {
    expect(await (await open()).read(ARN)).toBeUndefined();
  });

  test('a state is read as it was written, one revision later', async () => {
    const store = await open();
    const written = state({
      pending: { versionId: PENDING, firstSeenAt: NOW, createdAt: undefined },
      evidence: [anEvidence('rotation-failed', HOUR, { step: 'setSecret' })],
      alerts: [openAlert],
      outbox: [aNotification()],
      trouble: { since: NOW, reason: 'throttled', looks: 2 },
    });
    expect(await store.write(written)).toBe('written');
    expect(await store.read(ARN)).toEqual({ ...written, revision: 1 });
  });

  test('how the sweeps of a target go is read as it was written last', async () => {
    const store = await open();
    expect(await store.readSweep(TARGET)).toBeUndefined();
    const tally = { ...emptyTally, observed: 7, worstPending: [{ secretName: 'prod/db', seconds: 60 }] };
    const last = { startedAt: NOW, endedAt: later(NOW, MINUTE), tally, apiCalls: 3 };
    await store.writeSweep({ ...freshSweepRecord(TARGET), failingSince: NOW });
    await store.writeSweep({ ...freshSweepRecord(TARGET), last, handOver: { startedAt: NOW, hop: 2 } });
    expect(await store.readSweep(TARGET)).toEqual({
      ...TARGET,
      last,
      handOver: { startedAt: NOW, hop: 2 },
      failingSince: undefined,
    });
    expect(await store.readSweep({ ...TARGET, region: 'us-east-1' })).toBeUndefined();
    expect(await store.readTarget(TARGET)).toBeUndefined();
  });

  test('a second writer of the same revision loses and changes nothing', async () => {
    const store = await open();
    await store.write(state({ name: 'first' }));
    expect(await store.write(state({ name: 'second' }))).toBe('conflict');
    const read = await store.read(ARN);
    expect(read?.name).toBe('first');
    expect(await store.write({ ...state({ name: 'third' }), revision: 1 })).toBe('written');
    expect(await store.write({ ...state({ name: 'fourth' }), revision: 1 })).toBe('conflict');
    expect((await store.read(ARN))?.name).toBe('third');
  });

  test('open finds the states of the target that have an open alert', async () => {
    const store = await open();
    const resolved = { ...openAlert, resolvedAt: NOW };
    const elsewhere = { ...TARGET, region: 'us-east-1' };
    await store.write(state({ alerts: [openAlert] }));
    await store.write({ ...freshState(named('over').arn, 'over', TARGET), alerts: [resolved] });
    await store.write({ ...freshState(named('far').arn, 'far', elsewhere), alerts: [openAlert] });
    expect((await store.open(TARGET)).map(({ name }) => name)).toEqual(['prod/db']);
  });

  test('open finds the states with a replica that is not in sync, and forgets them when it is', async () => {
    const store = await open();
    const replica = {
      region: 'us-east-1',
      status: 'InProgress',
      message: undefined,
      kmsKeyId: undefined,
      since: NOW,
    } as const;
    await store.write(state({ replicas: [replica] }));
    expect((await store.open(TARGET)).map(({ replicas }) => replicas)).toMatchObject([
      [{ status: 'InProgress' }],
    ]);
    await store.write({ ...state({ replicas: [] }), revision: 1 });
    expect(await store.open(TARGET)).toEqual([]);
  });

  test('open forgets a state whose alert was resolved', async () => {
    const store = await open();
    await store.write(state({ alerts: [openAlert] }));
    await store.write({ ...state({ alerts: [] }), revision: 1 });
    expect(await store.open(TARGET)).toEqual([]);
  });

  test('undelivered finds the states of all targets that have something to say', async () => {
    const store = await open();
    const elsewhere = { account: '444455556666', region: 'us-east-1' };
    await store.write(state({ outbox: [aNotification()] }));
    await store.write({ ...freshState(named('far').arn, 'far', elsewhere), outbox: [aNotification()] });
    await store.write(freshState(named('quiet').arn, 'quiet', TARGET));
    expect((await store.undelivered()).map(({ name }) => name).sort()).toEqual(['far', 'prod/db']);
  });

  test('a target is remembered, and a second writer of the same revision loses', async () => {
    const store = await open();
    const health = {
      code: 'no-subscriber',
      since: NOW,
      seen: 'Nobody.',
      told: true,
      overAt: undefined,
    } as const;
    const record: TargetRecord = {
      ...freshTarget(TARGET),
      baselineAt: NOW,
      disabled: ['abc'],
      eventsCheckedUntil: NOW,
      health: [health],
      refusals: [{ group: '*', reason: 'denied', at: NOW }],
    };
    expect(await store.readTarget(TARGET)).toBeUndefined();
    expect(await store.writeTarget(record)).toBe('written');
    expect(await store.writeTarget(record)).toBe('conflict');
    expect(await store.readTarget(TARGET)).toEqual({ ...record, revision: 1 });
  });

  test('a target with too many secrets switched off to remember is read as such', async () => {
    const store = await open();
    await store.writeTarget({ ...freshTarget(TARGET), disabled: undefined });
    expect((await store.readTarget(TARGET))?.disabled).toBeUndefined();
  });

  test('events of one rotation are one attempt, and an event that comes twice counts once', async () => {
    const store = await open();
    const entry = { secretArn: ARN, versionId: PENDING, step: undefined };
    await store.recordAttempt({ ...entry, eventId: 'e1', kind: 'started', at: NOW });
    for (let time = 0; time < 2; time++) {
      await store.recordAttempt({
        ...entry,
        eventId: 'e2',
        kind: 'failed',
        step: 'setSecret',
        at: later(NOW, MINUTE),
      });
    }
    await store.recordAttempt({ ...entry, eventId: 'e3', kind: 'failed', at: later(NOW, 2 * MINUTE) });
    await store.recordAttempt({ ...entry, eventId: 'e4', kind: 'succeeded', at: later(NOW, HOUR) });
    await store.recordAttempt({
      ...entry,
      eventId: 'e5',
      versionId: CURRENT,
      kind: 'abandoned',
      at: later(NOW, DAY),
    });
    expect(await store.attempts(ARN)).toEqual([
      {
        versionId: CURRENT,
        startedAt: undefined,
        succeededAt: undefined,
        abandonedAt: later(NOW, DAY),
        failures: [],
      },
      {
        versionId: PENDING,
        startedAt: NOW,
        succeededAt: later(NOW, HOUR),
        abandonedAt: undefined,
        failures: [
          { at: later(NOW, MINUTE), step: 'setSecret' },
          { at: later(NOW, 2 * MINUTE), step: undefined },
        ],
      },
    ]);
  });

  test('an attempt without a version is kept apart', async () => {
    const store = await open();
    const entry = {
      secretArn: ARN,
      versionId: undefined,
      step: undefined,
      kind: 'started' as const,
      at: NOW,
    };
    await store.recordAttempt({ ...entry, eventId: 'e1' });
    expect((await store.attempts(ARN)).map(({ versionId }) => versionId)).toEqual(['unknown#e1']);
  });

  test('attempts that fill more than one page are all read', async () => {
    const store = await open();
    const versionIds = Array.from(
      { length: 25 },
      (_, index) => `terraform-${String(index).padStart(26, '0')}`,
    );
    for (const versionId of versionIds) {
      const failed = { kind: 'failed', step: 'x'.repeat(100_000), at: NOW } as const;
      await store.recordAttempt({ ...failed, secretArn: ARN, versionId, eventId: `e-${versionId}` });
    }
    expect((await store.attempts(ARN)).map(({ versionId }) => versionId).sort()).toEqual(versionIds.sort());
  });

  test('a group record is read as it was last written', async () => {
    const store = await open();
    const record = {
      key: '["a","b"]',
      members: { f: { severity: 'HIGH' as const, at: NOW } },
      ended: { g: NOW },
      toldAt: NOW,
      escalatedAt: undefined,
      repeatedAt: NOW,
      peak: 2,
      unnamed: undefined,
    };
    expect(await store.readGroup(record.key)).toBeUndefined();
    await store.writeGroup(record);
    await store.writeGroup({ ...record, peak: 3 });
    expect(await store.readGroup(record.key)).toEqual({ ...record, peak: 3 });
  });

  test('a group record of 100,000 members is written and read, and so is a smaller one after it', async () => {
    const store = await open();
    const size = 100_000;
    const members = Object.fromEntries(
      Array.from({ length: size }, (_, index) => [
        arnHash(`${index}`),
        { severity: 'HIGH' as const, at: NOW },
      ]),
    );
    const record = { ...newRecord('["überall","b"]'), members, toldAt: NOW, peak: size };
    await store.writeGroup(record);
    expect(await store.readGroup(record.key)).toEqual(record);
    const more = { ...record, members: { ...members, last: { severity: 'CRITICAL' as const, at: NOW } } };
    await store.writeGroup(more);
    expect(await store.readGroup(record.key)).toEqual(more);
    await store.writeGroup({ ...record, members: {} });
    expect(await store.readGroup(record.key)).toEqual({ ...record, members: {} });
  });

  test('all that is undelivered is handed over page by page, each state once', async () => {
    const store = await open();
    const names = Array.from({ length: 450 }, (_, index) => `prod/${index}`);
    for (const name of names) {
      await store.write({ ...freshState(named(name).arn, name, TARGET), outbox: [aNotification()] });
    }
    const seen: string[] = [];
    await store.forEachUndelivered(async (states) => {
      seen.push(...states.map(({ name }) => name));
    });
    expect(seen.sort()).toEqual(names.sort());
  });

  // A page of a query ends after 1 MB. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
  test('what fills more than one page is found whole, each state once', async () => {
    const store = await open();
    const names = Array.from({ length: 12 }, (_, index) => `prod/${index}`).sort();
    const trouble = { since: NOW, reason: 'x'.repeat(200_000), looks: 1 };
    const large = { alerts: [openAlert], outbox: [aNotification()], trouble };
    for (const name of names) await store.write({ ...freshState(named(name).arn, name, TARGET), ...large });
    const handedOver: string[] = [];
    await store.forEachUndelivered(async (states) => {
      handedOver.push(...states.map(({ name }) => name));
    });
    expect(handedOver.sort()).toEqual(names);
    expect((await store.open(TARGET)).map(({ name }) => name).sort()).toEqual(names);
    expect((await store.undelivered()).map(({ name }) => name).sort()).toEqual(names);
  });

  test('the last inspection of a function is read as it was written', async () => {
    const store = await open();
    expect(await store.readInspection(GONE.functionArn)).toBeUndefined();
    await store.writeInspection(GONE);
    const second = anInspection({ at: later(NOW, MINUTE), configuration: undefined });
    await store.writeInspection(second);
    expect(await store.readInspection(GONE.functionArn)).toEqual(second);
    expect(await store.readInspection('another')).toBeUndefined();
  });

  test('a lock has one holder until it ends or is given back', async () => {
    const store = await open();
    const lock = (holder: string, atMs: number) => ({
      name: 'deliver',
      holder,
      now: later(NOW, atMs),
      until: later(NOW, atMs + MINUTE),
    });
    expect(await store.acquireLock(lock('a', 0))).toBe(true);
    expect(await store.acquireLock(lock('b', MINUTE - 1))).toBe(false);
    expect(await store.acquireLock(lock('a', MINUTE - 1))).toBe(true);
    await store.releaseLock(lock('b', 0));
    expect(await store.acquireLock(lock('b', 2 * MINUTE - 2))).toBe(false);
    expect(await store.acquireLock(lock('b', 2 * MINUTE - 1))).toBe(true);
    await store.releaseLock(lock('b', 2 * MINUTE));
    expect(await store.acquireLock(lock('a', 2 * MINUTE))).toBe(true);
  });
}
