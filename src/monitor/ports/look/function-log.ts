import type { TimeSpan } from '../../../calendar/time-span.ts';
import { PortError } from '../failure.ts';

/** Lines that a function wrote about a failure, as it wrote them: pass them through the redaction before anybody sees them. */
export interface FunctionLog {
  /** The latest `most` lines about errors in a log group, oldest first; empty where the group is not there. */
  errorLines(group: string, span: TimeSpan, most: number): Promise<readonly string[]>;
}

/** The log could not be read. */
export class FunctionLogError extends PortError {
  override readonly name = 'FunctionLogError';
}
