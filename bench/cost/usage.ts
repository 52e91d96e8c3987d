import type { RequestUnits } from './dynamodb-units.ts';

/** One function's use of a day. */
export interface FunctionUse {
  readonly invocations: number;
  /** Invocations that found no environment waiting. */
  readonly coldStarts: number;
  /** Processor time of this process while it ran, that of the simulated AWS included, in milliseconds. */
  readonly cpuMs: number;
  /** Calls to AWS by `service:Operation`. */
  readonly calls: Readonly<Record<string, number>>;
}

/** Counts of one simulated day. */
export interface DayUsage {
  readonly secrets: number;
  /** By name of the function. */
  readonly functions: Readonly<Record<string, FunctionUse>>;
  readonly dynamoDb: RequestUnits;
  /** Bytes that the table holds at the end of the day: what is kept once, and attempts, of which every day adds as many. */
  readonly stored: { readonly once: number; readonly daily: number };
  /** Hours in which a metric of ours was published, summed over all metrics. */
  readonly metricHours: number;
  /** Lines that the handlers wrote to their logs, and their bytes. */
  readonly log: { readonly lines: number; readonly bytes: number };
  /** Messages that EventBridge put into queues. */
  readonly eventsQueued: number;
  /** Events that member accounts sent to the home region. */
  readonly eventsForwarded: number;
  /** E-mails delivered. */
  readonly emails: number;
  /** Secrets that rotated. */
  readonly rotations: number;
  /** Alerts open at the end of the day. */
  readonly alertsOpen: number;
  /** The audit after the day, on which none is due; undefined where none was run. */
  readonly audit?: AuditUse | undefined;
}

/** Counts of one scheduled audit. */
export interface AuditUse {
  readonly function: FunctionUse;
  readonly dynamoDb: RequestUnits;
  /** Bytes of its reports and manifest. */
  readonly reportBytes: number;
}

type Functions = Pick<DayUsage, 'functions'>;

/** The sum over all functions. */
export const used = ({ functions }: Functions, of: (use: FunctionUse) => number): number =>
  Object.values(functions).reduce((sum, use) => sum + of(use), 0);

/** Calls by all functions whose `service:Operation` matches. */
export const callsOf = (usage: Functions, pattern: RegExp): number =>
  used(usage, ({ calls }) =>
    Object.entries(calls).reduce((sum, [name, count]) => (pattern.test(name) ? sum + count : sum), 0),
  );
