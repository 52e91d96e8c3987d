import type { Scenario, ScenarioSecret } from '../../../src/proving/scenario/scenario.ts';
import type { Chance } from './chance.ts';

type FleetFunction = Scenario['functions'][number];

/** The secrets of a run and the functions that rotate them. */
export interface Fleet {
  readonly functions: readonly FleetFunction[];
  readonly secrets: readonly ScenarioSecret[];
}

const SCHEDULES = [
  'rate(7 days)',
  'rate(10 days)',
  'rate(14 days)',
  'rate(30 days)',
  'rate(30 days)',
  'rate(60 days)',
  'rate(90 days)',
  'cron(0 4 ? * MON *)',
  'cron(0 3 1,15 * ? *)',
] as const;
/** Share of the secrets that rotate twice a day: most of the events of a fleet are theirs. */
const OFTEN = 0.03;
const WINDOWS = ['1h', '2h', '4h', undefined, undefined] as const;
/** Secrets behind one shared function. */
const SHARED_BY = 6;

/** Makes up a fleet: most secrets have a rotation function, a third of those share it with others. */
export function fleetOf(count: number, chance: Chance): Fleet {
  const functions = new Map<string, FleetFunction>();
  const secrets = Array.from({ length: count }, (_, index): ScenarioSecret => {
    const draw = chance.next();
    const number = String(index).padStart(4, '0');
    const schedule = chance.happens(OFTEN) ? 'rate(12 hours)' : chance.oneOf(SCHEDULES);
    if (draw < 0.07) return { name: `plain/${number}`, kind: 'none' };
    if (draw < 0.12) return { name: `copy/${number}`, kind: 'replica' };
    if (draw < 0.27) return { name: `rds!db-${number}`, kind: 'managed', schedule, duration: '6h' };
    const isShared = chance.happens(0.33);
    const name = isShared ? `rotate-shared-${Math.floor(index / SHARED_BY)}` : `rotate-${number}`;
    const alternates = !isShared && chance.happens(0.1);
    functions.set(name, { name, behaviour: alternates ? 'alternating-users' : 'healthy' });
    const duration = chance.oneOf(WINDOWS);
    const tags = {
      ...limitTags(chance),
      ...(alternates && { 'rotation-monitor:strategy': 'alternating-users' }),
    };
    return { name: `app/${number}`, kind: 'function', function: name, schedule, duration, tags };
  });
  return { functions: [...functions.values()], secrets };
}

function limitTags(chance: Chance): Record<string, string> {
  const draw = chance.next();
  if (draw < 0.06) return { 'rotation-monitor:stuck-after': '30m' };
  if (draw < 0.12) return { 'rotation-monitor:stuck-after': '2h' };
  return draw < 0.18 ? { 'rotation-monitor:grace': '1h' } : {};
}
