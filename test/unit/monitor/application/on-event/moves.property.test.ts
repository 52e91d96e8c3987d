import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Instant, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import {
  type QueuedEvent,
  recordRotationEvents,
} from '../../../../../src/monitor/application/on-event/record-rotation-events.ts';
import type { Service } from '../../../../../src/monitor/application/service.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { currentVersion, previousVersion } from '../../../../../src/monitor/domain/secret/version-stage.ts';
import { aSecret, NOW } from '../../../../support/builders.ts';
import { apiCall, type Envelope, labelUpdated, serviceEvent } from '../../../../support/events/envelopes.ts';
import { killing } from '../../../../support/killing.ts';
import { aService, type MemoryService } from '../../../../support/service.ts';

const versionOf = (index: number) => `version-${String(index).padStart(32, '0')}`;

/** One thing that happens to the secret, to its events or to the monitor. */
type Step =
  | { readonly do: 'move' | 'roll-back'; readonly waitMs: number; readonly isLost: boolean }
  | { readonly do: 'tag'; readonly waitMs: number }
  | {
      readonly do: 'deliver';
      readonly pick: number;
      readonly lagMs: number;
      readonly dies: number;
      readonly twice: boolean;
    }
  | { readonly do: 'sweep'; readonly lagMs: number; readonly dies: number };

const wait = fc.oneof(fc.integer({ min: 0, max: 3 * SECOND }), fc.integer({ min: 0, max: 7 * MINUTE }));
/** The call of a port at which the run dies; mostly none. */
const death = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 14 }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('move' as const, 'roll-back' as const),
    waitMs: wait,
    isLost: fc.boolean(),
  }),
  fc.record({ do: fc.constant('tag' as const), waitMs: wait }),
  fc.record({
    do: fc.constant('deliver' as const),
    pick: fc.nat(20),
    lagMs: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 20 * SECOND }),
      fc.integer({ min: 0, max: 4 * MINUTE }),
    ),
    dies: death,
    twice: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('sweep' as const),
    lagMs: fc.integer({ min: 0, max: 5 * MINUTE }),
    dies: death,
  }),
);

/** A secret with its past, the events that are on their way, and the monitor. */
class World {
  readonly service: MemoryService = aService();
  /** The secret's states, each with the moment from which it held. */
  readonly past: { readonly at: Instant; readonly secret: Secret }[] = [];
  /** The versions in use, in the order of the moves. */
  readonly moves: string[] = [];
  events: Envelope[] = [];
  /** The second of the last move. */
  movedAt: number | undefined;
  #made = 0;

  constructor() {
    this.#set({ versionStages: { [versionOf(0)]: ['AWSCURRENT'] } }, later(NOW, -60 * MINUTE));
    this.moves.push(versionOf(0));
  }

  get now(): Instant {
    return this.service.clock.now();
  }

  get secret(): Secret {
    return this.past.at(-1)?.secret ?? aSecret();
  }

  secretAt(at: Instant): Secret {
    return this.past.findLast((each) => each.at <= at)?.secret ?? aSecret();
  }

  #set(given: Partial<Secret>, at: Instant): void {
    this.past.push({ at, secret: { ...this.secret, ...given, lastChangedAt: at } });
  }

  tag(): void {
    this.#set({ tags: { team: String(this.past.length) } }, this.now);
  }

  move(versionId: string | undefined, isLost: boolean): void {
    const current = currentVersion(this.secret.versionStages);
    if (versionId === undefined || current === undefined) return;
    const versionStages = { [versionId]: ['AWSCURRENT'], [current]: ['AWSPREVIOUS'] };
    this.#set({ versionStages, lastRotatedAt: this.now }, this.now);
    this.moves.push(versionId);
    this.movedAt = this.now - (this.now % SECOND);
    if (!isLost) this.events.push(...this.#told(versionId));
  }

  moveOn(isLost: boolean): void {
    this.move(versionOf(++this.#made), isLost);
  }

  moveBack(isLost: boolean): void {
    this.move(previousVersion(this.secret.versionStages), isLost);
  }

  /** The events of a move: the label, the call, and the end of the rotation a little later. */
  #told(versionId: string): readonly Envelope[] {
    const second = new Date(this.now - (this.now % SECOND)).toISOString();
    const eventID = `${this.moves.length}`;
    const eventTime = second;
    const asked = { versionStage: 'AWSCURRENT', moveToVersionId: versionId };
    return [
      { ...labelUpdated('AWSCURRENT', versionId), id: `label-${eventID}`, time: second },
      apiCall('UpdateSecretVersionStage', asked, { eventTime, eventID: `call-${eventID}` }),
    ];
  }

  /** The service as a run sees it: reads show the past, and at a call it may die. */
  seen(lagMs: number, dies: number): { readonly service: Service; readonly died: Promise<'died'> } {
    const shown = () => this.secretAt(later(this.now, -lagMs));
    const catalog = {
      ...this.service.catalog,
      describe: async () => shown(),
      list: async function* () {
        yield { secrets: [shown()], nextToken: undefined };
      },
    };
    return killing({ ...this.service, catalog }, { call: dies, when: dies % 2 === 0 ? 'before' : 'after' });
  }

  async deliver(index: number, given: { lagMs: number; dies: number; twice: boolean }): Promise<void> {
    const envelope = this.events[index % Math.max(1, this.events.length)];
    if (envelope === undefined) return;
    const { service, died } = this.seen(given.lagMs, given.dies);
    const message: QueuedEvent = { messageId: 'm', body: JSON.stringify(envelope) };
    const failed = await Promise.race([recordRotationEvents(service, [message]), died]);
    const isDone = failed !== 'died' && failed.length === 0;
    if (isDone && !given.twice) this.events = this.events.filter((each) => each !== envelope);
  }

  async sweep(lagMs: number, dies: number): Promise<void> {
    const { service, died } = this.seen(lagMs, dies);
    await Promise.race([sweepSecrets(service, { id: `sweep-${this.now}-${this.past.length}` }), died]);
  }
}

async function played(steps: readonly Step[]): Promise<World> {
  const world = new World();
  await world.sweep(0, 0);
  for (const each of steps) {
    if ('waitMs' in each) world.service.clock.advance(each.waitMs);
    if (each.do === 'move') world.moveOn(each.isLost);
    if (each.do === 'roll-back') world.moveBack(each.isLost);
    if (each.do === 'tag') world.tag();
    if (each.do === 'deliver') await world.deliver(each.pick, each);
    if (each.do === 'sweep') {
      world.service.clock.advance(MINUTE);
      await world.sweep(each.lagMs, each.dies);
    }
  }
  return world;
}

interface Told {
  readonly versionId: string;
  readonly changedAt: string;
  readonly sequence: number;
}

/** Returns the moves that applications were notified of, in the order of the sequence, repeats left out. */
function toldBy({ service }: World): readonly Told[] {
  const told = service.applicationBus.events.map(({ detail }) => detail as unknown as Told);
  const bySequence = new Map<number, Told>();
  for (const each of told) {
    const known = bySequence.get(each.sequence);
    if (known !== undefined) expect(each, 'one sequence, one move').toEqual(known);
    bySequence.set(each.sequence, each);
  }
  return [...bySequence.values()].sort((a, b) => a.sequence - b.sequence);
}

/** Checks that the reported versions are the moves, some left out, and none older than one reported before. */
function inOrder(told: readonly Told[], moves: readonly string[]): void {
  let index = 0;
  for (const { versionId } of told) {
    const found = moves.indexOf(versionId, index);
    expect(found, `${versionId} is not older than what was told before`).toBeGreaterThanOrEqual(0);
    index = found + 1;
  }
}

const runs = { numRuns: 150 };

test('no order of events, lags, sweeps and crashes reports an older version after a newer one, and time never falls', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const world = await played(steps);
      const told = toldBy(world);
      inOrder(told, world.moves);
      const times = told.map(({ changedAt }) => changedAt);
      expect(times).toEqual([...times].sort());
    }),
    runs,
  );
});

test('whatever happened, applications know the version in use in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const world = await played(steps);
      for (let sweep = 0; sweep < 4; sweep++) {
        world.service.clock.advance(6 * MINUTE);
        await world.sweep(0, 0);
      }
      const last = toldBy(world).at(-1)?.versionId;
      const isMoved = world.moves.length > 1;
      if (isMoved) expect(last).toBe(world.moves.at(-1));
      else expect(last).toBeUndefined();
    }),
    runs,
  );
});

const reported = step.map((each) => ('isLost' in each ? { ...each, isLost: false } : each));

/** The label's event and the call's count as one move within it, so that a version that is back so soon keeps its first date. */
const SAME_MOVE_MS = MINUTE;

test('applications hear of something no older than the last move that an event reports', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(reported, { maxLength: 30 }), async (steps) => {
      const world = await played(steps);
      const movedAt = world.movedAt;
      world.service.clock.advance(6 * MINUTE);
      for (let left = world.events.length; left > 0; left--)
        await world.deliver(0, { lagMs: 0, dies: 0, twice: false });
      expect(world.events).toEqual([]);
      const last = toldBy(world).at(-1);
      if (movedAt === undefined) return;
      expect(last?.versionId).toBe(world.moves.at(-1));
      expect(Date.parse(last?.changedAt ?? '')).toBeGreaterThanOrEqual(movedAt - SAME_MOVE_MS);
    }),
    runs,
  );
});

test('the end of a rotation may come after its version was moved back', async () => {
  const world = new World();
  world.service.clock.advance(MINUTE);
  world.moveOn(false);
  await world.deliver(0, { lagMs: 0, dies: 0, twice: false });
  world.service.clock.advance(SECOND);
  world.moveBack(false);
  for (const _event of world.events) await world.deliver(0, { lagMs: 0, dies: 0, twice: false });
  const eventTime = new Date(later(world.now, SECOND)).toISOString();
  const requestID = `Rotation-${world.secret.arn}-${world.moves[1]}`;
  world.events.push(serviceEvent('RotationSucceeded', { eventTime, requestID, eventID: 'late' }));
  await world.deliver(world.events.length - 1, { lagMs: 1500, dies: 0, twice: false });
  expect(toldBy(world).at(-1)?.versionId).toBe(versionOf(0));
});
