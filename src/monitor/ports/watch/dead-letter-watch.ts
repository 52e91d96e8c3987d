import { PortError } from '../failure.ts';

/** The contents of a dead-letter queue. */
export interface DeadLetters {
  readonly queueArn: string;
  /** Messages in it, those included that somebody is looking at; AWS counts approximately. */
  readonly count: number;
}

/** Finds the messages that the monitor's own queues gave up on; fails with a {@link DeadLetterWatchError}. */
export interface DeadLetterWatch {
  /** One entry for each queue that is watched, also when it is empty. */
  count(): Promise<readonly DeadLetters[]>;
  /**
   * Sends messages back to the queues that gave them up, the oldest first, each once: one that comes back stays. Answers
   * how many. A crash may send one twice and loses none.
   */
  driveOn(): Promise<number>;
}

/** A dead-letter queue could not be counted or driven on. */
export class DeadLetterWatchError extends PortError {
  override readonly name = 'DeadLetterWatchError';
}
