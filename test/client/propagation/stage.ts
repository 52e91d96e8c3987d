import { setTimeout as sleep } from 'node:timers/promises';
import { App, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { InvalidationTopic } from '../../../infra/rotation-monitor.ts';
import { MINUTE, SECOND } from '../../../src/calendar/instant.ts';
import { deployTemplate } from '../../../src/proving/player/deploy-template.ts';
import { ofType, PLACE } from '../../../src/proving/player/deployed-resources.ts';
import { deployMonitor, type MonitorPlan, planMonitor } from '../../../src/proving/player/monitor.ts';
import { createSimulator, type Simulator } from '../../../src/simulator/simulator.ts';
import { deployedResources } from '../../support/template/deployed-resources.ts';
import { buildProgram, type FollowingProcess, startProcess, type Use } from './processes.ts';
import { ShiftedClock } from './shifted-clock.ts';

/** Interval of the monitor's sweeps, and time that consumers have to confirm a version. */
export const SWEEP_MS: number = MINUTE;
export const CONFIRM_MS: number = MINUTE;

/** The secret that everybody follows. */
export const NAME = 'orders/db';
const ARN = `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${NAME}-AbCdEf`;
const LEASE_MS = 10 * MINUTE;
/** Processes that load their modules at the same time; more would time out on a busy machine. */
const STARTED_AT_ONCE = 5;

/** A move of AWSCURRENT. */
export interface Move {
  readonly versionId: string;
  /** Milliseconds since the epoch, by the machine's clock. */
  readonly at: number;
}

/** The address of the simulated AWS, and the topic and the role of listening processes. */
interface ListeningPlace {
  readonly endpoint: string;
  /** The role that may listen; the access key id of its calls. */
  readonly role: string;
  readonly topicArn: string;
  readonly queuePrefix: string;
}

/** The way in which processes follow. */
interface Following {
  /** Longest time between two looks of their polling caches; undefined for processes that only listen. */
  readonly intervalMs?: number;
  /** Lifetime of a lease; ten minutes by default. */
  readonly leaseMs?: number;
}

/** A deployed monitor in a simulated AWS in real time, a topic for processes, and a secret that moves. */
export interface Stage {
  readonly simulator: Simulator;
  readonly clock: ShiftedClock;
  /** The address and the topic for processes. */
  readonly place: ListeningPlace;
  /** Versions that the application bus sent to applications, in order, with the times. */
  readonly sent: readonly Use[];
  /** Keeps the schedule from sweeping, once no sweep is under way; the answer lets it sweep again. */
  holdSweeps(): Promise<() => Promise<void>>;
  /** Sweeps at once, and answers when the sweep has ended. */
  sweep(): Promise<void>;
  /** Calls that the policies of the monitor or of the processes do not allow. */
  refused(): readonly string[];
  /** Starts processes, and answers once all of them are ready. */
  start(consumers: readonly string[], following?: Following): Promise<readonly FollowingProcess[]>;
  /** Rotates by the rotation function. */
  rotate(): Promise<Move>;
  /** Promotes a new version by hand. */
  put(): Promise<Move>;
  /** Puts the version before in use again. */
  back(): Promise<Move>;
  /** Puts the clock forward, here and in all processes. */
  skip(ms: number): Promise<void>;
  /** Ends all processes and the simulated AWS. */
  close(): Promise<void>;
}

/** Opens an empty stage. */
export async function openStage(): Promise<Stage> {
  await buildProgram();
  const clock = new ShiftedClock();
  const simulator = createSimulator({ clock, seed: 1 });
  simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  const rotation = { function: 'rotate', schedule: 'rate(30 days)' };
  simulator.secretsManager.seed({ name: NAME, arnSuffix: 'AbCdEf', kind: 'function', ...rotation });
  const { endpoint, close } = await simulator.listen({ port: 0 });
  const plan = planMonitor(simulator.home, { sweepEveryMs: SWEEP_MS, parameters: { ConfirmAfter: '1m' } });
  const { enforcement, sweeps } = await deployMonitor(simulator, plan);
  const { applicationBusName = '', leaseTableName = '' } = plan.config;
  const listening = await deployTopic(simulator, applicationBusName);
  const processes: FollowingProcess[] = [];
  const { role, topicArn, queuePrefix } = listening;
  const place = { endpoint, role, topicArn, queuePrefix };
  const skip = async (ms: number): Promise<void> => {
    const { shiftMs } = clock;
    await clock.skip(ms);
    if (clock.shiftMs === shiftMs) return;
    for (const each of processes) each.shift(clock.shiftMs);
  };
  // The first sweep compares with nothing, so a lost event is found from the second on.
  while (sweeps() === 0) await clock.skip(SECOND);
  return {
    simulator,
    clock,
    place,
    sent: await hear(simulator, applicationBusName),
    ...sweeping(simulator, plan, skip),
    refused: () => [...enforcement.refused, ...listening.refused],
    start: async (consumers, { intervalMs, leaseMs = LEASE_MS } = {}) => {
      const lease = { tableName: leaseTableName, durationMs: leaseMs };
      const given = { ...place, lease, secretId: NAME, intervalMs };
      const orders = consumers.map((consumer) => ({ ...given, consumer, shiftMs: clock.shiftMs }));
      const started: FollowingProcess[] = [];
      for (let first = 0; first < orders.length; first += STARTED_AT_ONCE)
        started.push(...(await Promise.all(orders.slice(first, first + STARTED_AT_ONCE).map(startProcess))));
      processes.push(...started);
      return started;
    },
    ...moving(simulator, clock, skip),
    skip,
    close: async () => {
      await Promise.all(processes.map((each) => each.kill()));
      await simulator.close();
      clock.stop();
      await close();
    },
  };
}

/** The sweeps of the monitor, with its schedule and without it. */
function sweeping(
  simulator: Simulator,
  plan: MonitorPlan,
  skip: Stage['skip'],
): Pick<Stage, 'holdSweeps' | 'sweep'> {
  const call = (operation: string, input: object) =>
    simulator.call('scheduler', operation, { ...input }, 'operator');
  return {
    holdSweeps: async () => {
      const [{ id: Name, properties: { GroupName } = {} } = {}] = ofType(
        plan.resources,
        'AWS::Scheduler::Schedule',
      );
      const schedule = Object(await call('GetSchedule', { Name, GroupName }));
      await call('UpdateSchedule', { ...schedule, State: 'DISABLED' });
      await skip(0);
      return async () => void (await call('UpdateSchedule', schedule));
    },
    sweep: async () => {
      simulator.functions.invokeLater(plan.functionOf('sweep').name, {});
      await skip(0);
    },
  };
}

/** The construct that brings moves to processes, deployed; what its role may not do is refused. */
async function deployTopic(simulator: Simulator, busName: string) {
  const stack = new Stack(new App(), 'applications', { env: simulator.home });
  const applicationBus = EventBus.fromEventBusName(stack, 'Bus', busName);
  const assumedBy = new ServicePrincipal('ecs-tasks.amazonaws.com');
  const { queuePrefix } = new InvalidationTopic(stack, 'Rotations', { applicationBus, assumedBy });
  const resources = deployedResources(stack, { ...PLACE, ...simulator.home });
  const { refused } = await deployTemplate(simulator, resources);
  const [{ id: role = '' } = {}] = ofType(resources, 'AWS::IAM::Role');
  const [{ id: topic = '' } = {}] = ofType(resources, 'AWS::SNS::Topic');
  const { region, account } = simulator.home;
  return { role, topicArn: `arn:aws:sns:${region}:${account}:${topic}`, queuePrefix, refused };
}

/** Collects the events of the application bus. */
async function hear(simulator: Simulator, EventBusName: string): Promise<readonly Use[]> {
  const sent: Use[] = [];
  const Arn = simulator.functions.register('hears', async (event) => {
    sent.push({ versionId: String(Object(Object(event).detail).versionId), at: Date.now() });
  });
  const EventPattern = JSON.stringify({ source: ['secret-rotation-monitor'] });
  await simulator.call('events', 'PutRule', { Name: 'hears', EventBusName, EventPattern }, 'operator');
  const Targets = [{ Id: 'a', Arn }];
  await simulator.call('events', 'PutTargets', { Rule: 'hears', EventBusName, Targets }, 'operator');
  return sent;
}

/** The ways in which AWSCURRENT moves. */
function moving(
  simulator: Simulator,
  clock: ShiftedClock,
  skip: Stage['skip'],
): Pick<Stage, 'rotate' | 'put' | 'back'> {
  const call = (operation: string, input: object) =>
    simulator.call('secretsmanager', operation, { SecretId: ARN, ...input }, 'operator');
  const holder = (stage: string): string => {
    const { stages = {} } = simulator.secretsManager.history(NAME).at(-1) ?? {};
    return Object.entries(stages).find(([, held]) => held.includes(stage))?.[0] ?? '';
  };
  return {
    rotate: async () => {
      const before = holder('AWSCURRENT');
      await call('RotateSecret', { ClientRequestToken: crypto.randomUUID() });
      for (;;) {
        const at = Date.now();
        await skip(Math.max(0, (clock.nextAt() ?? 0) - clock.now()));
        const versionId = holder('AWSCURRENT');
        if (versionId !== before) return { versionId, at };
        await sleep(1);
      }
    },
    put: async () => {
      const move = { versionId: crypto.randomUUID(), at: Date.now() };
      await call('PutSecretValue', { ClientRequestToken: move.versionId, SecretString: move.versionId });
      return move;
    },
    back: async () => {
      const [RemoveFromVersionId, versionId] = [holder('AWSCURRENT'), holder('AWSPREVIOUS')];
      const at = Date.now();
      const VersionStage = 'AWSCURRENT';
      await call('UpdateSecretVersionStage', {
        VersionStage,
        RemoveFromVersionId,
        MoveToVersionId: versionId,
      });
      return { versionId, at };
    },
  };
}
