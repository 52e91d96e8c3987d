import { PortError } from '../failure.ts';

/** What a dead-letter queue holds. */
export interface DeadLetters {
  readonly queueArn: string;
  /** Messages in it, those included that somebody is looking at; AWS counts approximately. */
  readonly count: number;
}

/** Tells what the monitor's own queues gave up on; fails with a {@link DeadLetterWatchError}. */
export interface DeadLetterWatch {
  /** One entry for each queue that is watched, also when it is empty. */
  count(): Promise<readonly DeadLetters[]>;
}

/** A dead-letter queue could not be counted. */
export class DeadLetterWatchError extends PortError {
  override readonly name = 'DeadLetterWatchError';
}
