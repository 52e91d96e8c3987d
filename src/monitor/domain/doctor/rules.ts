import { type CommandWord, commandLine } from '../command-line.ts';
import {
  type EventPattern,
  LABEL_UPDATED,
  ROTATION_OUTCOMES,
  SECRET_CHANGES,
} from '../rotation/event-patterns.ts';
import type { EventRule } from './deployed.ts';
import { type Diagnosis, diagnosing } from './diagnosis.ts';

const { ok, fail } = diagnosing('rules');

/** Events that a rule has to let through, and what they are called. */
export interface WantedEvents {
  readonly what: string;
  /** One event for each kind, as EventBridge has it. */
  readonly events: readonly object[];
}

/** An event for each kind of a pattern; what the pattern does not ask about is that of an example. */
function samplesOf({ source, 'detail-type': types, detail }: EventPattern, name: string): readonly object[] {
  return (detail[name] ?? []).map((value) => ({
    id: '00000000-0000-4000-8000-000000000000',
    account: '111122223333',
    source: source[0],
    time: '2026-01-01T00:00:00Z',
    region: 'us-east-1',
    resources: [],
    'detail-type': types[0],
    detail: {
      ...Object.fromEntries(Object.entries(detail).map(([key, values]) => [key, values[0]])),
      [name]: value,
    },
  }));
}

/** The events that have to reach each function that takes events, by the file of the function. */
export const WANTED_EVENTS: Readonly<Record<string, readonly WantedEvents[]>> = {
  'on-rotation-event': [
    { what: 'Events of rotations', events: samplesOf(ROTATION_OUTCOMES, 'eventName') },
    { what: 'Calls that change secrets', events: samplesOf(SECRET_CHANGES, 'eventName') },
  ],
  'on-label-updated': [{ what: 'Moves of AWSCURRENT', events: samplesOf(LABEL_UPDATED, 'labelUpdated') }],
};

/** A rule, and how many of the wanted events it lets through. */
export interface JudgedRule {
  readonly rule: EventRule;
  readonly matching: number;
}

/** The destination of rules, as sentences name it: a queue of the monitor, or the monitor that a member belongs to. */
export type Destination = 'the queue of the monitor' | 'the monitor';

/** Whether some rule that is enabled lets all of the wanted events through. */
export function ruleDiagnosis(
  { what, events }: WantedEvents,
  rules: readonly JudgedRule[],
  destination: Destination,
): Diagnosis {
  const meant = rules.filter(({ matching }) => matching > 0);
  const whole = meant.filter(({ matching }) => matching === events.length);
  const working = whole.find(({ rule }) => rule.isEnabled);
  if (working !== undefined) return ok(working.rule.name, `${what} reach ${destination}.`);
  const [off] = whole;
  if (off !== undefined)
    return fail(
      off.rule.name,
      `${what} do not arrive: the rule is disabled.`,
      `Enable it: ${commandLine('aws', 'events', 'enable-rule', ['--name', off.rule.name], ...onBus(off.rule))}`,
    );
  const [part] = meant;
  if (part !== undefined)
    return fail(
      part.rule.name,
      `The rule lets only ${part.matching} of ${events.length} kinds through: ${what.toLowerCase()}.`,
      REDEPLOY,
    );
  return fail(what, `No rule sends them to ${destination}.`, REDEPLOY);
}

/** Names the bus of a rule that is not on the default one: its ARN has it before the name. */
const onBus = ({ arn }: EventRule): readonly CommandWord[] => {
  const [, bus] = /:rule\/([^/]+)\/[^/]+$/.exec(arn) ?? [];
  return bus === undefined ? [] : [['--event-bus-name', bus]];
};

const REDEPLOY = 'Deploy the stack again: it defines the rules and their patterns.';
