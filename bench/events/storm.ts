import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { DAY, HOUR, type Instant, instant, later, MINUTE, parseInstant } from '../../src/calendar/instant.ts';
import { dynamodbAlertStore } from '../../src/monitor/adapters/dynamodb/dynamodb-alert-store.ts';
import { asSecretArn } from '../../src/monitor/domain/secret/secret.ts';
import { deployMonitor, planMonitor } from '../../src/proving/player/monitor.ts';
import { type Random, seededRandom } from '../../src/simulator/call/random.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { busiest, EventTally } from './event-tally.ts';

/**
 * A message that is given back comes again after the six minutes that its queue keeps it hidden, four times at most.
 */
const SETTLED_MS: number = 40 * MINUTE;

/** A burst of rotations, and what fails between them and the monitor. Shares from 0 to 1. */
export interface StormOptions {
  /** Number of secrets that rotate. */
  readonly rotations: number;
  /** All rotations begin within this time. */
  readonly withinMs: number;
  /** Share of the rotations that fail until somebody repairs their function. */
  readonly failing: number;
  /** Share of the events that come twice. */
  readonly duplicate: number;
  /** Longest delay of an event, so that they come out of order. */
  readonly delayMaxMs: number;
  /** Share of the calls to the table that are answered with an error of the server. */
  readonly serverErrors: number;
}

/** The result of a storm. */
export interface Storm {
  readonly options: StormOptions;
  /** Events that AWS handed to the monitor's queues, those that came twice included. */
  readonly delivered: number;
  /** Most events that were handed over within one minute. */
  readonly busiestMinute: number;
  /** Most events that the handlers acknowledged within one minute. */
  readonly busiestOfHandlers: number;
  readonly tally: EventTally;
  /** Messages left in the queues and in their dead-letter queue. */
  readonly waiting: number;
  readonly deadLetters: number;
  /** The rotations of which the table does not have the start or the outcome. */
  readonly incomplete: readonly string[];
  /** Writes to the table that were made. */
  readonly writes: number;
  /** Number of changes to write: outcomes of attempts, calls of RotateSecret, facts, labels that came and went, notices to applications. */
  readonly changes: number;
  readonly wallMs: number;
}

const START: Instant = parseInstant('2026-11-01T00:00:00Z') ?? instant(0);
const PLAN = planMonitor({ account: '111122223333', region: 'eu-west-1' }, { sweeps: false });
const HANDLERS = ['on-rotation-event', 'on-label-updated'].map((handler) => PLAN.functionOf(handler));
const ROLES = HANDLERS.map(({ role }) => role);
/** Duration of a handler's call in milliseconds, in which messages gather in the queues. */
const CALL_MS = 3;
const feedSchema = z.object({ ScalingConfig: z.object({ MaximumConcurrency: z.number().int().positive() }) });
/** Invocations that Lambda runs in parallel for one queue; those of the other queue are not counted on. */
const AT_ONCE = Math.min(...HANDLERS.map(({ name }) => concurrencyOf(name)));
const QUEUES = ['RotationEvents', 'LabelEvents'].map((part) => PLAN.idOf('AWS::SQS::Queue', part));

/**
 * Lets many secrets rotate at once in a simulated AWS in which the monitor is deployed; no sweep runs that could make
 * up for a lost event.
 */
export async function eventStorm(options: StormOptions): Promise<Storm> {
  const clock = new VirtualClock(START);
  const simulator = createSimulator({ clock, seed: 1 });
  try {
    const random = seededRandom(2);
    const tally = new EventTally();
    const arns = populate(simulator, options, random);
    await deployMonitor(
      tally.around(
        simulator,
        HANDLERS.map(({ name }) => name),
      ),
      PLAN,
    );
    trouble(simulator, options);
    letTimePass(simulator, clock);
    for (const arn of arns) {
      const input = { SecretId: arn, ClientRequestToken: random.uuid() };
      clock.schedule(later(START, HOUR + Math.floor(random.next() * options.withinMs)), async () => {
        await simulator.call('secretsmanager', 'RotateSecret', input, 'operator');
      });
    }
    const began = process.hrtime.bigint();
    await clock.advanceTo(later(START, HOUR + options.withinMs + SETTLED_MS));
    return await outcomeOf({ simulator, options, tally, arns }, began);
  } finally {
    await simulator.close();
  }
}

/**
 * Lets the calls of the handlers take time. The simulated AWS runs invocations one after the other, and what it does by
 * itself waits for them: as many calls as Lambda would have under way at once take the time of one.
 */
function letTimePass(simulator: Simulator, clock: VirtualClock): void {
  let calls = 0;
  simulator.faults.before(({ role }) => {
    if (!ROLES.includes(role)) return;
    calls += 1;
    if (calls % AT_ONCE === 0) clock.elapse(CALL_MS);
  });
}

/** The invocations that a queue may have under way for a function, by the template. */
function concurrencyOf(functionName: string): number {
  const feed = PLAN.resources.find(
    ({ type, properties }) =>
      type === 'AWS::Lambda::EventSourceMapping' && properties['FunctionName'] === functionName,
  );
  return feedSchema.parse(feed?.properties).ScalingConfig.MaximumConcurrency;
}

function populate(
  simulator: Simulator,
  { rotations, failing }: StormOptions,
  random: Random,
): readonly string[] {
  const { secretsManager } = simulator;
  secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  secretsManager.functions.register({ name: 'broken', behaviour: 'error', step: 'setSecret' });
  return Array.from({ length: rotations }, (_, index) => {
    const name = random.next() < failing ? 'broken' : 'rotate';
    const due = { schedule: 90, nextRotationAt: later(START, 60 * DAY) };
    const { arn } = secretsManager.seed({ name: `app/${index}`, kind: 'function', function: name, ...due });
    return arn;
  });
}

function trouble(simulator: Simulator, { duplicate, delayMaxMs, serverErrors }: StormOptions): void {
  simulator.eventBridge.setFaults({ duplicate, delayMaxMs });
  for (const role of ROLES)
    simulator.faults.add({ kind: 'server-error', probability: serverErrors, role, service: 'dynamodb' });
}

interface Ended {
  readonly simulator: Simulator;
  readonly options: StormOptions;
  readonly tally: EventTally;
  readonly arns: readonly string[];
}

async function outcomeOf({ simulator, options, tally, arns }: Ended, began: bigint): Promise<Storm> {
  const depths = (names: readonly string[]): number =>
    names
      .map((name) => simulator.queues.find(name).depth())
      .map(({ visible, inFlight, delayed }) => visible + inFlight + delayed)
      .reduce((sum, depth) => sum + depth, 0);
  const wallMs = Number(process.hrtime.bigint() - began) / 1e6;
  const { facts, moves } = await stored(simulator);
  return {
    options,
    delivered: simulator.eventBridge.counts().delivered,
    busiestMinute: busiest(tally.sentAt, MINUTE),
    busiestOfHandlers: busiest(tally.acknowledgedAt, MINUTE),
    tally,
    waiting: depths(QUEUES),
    deadLetters: depths([PLAN.idOf('AWS::SQS::Queue', 'DeadLetters')]),
    incomplete: await incomplete(simulator, arns),
    writes: writesIn(simulator),
    changes: tally.attempts + tally.rotateCalls + facts + LABEL_CHANGES * options.rotations + moves,
    wallMs,
  };
}

/** AWSPENDING comes and goes. */
const LABEL_CHANGES = 2;

/** The writes of the handlers, less those that were answered with an error. */
const writesIn = ({ callLog }: Simulator): number =>
  ROLES.map(
    (role) =>
      countOf(callLog.counts(role), /^dynamodb:(Put|Update)Item$/) -
      countOf(callLog.failures(role), /^dynamodb:(Put|Update)Item:InternalServiceError$/),
  ).reduce((sum, count) => sum + count, 0);

const countOf = (counts: Readonly<Record<string, number>>, name: RegExp): number =>
  Object.entries(counts).reduce((sum, [key, count]) => (name.test(key) ? sum + count : sum), 0);

const items = z.object({
  Items: z.array(z.object({ sk: z.object({ S: z.string() }), body: z.object({ S: z.string() }).optional() })),
  LastEvaluatedKey: z.unknown().optional(),
});
const state = z.object({ evidence: z.array(z.unknown()) });

/** Counts the records in the table: facts of all secrets, and moves that applications were notified of. */
async function stored(simulator: Simulator): Promise<{ facts: number; moves: number }> {
  let [facts, moves]: [number, number] = [0, 0];
  let from: unknown;
  do {
    const input = {
      TableName: PLAN.config.tableName,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    };
    const page = items.parse(await simulator.call('dynamodb', 'Scan', input, 'auditor'));
    for (const { sk, body } of page.Items) {
      if (sk.S === 'state') facts += state.parse(JSON.parse(body?.S ?? '')).evidence.length;
      if (sk.S === 'move') moves += 1;
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return { facts, moves };
}

/** Compares what the table says of each rotation with what happened. */
async function incomplete(simulator: Simulator, arns: readonly string[]): Promise<readonly string[]> {
  const client = new DynamoDBClient({
    region: simulator.home.region,
    requestHandler: simulator.requestHandler('auditor'),
    credentials: { accessKeyId: 'auditor', secretAccessKey: 'simulated' },
  });
  const store = dynamodbAlertStore(client, PLAN.config.tableName);
  const missing: string[] = [];
  for (const text of arns) {
    const arn = asSecretArn(text);
    const history = simulator.secretsManager.history(text);
    const failures = history.filter(({ failure }) => failure !== undefined).length;
    const isRotated = history.at(-1)?.lastRotatedAt !== history[0]?.lastRotatedAt;
    const [attempt] = arn === undefined ? [] : await store.attempts(arn);
    const isWhole =
      attempt?.startedAt !== undefined &&
      (attempt.succeededAt !== undefined) === isRotated &&
      attempt.failures.length === failures;
    if (!isWhole) missing.push(text);
  }
  return missing;
}
