import type { ExceptionRecord } from '../../domain/report/exception-record.ts';

/** A step in the life of an exception: somebody asks for it, somebody else approves, anybody ends it. */
export interface KeepExceptionRequest {
  /** Full ARN. */
  readonly secretArn: string;
  /** Id of the control, such as `SecretsManager.1`. */
  readonly control: string;
  /** STS ARN of the caller, as they state it. */
  readonly by: string;
  /** The last day in UTC, or an instant with a zone; at most 400 days away. Left out where nobody asks. */
  readonly until?: string;
  /** Reason in the caller's words, 2 to 256 characters; left out where nobody asks. */
  readonly reason?: string;
  readonly ticket?: string;
  /** Id of the request that the caller approves. */
  readonly approve?: string;
  /** Ends what is in force, and takes back what is only asked for. */
  readonly end?: true;
}

/** The exceptions that a step changed, or why it changed none. */
export type KeepExceptionAnswer =
  | {
      readonly outcome: 'requested' | 'granted' | 'ended';
      readonly exceptions: readonly ExceptionRecord[];
    }
  /** `because` is one sentence. */
  | { readonly outcome: 'refused'; readonly because: string };

/** Keeps exceptions for audits. Failures are MonitorMemoryErrors; a request that lacks something is a RangeError. */
export interface ExceptionKeeper {
  keep(request: KeepExceptionRequest): Promise<KeepExceptionAnswer>;
}
