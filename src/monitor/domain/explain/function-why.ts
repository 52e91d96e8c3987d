import { formatInstant } from '../../../calendar/instant.ts';
import type { FunctionActivity, Unseen } from '../examine/function-inspection.ts';
import type { FunctionTrouble } from './function-trouble.ts';
import type { Situation } from './situation.ts';

/** What a closer look at the rotation function and at its surroundings brought, one sentence each. */
export function functionWhy({ facts, functionTroubles }: Situation): readonly string[] {
  const { inspection, changesUnseen } = facts.examination ?? {};
  return [
    ...functionTroubles.map(troubled),
    ...(inspection?.activity === undefined ? [] : [counted(inspection.activity)]),
    ...unseenLine('The rotation function', inspection?.unseen ?? []),
    ...unseenLine('What changed', changesUnseen === undefined ? [] : [changesUnseen]),
  ];
}

function troubled(trouble: FunctionTrouble): string {
  switch (trouble.kind) {
    case 'gone':
      return 'The rotation function does not exist.';
    case 'not-invocable':
      return 'The resource policy of the rotation function does not let secretsmanager.amazonaws.com invoke it for this secret.';
    case 'throttled':
      return 'The reserved concurrency of the rotation function is 0: every invocation is throttled.';
    case 'not-active': {
      const because = trouble.reasonCode === undefined ? '' : ` (${trouble.reasonCode})`;
      return `The rotation function is in the state ${trouble.state}${because}, in which it cannot be invoked.`;
    }
    case 'timed-out':
      return `An invocation of the rotation function ran into its timeout of ${trouble.timeoutSeconds} s.`;
    case 'runtime-ended':
      return `The runtime of the rotation function, ${trouble.runtime}, is past its end of support since ${trouble.day}: Lambda still invokes it, but patches nothing any more.`;
  }
}

function counted({ span, invocations, errors, throttles }: FunctionActivity): string {
  const when = `From ${formatInstant(span.from)} to ${formatInstant(span.until)}`;
  return `${when} CloudWatch counted ${many(invocations, 'invocation')} of the rotation function, ${many(errors, 'error')} and ${many(throttles, 'throttle')}.`;
}

const many = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const REASONS: Readonly<Record<string, string>> = { denied: 'access denied' };

/** One line for each reason, with the permissions it is about. */
function unseenLine(what: string, unseen: readonly Unseen[]): readonly string[] {
  const reasons = [...new Set(unseen.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const permissions = unseen.filter((each) => each.reason === reason).map(({ permission }) => permission);
    return `${what} could not be examined: ${REASONS[reason] ?? reason} (${permissions.join(', ')}).`;
  });
}
