import type { Context, Handler, SQSHandler } from 'aws-lambda';
import { leaseTableDefinition, tableDefinition } from '../../monitor/adapters/dynamodb/table.ts';
import { compose, type Service } from '../../monitor/compose/compose.ts';
import { readConfig } from '../../monitor/config/read-config.ts';
import type { Config } from '../../monitor/config/settings.ts';
import {
  type EventPattern,
  LABEL_UPDATED,
  ROTATION_OUTCOMES,
  SECRET_CHANGES,
} from '../../monitor/domain/rotation/event-patterns.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { embeddedEnvironment, FED_QUEUES, NAMES, redrivePolicy } from './environment.ts';
import { MONITOR_FUNCTIONS } from './monitor-functions.ts';
import { createSideTopics, createTopic, type SideReaders, sideEnvironment } from './side-topics.ts';
import { createSlackPath, type EmbeddedSlack, mapChatQueue, slackEnvironment } from './slack.ts';
import { startSweeps } from './sweep-schedule.ts';

/** How the monitor is put into the embedded AWS. */
export interface DeploymentOptions {
  /** Environment variables that differ from the usual ones, such as ROTATION_MONITOR_STUCK_AFTER. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Who reads the alerts. */
  readonly email?: string;
  /** Who reads what is not on the alert topic. */
  readonly readers?: SideReaders;
  /** Where alerts are posted besides; nowhere when left out. */
  readonly slack?: EmbeddedSlack;
  /** Hears the log lines of the handlers. */
  readonly onLog?: (line: string) => void;
  /** Hears of the end of every sweep. */
  readonly onSweep?: () => void;
}

/** The monitor, deployed. */
export interface Deployment {
  readonly config: Config;
  /** Names of the monitor's functions, which are also its roles in the call log. */
  readonly roles: readonly string[];
  /** How many sweeps have run. */
  readonly sweeps: () => number;
  /** Begins the schedule of sweeps. */
  start(): Promise<void>;
}

type FunctionName = (typeof MONITOR_FUNCTIONS)[number];

/** Creates what infra would deploy and lets the real handlers run in it, each under a role of its own. */
export async function deploy(simulator: Simulator, options: DeploymentOptions = {}): Promise<Deployment> {
  const { slack, readers = {} } = options;
  const environment = {
    ...embeddedEnvironment(simulator.home),
    ...(slack === undefined ? {} : slackEnvironment(simulator.home)),
    ...sideEnvironment(simulator.home, readers),
    ...options.environment,
  };
  const config = readConfig(environment);
  await createResources(simulator, options.email ?? 'oncall@example.com');
  await createSideTopics(simulator, readers);
  if (slack !== undefined) await createSlackPath(simulator, slack);
  await createRules(simulator);
  let sweeps = 0;
  const handlers = await loadHandlers(environment, (role) =>
    serviceFor(simulator, { config, role, options }),
  );
  for (const name of MONITOR_FUNCTIONS) {
    simulator.functions.register(name, async (event, context) => {
      const result = await handlers[name](event, context as Context, () => undefined);
      if (name === 'sweep') {
        sweeps += 1;
        options.onSweep?.();
      }
      return result;
    });
  }
  mapQueues(simulator);
  if (slack !== undefined) mapChatQueue(simulator);
  return {
    config,
    roles: MONITOR_FUNCTIONS,
    sweeps: () => sweeps,
    start: () => startSweeps(simulator, config.sweepIntervalMs),
  };
}

interface ServiceRequest {
  readonly config: Config;
  readonly role: FunctionName;
  readonly options: DeploymentOptions;
}

const serviceFor = (simulator: Simulator, { config, role, options }: ServiceRequest): Service =>
  compose(config, {
    clock: simulator.clock,
    requestHandler: simulator.requestHandler(role),
    writeLine: (line) => {
      if (line.includes('"_aws"')) simulator.cloudWatch.ingestEmf(line);
      else options.onLog?.(line);
    },
  });

type Handlers = Readonly<Record<FunctionName, Handler<unknown, unknown>>>;

/** Loads the handlers as Lambda would: with the settings in the environment before the module runs. */
async function loadHandlers(
  environment: Readonly<Record<string, string>>,
  service: (role: FunctionName) => Service,
): Promise<Handlers> {
  Object.assign(process.env, environment);
  const [rotation, label, sweep, target, check, deliver, acknowledge, slack, widget] = await Promise.all([
    import('../../monitor/handlers/on-rotation-event.ts'),
    import('../../monitor/handlers/on-label-updated.ts'),
    import('../../monitor/handlers/sweep.ts'),
    import('../../monitor/handlers/sweep-target.ts'),
    import('../../monitor/handlers/check-secret.ts'),
    import('../../monitor/handlers/deliver.ts'),
    import('../../monitor/handlers/acknowledge.ts'),
    import('../../monitor/handlers/notify-slack.ts'),
    import('../../monitor/handlers/open-alerts-widget.ts'),
  ]);
  return {
    'on-rotation-event': untyped(rotation.createOnRotationEvent(service('on-rotation-event'))),
    'on-label-updated': untyped(label.createOnLabelUpdated(service('on-label-updated'))),
    sweep: untyped(sweep.createSweep(service('sweep'))),
    'sweep-target': untyped(target.createSweepTarget(service('sweep-target'))),
    'check-secret': untyped(check.createCheckSecret(service('check-secret'))),
    deliver: untyped(deliver.createDeliver(service('deliver'))),
    acknowledge: untyped(acknowledge.createAcknowledge(service('acknowledge'))),
    'notify-slack': untyped(slack.createNotifySlack(service('notify-slack'))),
    'open-alerts-widget': untyped(widget.createOpenAlertsWidget(service('open-alerts-widget'))),
  };
}

/** The simulator's functions take any event; its event sources build the right one. */
const untyped = <E, R>(handler: Handler<E, R> | SQSHandler): Handler<unknown, unknown> =>
  handler as Handler<unknown, unknown>;

const call = (
  simulator: Simulator,
  service: Parameters<Simulator['call']>[0],
  operation: string,
  input: object,
) => simulator.call(service, operation, { ...input }, 'deployer');

async function createResources(simulator: Simulator, email: string): Promise<void> {
  await call(simulator, 'dynamodb', 'CreateTable', tableDefinition(NAMES.table));
  await call(simulator, 'dynamodb', 'CreateTable', leaseTableDefinition(NAMES.leaseTable));
  await call(simulator, 'events', 'CreateEventBus', { Name: NAMES.applicationBus });
  await call(simulator, 'scheduler', 'CreateScheduleGroup', { Name: NAMES.deadlineGroup });
  await createTopic(simulator, NAMES.alertTopic, email);
  await call(simulator, 'sqs', 'CreateQueue', { QueueName: NAMES.deadLetterQueue });
  const Attributes = { RedrivePolicy: redrivePolicy(simulator.home) };
  for (const QueueName of FED_QUEUES) await call(simulator, 'sqs', 'CreateQueue', { QueueName, Attributes });
}

/** The rules that infra deploys: pattern and queue. */
const RULES: readonly { readonly name: string; readonly pattern: EventPattern; readonly queue: string }[] = [
  { name: 'rotation-outcomes', pattern: ROTATION_OUTCOMES, queue: NAMES.rotationQueue },
  { name: 'secret-changes', pattern: SECRET_CHANGES, queue: NAMES.rotationQueue },
  { name: 'label-updated', pattern: LABEL_UPDATED, queue: NAMES.labelQueue },
];

async function createRules(simulator: Simulator): Promise<void> {
  const { account, region } = simulator.home;
  for (const { name, pattern, queue } of RULES) {
    await call(simulator, 'events', 'PutRule', { Name: name, EventPattern: JSON.stringify(pattern) });
    const Targets = [{ Id: queue, Arn: `arn:aws:sqs:${region}:${account}:${queue}` }];
    await call(simulator, 'events', 'PutTargets', { Rule: name, Targets });
  }
}

function mapQueues(simulator: Simulator): void {
  const batch = { batchSize: 10, reportBatchItemFailures: true };
  simulator.mapEventSource({ queue: NAMES.rotationQueue, functionName: 'on-rotation-event', ...batch });
  simulator.mapEventSource({ queue: NAMES.labelQueue, functionName: 'on-label-updated', ...batch });
  simulator.mapEventSource({ queue: NAMES.deliveryQueue, functionName: 'deliver', batchSize: 10 });
  simulator.mapEventSource({ queue: NAMES.sweepQueue, functionName: 'sweep-target', batchSize: 1 });
}
