import { DAY, type Instant, instant, later, parseInstant } from '../../../src/calendar/instant.ts';
import { targetSubject } from '../../../src/monitor/domain/state/secret-state.ts';
import type { JudgedRun, Outage } from '../../../src/proving/court/checks/case.ts';
import type { Read } from '../../../src/proving/court/told/said.ts';
import { deployMonitor, planMonitor } from '../../../src/proving/player/monitor.ts';
import type { EventCounts } from '../../../src/simulator/eventbridge/delivery.ts';
import { createSimulator, type Simulator } from '../../../src/simulator/simulator.ts';
import type { Queue } from '../../../src/simulator/sqs/queue.ts';
import { VirtualClock } from '../../../src/simulator/time/clock.ts';
import { Arrivals } from './arrivals.ts';
import { chanceFrom } from './chance.ts';
import { Inbox } from './inbox.ts';
import { Journal } from './journal.ts';
import { type ChaosFaults, type ChaosOptions, USUAL_FAULTS } from './options.ts';
import { outages } from './outages.ts';
import { populate } from './populate.ts';
import { care, misfortunes } from './stories.ts';
import { Trouble, type TroubleCounts } from './trouble.ts';
import { troubleAws } from './trouble-aws.ts';
import { play, type World } from './world.ts';

/** A run that has come to some day, with all that a judgement of it needs. */
export interface ChaosRun {
  readonly options: ChaosOptions;
  readonly faults: ChaosFaults;
  readonly endsAt: Instant;
  readonly world: World;
  readonly journal: Journal;
  /** The alerts that people read, one entry for each secret that an e-mail names. */
  readonly told: readonly Read[];
  readonly arrivals: Arrivals;
  readonly events: EventCounts;
  readonly trouble: TroubleCounts;
  readonly outages: readonly Outage[];
  /** The account and region of the run, as messages name it, and the subject of its state. */
  readonly target: JudgedRun['target'];
  /** Whether the monitor asks to be woken when a pending version reaches its threshold. */
  readonly setsDeadlines: boolean;
  readonly sweeps: number;
  /** Runs of the monitor's functions, and those that failed. */
  readonly runs: number;
  readonly failedRuns: number;
  /** Messages that no handler could take in. */
  readonly deadLetters: number;
}

/** Hears how far a run has come, once a simulated day. */
export type OnDay = (day: number, soFar: () => ChaosRun) => void;

const START: Instant = parseInstant('2026-01-01T00:00:00Z') ?? instant(0);

/** Runs the monitor through chaos; the caller judges. */
export async function runChaos(options: ChaosOptions, onDay: OnDay = () => undefined): Promise<ChaosRun> {
  const { seed, days } = options;
  const faults = { ...USUAL_FAULTS, ...options.faults };
  const clock = new VirtualClock(START);
  // What is sabotaged are requests on the wire.
  const skipsWireFormats = options.wire !== true && options.sabotage === undefined;
  const simulator = createSimulator({ clock, seed, skipsWireFormats });
  try {
    // Whether a value put by hand moves LastRotatedDate is not documented: both worlds are played.
    simulator.secretsManager.configureAll({ putsMoveRotatedDate: seed % 2 === 0 });
    const secrets = populate(simulator, options, START);
    const journal = new Journal();
    const arrivals = new Arrivals();
    const target = targetOf(simulator);
    const named = secrets.map(({ name, arn }): [string, string] => [name, arn]);
    const { sabotage, sweepEveryMs } = options;
    const plan = planMonitor(simulator.home, { sweepEveryMs });
    const arns = new Map([...named, [target.name, target.subject]]);
    const inbox = new Inbox(simulator, plan.config.alertTopicArn, arns);
    const trouble = new Trouble({
      simulator,
      faults,
      chance: chanceFrom(seed, 1),
      journal,
      arrivals,
      sabotage,
      functions: plan.functions,
    });
    const deployment = await deployMonitor(trouble.around(), plan);
    troubleAws({ simulator, options, faults, roles: deployment.roles });
    const suffered: Outage[] = [];
    await play(clock, outages({ simulator, clock, options, faults, roles: deployment.roles }, suffered));
    const world: World = {
      simulator,
      clock,
      chance: chanceFrom(seed, 2),
      secrets,
      journal,
      inbox,
      incidentEveryMs: options.incidentEveryDays * DAY,
      tally: new Map(),
    };
    for (const secret of secrets) {
      await play(clock, misfortunes(world, secret));
      await play(clock, care(world, secret));
    }
    const soFar = (): ChaosRun => {
      const stats = deployment.functions.map(({ name }) => simulator.functions.stats(name));
      return {
        options,
        faults,
        endsAt: clock.now(),
        world,
        journal,
        told: inbox.told(),
        arrivals,
        events: simulator.eventBridge.counts(),
        trouble: trouble.counts,
        outages: suffered,
        target,
        setsDeadlines: deployment.roles.some(
          (role) => 'scheduler:CreateSchedule' in simulator.callLog.counts(role),
        ),
        sweeps: deployment.sweeps(),
        runs: stats.reduce((sum, { invocations }) => sum + invocations, 0),
        failedRuns: deployment.failedRuns(),
        deadLetters: waiting(simulator.queues.find(plan.idOf('AWS::SQS::Queue', 'DeadLetters'))),
      };
    };
    for (let day = 1; day <= days; day++) {
      await clock.advanceTo(later(START, day * DAY));
      onDay(day, soFar);
    }
    return soFar();
  } finally {
    await simulator.close();
  }
}

/** Returns the number of messages in a queue, those included that somebody has received and not deleted. */
const waiting = (queue: Pick<Queue, 'depth'>): number => {
  const { visible, inFlight } = queue.depth();
  return visible + inFlight;
};

const targetOf = ({ home }: Simulator): JudgedRun['target'] => ({
  name: `${home.account} ${home.region}`,
  subject: targetSubject(home),
});
