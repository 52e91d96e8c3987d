import type { SecretArn } from '../../domain/secret/secret.ts';
import { PortError } from '../failure.ts';

/** A staging label and between which versions it moves. */
export interface StageMove {
  readonly secretArn: SecretArn;
  readonly label: string;
  /** Undefined to remove the label. */
  readonly to: string | undefined;
  /** The version that has the label now; undefined where none has. AWS refuses the move when another one has it. */
  readonly from: string | undefined;
}

/** Moves staging labels. Failures are {@link StageMoverError}s. */
export interface StageMover {
  move(move: StageMove): Promise<void>;
}

/** A label was not moved, or nobody knows whether it was. */
export class StageMoverError extends PortError {
  override readonly name = 'StageMoverError';
}
