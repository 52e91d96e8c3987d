import { type Instant, parseInstant } from '../../../calendar/instant.ts';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { Secret } from '../secret/secret.ts';
import { type InvokeGrant, mayInvoke } from './invoke-grant.ts';

/** Lambda's description of a function, as far as a rotation depends on it; its environment is never part of it. */
export interface FunctionConfiguration {
  /** Such as `Active` or `Failed`. https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
  readonly state: string | undefined;
  /** Lambda's code for why it is in that state, such as `SubnetOutOfIPAddresses`. */
  readonly stateReasonCode: string | undefined;
  /** Such as `python3.13`; undefined for a container image. */
  readonly runtime: string | undefined;
  readonly timeoutSeconds: number | undefined;
  /** Name of the execution role. */
  readonly roleName: string | undefined;
  /** The group it logs to, which may have any name; undefined where Lambda does not report it. */
  readonly logGroup: string | undefined;
}

/** CloudWatch's counts of a function. */
export interface FunctionActivity {
  readonly span: TimeSpan;
  /** Invocations that began. */
  readonly invocations: number;
  /** Invocations that failed, those that ran into the timeout included. */
  readonly errors: number;
  /** Invocations that were refused for want of concurrency; they are not among the others. */
  readonly throttles: number;
  /** The longest invocation, in milliseconds; undefined when there was none. */
  readonly longestMs: number | undefined;
}

/** Something that could not be seen. */
export interface Unseen {
  /** The permission it takes, such as `lambda:GetPolicy`. */
  readonly permission: string;
  /** A word such as `denied` or `throttled`. */
  readonly reason: string;
}

/** A look at a rotation function, without its logs and its code. What is undefined could not be seen. */
export interface FunctionInspection {
  readonly functionArn: string;
  readonly at: Instant;
  readonly exists: boolean | undefined;
  readonly configuration: FunctionConfiguration | undefined;
  readonly grants: readonly InvokeGrant[] | undefined;
  readonly reservedConcurrency: number | 'none' | undefined;
  readonly activity: FunctionActivity | undefined;
  readonly unseen: readonly Unseen[];
}

/**
 * Whether a function can rotate a secret at all: it is gone, Secrets Manager may not invoke it, it can, or nobody can
 * know.
 */
export function functionVerdict(
  { exists, grants }: FunctionInspection,
  secret: Secret,
): 'gone' | 'not-invocable' | 'whole' | 'unknown' {
  if (exists === false) return 'gone';
  if (exists === undefined || grants === undefined) return 'unknown';
  const may = mayInvoke(grants, secret);
  if (may === 'unknown') return may;
  return may === 'yes' ? 'whole' : 'not-invocable';
}

/**
 * The ends of AWS's support of Lambda's runtimes, past and future. Lambda still invokes functions after that day, but
 * patches nothing from then on. Runtimes that end later than these are left out, and so are dates that AWS has not
 * announced.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
const END_OF_SUPPORT: Readonly<Record<string, string>> = {
  'dotnetcore2.1': '2022-01-05',
  'dotnetcore3.1': '2023-04-03',
  dotnet6: '2024-12-20',
  dotnet8: '2026-11-10',
  'go1.x': '2024-01-08',
  java8: '2024-01-08',
  'java8.al2': '2027-06-30',
  java11: '2027-06-30',
  java17: '2027-06-30',
  'nodejs8.10': '2020-03-06',
  'nodejs10.x': '2021-07-30',
  'nodejs12.x': '2023-03-31',
  'nodejs14.x': '2023-12-04',
  'nodejs16.x': '2024-06-12',
  'nodejs18.x': '2025-09-01',
  'nodejs20.x': '2026-04-30',
  'nodejs22.x': '2027-04-30',
  provided: '2024-01-08',
  'provided.al2': '2026-07-31',
  'python2.7': '2021-07-15',
  'python3.6': '2022-07-18',
  'python3.7': '2023-12-04',
  'python3.8': '2024-10-14',
  'python3.9': '2025-12-15',
  'python3.10': '2026-10-31',
  'python3.11': '2027-06-30',
  'ruby2.5': '2021-07-30',
  'ruby2.7': '2023-12-07',
  'ruby3.2': '2026-03-31',
  'ruby3.3': '2027-03-31',
};

/** The day on which support of a runtime had ended by `now`, such as `2025-12-15`; undefined while it lasts. */
export function endOfSupport(runtime: string, now: Instant): string | undefined {
  const day = Object.hasOwn(END_OF_SUPPORT, runtime) ? END_OF_SUPPORT[runtime] : undefined;
  const endedAt = day === undefined ? undefined : parseInstant(`${day}T00:00:00Z`);
  return endedAt !== undefined && now >= endedAt ? day : undefined;
}
