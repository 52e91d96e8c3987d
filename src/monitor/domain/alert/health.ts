import { HOUR, type Instant, later, MINUTE } from '../../../calendar/instant.ts';

/** The problems that the alert path itself can have. */
export type HealthCode =
  | 'no-subscriber'
  | 'no-escalation-subscriber'
  | 'undeliverable'
  | 'dead-letters'
  | 'heartbeat-unheard';

/** Something that is wrong with the alert path, from when it is seen until its end is reported. */
export interface HealthCondition {
  readonly code: HealthCode;
  readonly since: Instant;
  /** One sentence: what was seen. */
  readonly seen: string;
  /** ARNs of the resources that it was seen at, where that is not the alert topic. */
  readonly at?: readonly string[] | undefined;
  /** Time from which it is reported, where it may pass by itself. */
  readonly tellFrom?: Instant | undefined;
  /** Whether its beginning was reported. */
  readonly told: boolean;
  /** Time from which it is no longer seen, while it may still come back. */
  readonly unseenSince?: Instant | undefined;
  /** Set once it is over and its end has not been reported. */
  readonly overAt: Instant | undefined;
}

/**
 * Time that a problem must be gone before it is over. Dead letters are tried once more; a message to Slack that fails
 * all its tries again is back after an hour and a half.
 */
const SETTLE_MS: Readonly<Partial<Record<HealthCode, number>>> = { 'dead-letters': 2 * HOUR };

/** Longest duration of a problem that may pass by itself; it is reported after that. */
const PASSING_MS: number = 15 * MINUTE;

/** An observation of the alert path. */
export type HealthSight =
  | ({
      readonly holds: true;
      /** Whether it may pass by itself, so that it is reported only when it lasts. */
      readonly mayPass?: boolean;
    } & Pick<HealthCondition, 'code' | 'seen' | 'at'>)
  | { readonly code: HealthCode; readonly holds: false };

/** Brings the conditions in line with what was seen; answers the very same ones when nothing changes. */
export const withSights = (
  conditions: readonly HealthCondition[],
  sights: readonly HealthSight[],
  now: Instant,
): readonly HealthCondition[] => sights.reduce((known, sight) => withSight(known, sight, now), conditions);

function withSight(
  conditions: readonly HealthCondition[],
  sight: HealthSight,
  now: Instant,
): readonly HealthCondition[] {
  const known = conditions.find(({ code }) => code === sight.code);
  if (sight.holds) {
    if (known === undefined) return [...conditions, begun(sight, now)];
    const { unseenSince, overAt, ...condition } = known;
    return unseenSince === undefined && overAt === undefined
      ? conditions
      : replaced(conditions, { ...condition, overAt: undefined });
  }
  if (known === undefined || known.overAt !== undefined) return conditions;
  const unseenSince = known.unseenSince ?? now;
  if (now - unseenSince < (SETTLE_MS[known.code] ?? 0)) {
    return known.unseenSince === undefined ? replaced(conditions, { ...known, unseenSince }) : conditions;
  }
  // An end is reported only to those who received the beginning.
  return known.told ? replaced(conditions, { ...known, overAt: unseenSince }) : without(conditions, known);
}

function begun(
  { code, seen, at, mayPass }: HealthSight & { readonly holds: true },
  now: Instant,
): HealthCondition {
  const condition = { code, since: now, seen, at, told: false, overAt: undefined };
  return mayPass ? { ...condition, tellFrom: later(now, PASSING_MS) } : condition;
}

/** The conditions whose beginning or end has to be reported now. */
export const unsaid = (conditions: readonly HealthCondition[], now: Instant): readonly HealthCondition[] =>
  conditions.filter(
    ({ told, tellFrom, overAt }) =>
      overAt !== undefined || !(told || (tellFrom !== undefined && tellFrom > now)),
  );

/**
 * The conditions after `condition` was reported as it stands; the end of one that ended in the meantime has still to be
 * reported.
 */
export function withSaid(
  conditions: readonly HealthCondition[],
  condition: HealthCondition,
  now: Instant,
): readonly HealthCondition[] {
  if (condition.overAt !== undefined) return without(conditions, condition);
  const known = conditions.find(({ code }) => code === condition.code);
  return known === undefined
    ? [...conditions, { ...condition, told: true, overAt: now }]
    : replaced(conditions, { ...known, told: true });
}

const replaced = (
  conditions: readonly HealthCondition[],
  changed: HealthCondition,
): readonly HealthCondition[] => conditions.map((each) => (each.code === changed.code ? changed : each));

const without = (
  conditions: readonly HealthCondition[],
  { code }: HealthCondition,
): readonly HealthCondition[] => conditions.filter((each) => each.code !== code);
