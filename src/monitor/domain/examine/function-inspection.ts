import type { Instant } from '../../../calendar/instant.ts';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { Secret } from '../secret/secret.ts';
import { type InvokeGrant, mayInvoke } from './invoke-grant.ts';

/** What Lambda tells about a function, as far as a rotation depends on it; its environment is never part of it. */
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
  /** The group it logs to, which may have any name; undefined where Lambda does not tell. */
  readonly logGroup: string | undefined;
}

/** What CloudWatch counted of a function. */
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

/** Whether a function can rotate a secret at all: it is gone, Secrets Manager may not invoke it, it can, or nobody can tell. */
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
