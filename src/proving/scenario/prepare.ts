import { DAY, type Instant, later } from '../../calendar/instant.ts';
import { type Random, seededRandom } from '../../simulator/call/random.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { defined } from './defined.ts';
import type { BehaviourOfFunction, Scenario, ScenarioSecret } from './scenario.ts';

/** A secret of a scenario that is in the simulator. */
export interface PreparedSecret {
  readonly arn: string;
  readonly secret: ScenarioSecret;
}

/** A scenario whose account stands ready. */
export interface Prepared {
  readonly scenario: Scenario;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** By name. */
  readonly secrets: ReadonlyMap<string, PreparedSecret>;
  /** Chance of the scenario's own, from its seed. */
  readonly random: Random;
}

/** Youngest and oldest age of the secrets at the start, in days. */
const AGES = { least: 30, most: 400 };

/**
 * Puts the functions and the secrets of a scenario into the simulator, without any event, as if they had been there
 * all along: what has a schedule was last rotated at the start of the run. Begins where the simulator's clock is.
 */
export function prepare(simulator: Simulator, scenario: Scenario): Prepared {
  const { secretsManager, clock } = simulator;
  const startsAt = clock.now();
  const random = seededRandom(scenario.seed);
  for (const { name, ...behaviour } of scenario.functions) setBehaviour(simulator, name, behaviour);
  const secrets = new Map<string, PreparedSecret>();
  for (const secret of scenario.secrets) {
    const ageDays = AGES.least + random.below(AGES.most - AGES.least);
    const { arn } = secretsManager.seed({
      ...defined({
        function: secret.function,
        schedule: secret.schedule,
        duration: secret.duration,
        tags: secret.tags,
        replicas: secret.replicas?.map((region) => ({
          region,
          status: 'InSync' as const,
          message: undefined,
        })),
      }),
      name: secret.name,
      kind: secret.kind,
      createdAt: later(startsAt, -ageDays * DAY),
      changedAt: startsAt,
      ...(secret.schedule !== undefined && { lastRotatedAt: startsAt }),
    });
    secrets.set(secret.name, { arn, secret });
  }
  applyFaults(simulator, scenario);
  return { scenario, startsAt, endsAt: later(startsAt, scenario.days * DAY), secrets, random };
}

/** Lets a rotation function behave in another way, as somebody does who changes its code. */
export function setBehaviour(
  { secretsManager }: Pick<Simulator, 'secretsManager'>,
  name: string,
  { behaviour, cause, step, times }: BehaviourOfFunction,
): void {
  secretsManager.functions.register({ name, behaviour, ...defined({ cause, step, times }) });
}

function applyFaults({ eventBridge, secretsManager }: Simulator, { faults }: Scenario): void {
  eventBridge.setFaults({ drop: faults.drop, duplicate: faults.duplicate, delayMaxMs: faults.delayMaxMs });
  if (faults.listStaleMaxMs > 0) secretsManager.delayLists(faults.listStaleMaxMs);
  if (faults.describeStaleMaxMs > 0) secretsManager.delayDescriptions(faults.describeStaleMaxMs);
}
