import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { LogLine } from '../../domain/examine/logged-run.ts';
import { PortError } from '../failure.ts';

/** Lines that were found in a log. */
export interface FoundLines {
  /** Oldest first. */
  readonly lines: readonly LogLine[];
  /** Whether the span was read to its end. */
  readonly isWhole: boolean;
}

/** Lines that a function wrote, as it wrote them: pass them through the redaction before anybody sees them. */
export interface FunctionLog {
  /** The lines of a log group that have any of the words; undefined where there is no such group. */
  lines(group: string, span: TimeSpan, words: readonly string[]): Promise<FoundLines | undefined>;
}

/** The log could not be read. */
export class FunctionLogError extends PortError {
  override readonly name = 'FunctionLogError';
}
