import { AwsError } from './aws-error.ts';
import type { CallRequest, LoggedCall } from './call-log.ts';
import type { Random } from './random.ts';
import type { ServiceName } from './service.ts';

/**
 * Faults of a call: refused by a rate limit, for want of a permission or by a broken service, never answered, or
 * carried out without the answer reaching the caller.
 */
type FaultKind = 'throttled' | 'denied' | 'server-error' | 'timeout' | 'reply-lost';

/** One fault, on the calls it names; a field left out means any. */
export interface FaultRule {
  readonly kind: FaultKind;
  /** Share of the calls that are hit, 0 to 1. */
  readonly probability: number;
  readonly service?: ServiceName;
  readonly operation?: string;
  readonly role?: string;
  /** Ends the rule after so many hits; without it the rule stays. */
  readonly times?: number;
}

/**
 * Runs before or after each call; what it throws reaches the caller, as if it died there.
 * A promise that never settles plays a process that was killed: no `catch` of the caller runs.
 */
type CallHook = (call: CallRequest) => void | Promise<void>;

/** The faults of a run. They can be changed at any time. */
export interface Faults {
  /** Adds a rule; the answer removes it. */
  add(rule: FaultRule): () => void;
  /** Removes all rules and hooks. */
  clear(): void;
  /** Runs `hook` before each call is carried out; the answer removes it. */
  before(hook: CallHook): () => void;
  /** Runs `hook` after each call was carried out and before its answer goes out; the answer removes it. */
  after(hook: CallHook): () => void;
  /** Applies hooks and rules around one call. */
  around(call: CallRequest, run: () => unknown): Promise<unknown>;
}

/** A call that got no answer; the SDK's own handler uses the same error name, so clients retry it. */
export class CallTimeout extends Error {
  override readonly name = 'TimeoutError';
}

interface ActiveRule {
  readonly rule: FaultRule;
  left: number;
}

/** The faults of a run: `rules` at first, chance from `random`. */
export function createFaults(random: Random, rules: readonly FaultRule[] = []): Faults {
  const active = new Set<ActiveRule>();
  // Every call asks which rules concern its role; most rules name one.
  const byRole = new Map<string, readonly ActiveRule[]>();
  const changed = (): void => byRole.clear();
  const rulesOf = (role: string): readonly ActiveRule[] => {
    const found = byRole.get(role) ?? [...active].filter(({ rule }) => (rule.role ?? role) === role);
    byRole.set(role, found);
    return found;
  };
  const remove = (entry: ActiveRule): void => {
    active.delete(entry);
    changed();
  };
  const befores = new Set<CallHook>();
  const afters = new Set<CallHook>();
  const add = (rule: FaultRule): (() => void) => {
    const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
    active.add(entry);
    changed();
    return () => remove(entry);
  };
  for (const rule of rules) add(rule);
  return {
    add,
    clear: () => {
      for (const set of [active, befores, afters]) set.clear();
      changed();
    },
    before: (hook) => remember(befores, hook),
    after: (hook) => remember(afters, hook),
    around: async (call, run) => {
      for (const hook of befores) await hook(call);
      const chosen = rulesOf(call.role).find((entry) => hits(entry.rule, call, random));
      if (chosen !== undefined) {
        chosen.left -= 1;
        if (chosen.left <= 0) remove(chosen);
      }
      const fault = chosen?.rule.kind;
      if (fault !== undefined && fault !== 'reply-lost') throw faultError(fault, call);
      const answer = await run();
      for (const hook of afters) await hook(call);
      if (fault === 'reply-lost') throw faultError(fault, call);
      return answer;
    },
  };
}

function remember(hooks: Set<CallHook>, hook: CallHook): () => void {
  hooks.add(hook);
  return () => void hooks.delete(hook);
}

const hits = (rule: FaultRule, call: LoggedCall, random: Random): boolean =>
  (rule.service ?? call.service) === call.service &&
  (rule.operation ?? call.operation) === call.operation &&
  random.next() < rule.probability;

/** Services of the query protocol name it `Throttling` (Common Errors of their API references). */
const THROTTLED: Partial<Record<ServiceName, string>> = { sns: 'Throttling', sts: 'Throttling' };

/** The same for what is not permitted. */
const DENIED: Partial<Record<ServiceName, string>> = { sns: 'AuthorizationError', sts: 'AccessDenied' };

const notAuthorized = ({ role, service, operation }: LoggedCall): string =>
  `User: ${role} is not authorized to perform: ${service}:${operation} because no identity-based policy allows the ${service}:${operation} action`;

function faultError(kind: FaultKind, call: LoggedCall): Error {
  switch (kind) {
    case 'throttled':
      return new AwsError(THROTTLED[call.service] ?? 'ThrottlingException', 'Rate exceeded');
    case 'denied':
      return new AwsError(DENIED[call.service] ?? 'AccessDeniedException', notAuthorized(call));
    case 'server-error':
      return new AwsError('InternalServiceError', 'An error occurred on the server side.', 500);
    case 'timeout':
    case 'reply-lost':
      return new CallTimeout(`Cannot finish ${call.service}:${call.operation}: no answer in time`);
  }
}
