import * as z from 'zod';
import type { Instant } from '../calendar/instant.ts';
import { type Account, createAccount } from './account.ts';
import { type CallLog, createCallLog } from './call/call-log.ts';
import { createDispatch } from './call/dispatch.ts';
import { createFaults, type FaultRule, type Faults } from './call/faults.ts';
import { seededRandom } from './call/random.ts';
import type { Home, Input, ServiceName } from './call/service.ts';
import type { FunctionResources } from './lambda/function-resources.ts';
import type { Functions } from './lambda/functions.ts';
import { type Listening, type ListenOptions, listen } from './protocols/http-server.ts';
import { type InProcessHandler, inProcessHandler, type RunOf } from './protocols/in-process-handler.ts';
import { InProcessProtocol } from './protocols/in-process-protocol.ts';
import type { Route } from './protocols/route.ts';
import { type HttpPost, nobodyAnswers } from './sns/http-post.ts';
import type { ReceivedMessage } from './sqs/message.ts';
import { systemAttributes } from './sqs/message-operations.ts';
import { md5 } from './sqs/operations.ts';
import type { Queue } from './sqs/queue.ts';
import type { Queues } from './sqs/queues.ts';
import type { SimulatorClock } from './time/clock.ts';
import { World } from './world.ts';

/** Options of a simulator. */
export interface SimulatorOptions {
  readonly clock: SimulatorClock;
  /** Decides all chance: the same seed and the same calls give the same run. */
  readonly seed: number;
  /** Twelve digits; 111122223333 when left out. */
  readonly account?: string;
  /** eu-west-1 when left out. */
  readonly region?: string;
  /** Faults from the beginning; `simulator.faults` adds more. */
  readonly faults?: readonly FaultRule[];
  /** Lets subscriptions of e-mail addresses wait for `sns.confirm`; they are confirmed at once when left out. */
  readonly emailsArePending?: boolean;
  /** Posts to the subscribers of topics over HTTP; nobody answers when left out. */
  readonly post?: HttpPost;
  /** Has SDK clients in this process leave out the wire formats, for whoever makes a million calls. */
  readonly skipsWireFormats?: boolean;
}

/** One account in one region of a small AWS. */
export interface Simulator extends Account {
  readonly clock: SimulatorClock;
  readonly home: Home;
  /** State shared with other accounts and regions: roles, sessions, the organization. */
  readonly world: World;
  /** The calls of every role. */
  readonly callLog: CallLog;
  /** Faults and hooks of calls; those of events are at `eventBridge.setFaults`. */
  readonly faults: Faults;
  /** Lets a queue feed a function; the answer stops it. */
  mapEventSource(options: EventSourceOptions): () => void;
  /** A request handler for SDK clients whose calls are those of `role`, and of a run where runs may be killed. */
  requestHandler(role: string, runOf?: RunOf): InProcessHandler;
  /** The protocol of clients with such a request handler; undefined where they keep that of their service. */
  readonly protocol: typeof InProcessProtocol | undefined;
  /** Serves SDK clients and the AWS CLI over HTTP; the access key id names the role. */
  listen(options: ListenOptions): Promise<Listening>;
  /** Calls an operation without a client; answers what the operation answers, with points in time as Dates. */
  call(service: ServiceName, operation: string, input: Input, role: string): Promise<unknown>;
  /** Ends what the simulator would still do by itself; no call may follow. */
  close(): Promise<void>;
}

/** An empty account that is alone in the world. */
export const createSimulator = (options: SimulatorOptions): Simulator =>
  createSimulatorIn(new World(options.clock, seededRandom(options.seed + 4), undefined), options);

/** An empty account in a world with others. */
export function createSimulatorIn(world: World, options: SimulatorOptions): Simulator {
  const { clock, seed, account = '111122223333', region = 'eu-west-1', emailsArePending = false } = options;
  const home = { account, region };
  const requestIds = seededRandom(seed + 1);
  const faults = createFaults(seededRandom(seed + 2), options.faults);
  const callLog = createCallLog();
  let endpoint = `https://sqs.${region}.amazonaws.com`;
  const call: Simulator['call'] = (service, operation, input, role) =>
    dispatch({ service, operation, input, role });
  const parts = createAccount({
    clock,
    random: seededRandom(seed),
    schedulingRandom: seededRandom(seed + 3),
    home,
    world,
    endpoint: () => endpoint,
    call,
    emailsArePending,
    post: options.post ?? nobodyAnswers,
  });
  const { services, queues, functions, functionResources, scheduler, eventBridge } = parts;
  const dispatch = createDispatch({ clock, random: requestIds, home, services, callLog, faults });
  const exchange = { dispatch, requestId: requestIds.uuid };
  world.join({ home, exchange, receive: eventBridge.receive });
  const route: Route = (sender) => world.route(home, sender);
  return {
    ...parts,
    clock,
    home,
    world,
    callLog,
    faults,
    mapEventSource: (mapping) =>
      mapEventSource({ clock, home, queues, functions, functionResources }, mapping),
    requestHandler: (role, runOf) => inProcessHandler(route, role, runOf),
    protocol: options.skipsWireFormats === true ? InProcessProtocol : undefined,
    listen: async (options) => {
      const listening = await listen(route, options);
      endpoint = listening.endpoint;
      return listening;
    },
    call,
    close: async () => scheduler.stop(),
  };
}

/** The queue that feeds a function, and its limits. */
interface EventSourceOptions {
  /** Queue by name, URL or ARN. */
  readonly queue: string;
  /** Function by name or ARN. */
  readonly functionName: string;
  /** Most messages of one invocation; 10 when left out. */
  readonly batchSize?: number;
  /** Whether the function's `batchItemFailures` count; without it only a throw is a failure. */
  readonly reportBatchItemFailures?: boolean;
}

/**
 * Messages of one invocation by default.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
const BATCH_SIZE = 10;

/** Dependencies of the mappings. */
interface EventSourceDependencies {
  readonly clock: SimulatorClock;
  readonly home: Home;
  readonly queues: Queues;
  readonly functions: Functions;
  readonly functionResources: FunctionResources;
}

/**
 * Feeds the messages of a queue to a function, one batch after the other, as they become visible; the answer
 * stops it. Messages of failed batches come back after the visibility timeout.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
function mapEventSource(dependencies: EventSourceDependencies, options: EventSourceOptions): () => void {
  const { clock, queues, functionResources } = dependencies;
  const queue = queues.find(options.queue);
  const mapping = functionResources.mappings.add({
    eventSourceArn: queue.arn,
    functionArn: functionResources.arnOf(options.functionName),
    batchSize: options.batchSize ?? BATCH_SIZE,
  });
  const planned = new Map<Instant, () => void>();
  const plan = (at: Instant): void => {
    if (planned.has(at)) return;
    planned.set(
      at,
      clock.schedule(at, async () => {
        planned.delete(at);
        while (mapping.isEnabled && (await feed(dependencies, queue, options)));
      }),
    );
  };
  const deaf = queue.onVisible(plan);
  plan(clock.now());
  return () => {
    functionResources.mappings.remove(mapping);
    deaf();
    for (const cancel of planned.values()) cancel();
  };
}

/** Feeds one batch; false when there was none. */
async function feed(
  { queues, functions, home }: EventSourceDependencies,
  queue: Queue,
  { functionName, batchSize = BATCH_SIZE, reportBatchItemFailures = false }: EventSourceOptions,
): Promise<boolean> {
  const messages = queues.receive(queue, { max: batchSize });
  if (messages.length === 0) return false;
  const records = messages.map((message) => toRecord(message, queue, home));
  const failed = await failures(functions, functionName, records);
  if (failed === 'all') return true;
  for (const message of messages) {
    if (!reportBatchItemFailures || !failed.has(message.id)) queue.delete(message.receiptHandle);
  }
  return true;
}

const response = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/** Ids of the messages that failed; what is no list of failures means success, a broken list that all failed. */
async function failures(
  functions: Functions,
  functionName: string,
  records: readonly object[],
): Promise<ReadonlySet<string> | 'all'> {
  let answer: unknown;
  try {
    answer = await functions.invoke(functionName, { Records: records });
  } catch {
    return 'all';
  }
  if (typeof answer !== 'object' || answer === null) return new Set();
  const parsed = response.safeParse(answer);
  if (!parsed.success) return 'all';
  return new Set((parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
}

/** The form in which Lambda hands over an SQS message. */
const toRecord = (message: ReceivedMessage, queue: Queue, { region }: Home): object => ({
  messageId: message.id,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: systemAttributes(message),
  messageAttributes: Object.fromEntries(
    Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { dataType: DataType, stringValue: StringValue, binaryValue: BinaryValue },
    ]),
  ),
  md5OfBody: md5(message.body),
  eventSource: 'aws:sqs',
  eventSourceARN: queue.arn,
  awsRegion: region,
});
