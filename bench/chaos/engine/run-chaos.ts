import { toldIn } from '../../../src/cli/drill/told-in.ts';
import { deploy } from '../../../src/cli/embedded/deployment.ts';
import { DAY, type Instant, instant, later, parseInstant, SECOND } from '../../../src/domain/instant.ts';
import { VirtualClock } from '../../../src/simulator/clock.ts';
import { prepare } from '../../../src/simulator/scenario/prepare.ts';
import type { Scenario } from '../../../src/simulator/scenario/scenario.ts';
import type { ToldAlert } from '../../../src/simulator/scenario/told-alert.ts';
import { createSimulator, type Simulator } from '../../../src/simulator/simulator.ts';
import { chanceFrom } from './chance.ts';
import { fleetOf } from './fleet.ts';
import { Journal } from './journal.ts';
import { type ChaosFaults, type ChaosOptions, USUAL_FAULTS } from './options.ts';
import { care, misfortunes } from './stories.ts';
import { Trouble, type TroubleCounts } from './trouble.ts';
import { type ChaosSecret, play, type World } from './world.ts';

/** A run that has ended, with all that a judgement of it needs. */
export interface ChaosRun {
  readonly options: ChaosOptions;
  readonly faults: ChaosFaults;
  readonly endsAt: Instant;
  readonly world: World;
  readonly journal: Journal;
  /** What people read, one entry for each secret that an e-mail names. */
  readonly told: readonly ToldAlert[];
  readonly trouble: TroubleCounts;
  readonly sweeps: number;
  /** Runs of the monitor's functions, and those that failed. */
  readonly runs: number;
  readonly failedRuns: number;
  /** Messages that no handler could take in. */
  readonly deadLetters: number;
}

const START: Instant = parseInstant('2026-01-01T00:00:00Z') ?? instant(0);

/** Runs the monitor through chaos; the caller judges. */
export async function runChaos(options: ChaosOptions): Promise<ChaosRun> {
  const { seed, days } = options;
  const faults = { ...USUAL_FAULTS, ...options.faults };
  const clock = new VirtualClock(START);
  const simulator = createSimulator({ clock, seed });
  try {
    const secrets = populate(simulator, options);
    const journal = new Journal();
    const trouble = new Trouble({ simulator, faults, chance: chanceFrom(seed, 1), journal });
    const environment = { ROTATION_MONITOR_SWEEP_INTERVAL: `${options.sweepEveryMs / SECOND}s` };
    const deployment = await deploy(trouble.around(), { environment });
    troubleAws(simulator, faults, deployment.roles);
    const world: World = {
      simulator,
      clock,
      chance: chanceFrom(seed, 2),
      secrets,
      journal,
      incidentEveryMs: (options.incidentEveryDays ?? 25) * DAY,
      tally: new Map(),
    };
    for (const secret of secrets) {
      await play(clock, misfortunes(world, secret));
      await play(clock, care(world, secret));
    }
    deployment.start();
    const endsAt = later(START, days * DAY);
    await clock.advanceTo(endsAt);
    const stats = deployment.roles.map((role) => simulator.functions.stats(role));
    return {
      options,
      faults,
      endsAt,
      world,
      journal,
      told: mailsOf(simulator, secrets),
      trouble: trouble.counts,
      sweeps: deployment.sweeps(),
      runs: stats.reduce((sum, { invocations }) => sum + invocations, 0),
      failedRuns: stats.reduce((sum, { errors }) => sum + errors, 0),
      deadLetters: ['rotation-events', 'label-events', 'rotation-delivery']
        .map((name) => simulator.queues.find(`${name}-dlq`).depth().visible)
        .reduce((sum, depth) => sum + depth, 0),
    };
  } finally {
    await simulator.close();
  }
}

function populate(simulator: Simulator, { seed, days, secrets, sweepEveryMs }: ChaosOptions): ChaosSecret[] {
  const fleet = fleetOf(secrets, chanceFrom(seed, 3));
  const faults = { drop: 0, duplicate: 0, delayMaxMs: 0, listStaleMaxMs: 0, throttle: 0, kill: 0 };
  const scenario: Scenario = {
    name: 'chaos',
    start: START,
    days,
    seed,
    sweepEveryMs,
    ...fleet,
    timeline: [],
    faults,
    expect: { announce: [], never: [] },
  };
  return [...prepare(simulator, scenario).secrets.values()].map(({ arn, secret }) => ({
    arn,
    name: secret.name,
    secret,
    causes: 0,
    meddledAt: [],
    silences: [],
  }));
}

function troubleAws(simulator: Simulator, faults: ChaosFaults, roles: readonly string[]): void {
  simulator.eventBridge.setFaults({
    drop: faults.eventsDropped,
    duplicate: faults.eventsDuplicated,
    delayMaxMs: faults.eventDelayMaxMs,
    delayShare: faults.eventsDelayed,
  });
  simulator.secretsManager.delayLists(faults.listStaleMaxMs);
  for (const role of roles) {
    simulator.faults.add({ kind: 'throttled', probability: faults.throttled, role });
    simulator.faults.add({ kind: 'server-error', probability: faults.serverErrors, role });
    simulator.faults.add({ kind: 'timeout', probability: faults.timeouts, role });
  }
}

function mailsOf(simulator: Simulator, secrets: readonly ChaosSecret[]): readonly ToldAlert[] {
  const arns = new Map(secrets.map(({ name, arn }) => [name, arn]));
  return simulator.sns.inbox.flatMap((email) => toldIn(email, (name) => arns.get(name)));
}
