import type { FunctionRun } from './function-run.ts';
import type { Input, ServiceName } from './service.ts';

/** One API call as the log sees it. */
export interface LoggedCall {
  /** Name of the calling role. */
  readonly role: string;
  readonly service: ServiceName;
  readonly operation: string;
}

/** One API call with what it says. */
export interface CallRequest extends LoggedCall {
  readonly input: Input;
  /** The run of a function that makes the call, where its client knows it. */
  readonly run?: FunctionRun;
}

/** Counts of calls by `service:Operation`, such as `secretsmanager:ListSecrets`. */
type CallCounts = Readonly<Record<string, number>>;

/** The calls of every role since the simulator began, or since the last `reset()`. */
export interface CallLog {
  /** Notes one call, whatever becomes of it. */
  record(call: LoggedCall): void;
  /** Notes that a call ended with the error `code`. */
  recordFailure(call: LoggedCall, code: string): void;
  /** Calls of one role, or of all roles together. */
  counts(role?: string): CallCounts;
  /** Failed calls by `service:Operation:Code`, of one role or of all together. */
  failures(role?: string): CallCounts;
  /** The roles that have called, in the order of their first call. */
  roles(): readonly string[];
  /** Forgets everything. */
  reset(): void;
}

/** An empty log. */
export function createCallLog(): CallLog {
  const calls: Tally = new Map();
  const failures: Tally = new Map();
  return {
    record: (call) => add(calls, call.role, `${call.service}:${call.operation}`),
    recordFailure: (call, code) => add(failures, call.role, `${call.service}:${call.operation}:${code}`),
    counts: (role) => counted(calls, role),
    failures: (role) => counted(failures, role),
    roles: () => [...calls.keys()],
    reset: () => {
      calls.clear();
      failures.clear();
    },
  };
}

type Tally = Map<string, Map<string, number>>;

function add(tally: Tally, role: string, key: string): void {
  const counts = tally.get(role) ?? new Map<string, number>();
  tally.set(role, counts);
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function counted(tally: Tally, role: string | undefined): CallCounts {
  const chosen = role === undefined ? [...tally.values()] : [tally.get(role) ?? new Map<string, number>()];
  const sums: Record<string, number> = {};
  for (const counts of chosen) {
    for (const [key, count] of counts) sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}
