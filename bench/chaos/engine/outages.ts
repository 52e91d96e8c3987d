import { DAY, HOUR, later, MINUTE } from '../../../src/calendar/instant.ts';
import type { Outage } from '../../../src/proving/court/checks/case.ts';
import type { FaultRule } from '../../../src/simulator/call/faults.ts';
import type { EventFaults } from '../../../src/simulator/eventbridge/delivery.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { VirtualClock } from '../../../src/simulator/time/clock.ts';
import { chanceFrom } from './chance.ts';
import type { ChaosFaults, ChaosOptions } from './options.ts';
import { usualEvents } from './trouble-aws.ts';
import type { Story } from './world.ts';

/** Something that breaks for a while, for every role of the monitor at once. */
interface OutageKind {
  readonly what: string;
  readonly calls: readonly FaultRule[];
  readonly events?: Partial<EventFaults>;
}

const SECRETS = 'secretsmanager';

/** The services that fail together in a region, after public incident reports. */
const KINDS: readonly [OutageKind, ...OutageKind[]] = [
  { what: 'table down', calls: [{ service: 'dynamodb', kind: 'server-error', probability: 1 }] },
  { what: 'table throttled', calls: [{ service: 'dynamodb', kind: 'throttled', probability: 0.6 }] },
  {
    what: 'table read-only',
    calls: [{ service: 'dynamodb', operation: 'PutItem', kind: 'throttled', probability: 1 }],
  },
  {
    what: 'answers of the table lost',
    calls: [{ service: 'dynamodb', kind: 'reply-lost', probability: 0.5 }],
  },
  { what: 'topics down', calls: [{ service: 'sns', kind: 'server-error', probability: 1 }] },
  { what: 'topics denied', calls: [{ service: 'sns', kind: 'denied', probability: 1 }] },
  { what: 'queues down', calls: [{ service: 'sqs', kind: 'server-error', probability: 1 }] },
  { what: 'secrets throttled', calls: [{ service: SECRETS, kind: 'throttled', probability: 0.8 }] },
  {
    what: 'lists down',
    calls: [{ service: SECRETS, operation: 'ListSecrets', kind: 'timeout', probability: 1 }],
  },
  {
    what: 'looks denied',
    calls: [{ service: SECRETS, operation: 'DescribeSecret', kind: 'denied', probability: 1 }],
  },
  { what: 'schedules refused', calls: [{ service: 'scheduler', kind: 'throttled', probability: 1 }] },
  {
    what: 'history, functions and metrics down',
    calls: [
      { service: 'cloudtrail', kind: 'timeout', probability: 1 },
      { service: 'lambda', kind: 'server-error', probability: 1 },
      { service: 'monitoring', kind: 'server-error', probability: 1 },
    ],
  },
  {
    what: 'topics and table shaky',
    calls: [
      { service: 'sns', kind: 'server-error', probability: 0.5 },
      { service: 'dynamodb', kind: 'timeout', probability: 0.5 },
    ],
  },
  {
    what: 'brown-out of the region',
    calls: [
      { kind: 'throttled', probability: 0.5 },
      { kind: 'timeout', probability: 0.3 },
    ],
  },
  { what: 'no events', calls: [], events: { drop: 1 } },
  {
    what: 'events late and twice',
    calls: [],
    events: { delayShare: 1, delayMaxMs: 12 * HOUR, duplicate: 1 },
  },
];

/** Share of outages in which a second kind joins the first. */
const TWO_AT_ONCE = 0.25;

/** Dependencies of outages. */
export interface OutageParts {
  readonly simulator: Simulator;
  readonly clock: VirtualClock;
  readonly options: ChaosOptions;
  readonly faults: ChaosFaults;
  /** Roles of the monitor. */
  readonly roles: readonly string[];
}

/** One outage after the other, of ten minutes to six hours; each is noted in `noted` when it begins. */
export async function* outages(parts: OutageParts, noted: Outage[]): Story {
  const { clock, options, simulator, faults } = parts;
  const chance = chanceFrom(options.seed, 4);
  while (options.outageEveryDays !== undefined) {
    yield chance.until(options.outageEveryDays * DAY);
    const first = chance.oneOf(KINDS);
    const kinds = chance.happens(TWO_AT_ONCE) ? [first, chance.oneOf(KINDS)] : [first];
    const ms = chance.between(10, 360) * MINUTE;
    const from = clock.now();
    noted.push({
      from,
      until: later(from, ms),
      what: kinds.map(({ what }) => what).join(', '),
      stopsTelling: kinds.some(({ calls }) => calls.some(({ service }) => service !== SECRETS)),
    });
    const end = begin(parts, kinds);
    yield ms;
    for (const undo of end) undo();
    simulator.eventBridge.setFaults(usualEvents(faults));
  }
}

function begin({ simulator, roles }: OutageParts, kinds: readonly OutageKind[]): readonly (() => void)[] {
  for (const { events } of kinds) if (events !== undefined) simulator.eventBridge.setFaults(events);
  const rules = kinds.flatMap(({ calls }) => calls);
  return rules.flatMap((rule) => roles.map((role) => simulator.faults.add({ ...rule, role })));
}
