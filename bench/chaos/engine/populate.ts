import type { Instant } from '../../../src/calendar/instant.ts';
import { prepare } from '../../../src/proving/scenario/prepare.ts';
import type { Scenario } from '../../../src/proving/scenario/scenario.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { chanceFrom } from './chance.ts';
import { fleetOf } from './fleet.ts';
import type { ChaosOptions } from './options.ts';
import type { ChaosSecret } from './world.ts';

/** Puts the fleet of a run into the simulated account. */
export function populate(
  simulator: Simulator,
  { seed, days, secrets, sweepEveryMs }: ChaosOptions,
  start: Instant,
): readonly ChaosSecret[] {
  const fleet = fleetOf(secrets, chanceFrom(seed, 3));
  const faults = {
    drop: 0,
    duplicate: 0,
    delayMaxMs: 0,
    listStaleMaxMs: 0,
    describeStaleMaxMs: 0,
    throttle: 0,
    kill: 0,
  };
  const scenario: Scenario = {
    name: 'chaos',
    start,
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
  }));
}
