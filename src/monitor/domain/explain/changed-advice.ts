import type { Advice } from '../finding/finding.ts';
import * as command from './commands.ts';
import { PROOF } from './prove-and-finish.ts';
import type { Situation } from './situation.ts';

/**
 * What to do about a value that was changed outside a rotation: see whether it works, and rotate if it does not. The
 * official functions log in with AWSCURRENT, then with AWSPREVIOUS, which is the version before after one change.
 * https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas
 */
export const changedAdvice = ({ facts: { secret, pending } }: Situation): readonly Advice[] => [
  {
    text: `Check one log-in: ${PROOF}. If it works, the password at the target was changed with the value: acknowledge this alert, which closes it.`,
    commands: [],
  },
  pending === undefined
    ? {
        text: "If it fails, rotate now: this changes the password at the target at once. The official functions recover through AWSPREVIOUS when the value was changed once. If the rotation fails at setSecret, the target's password has to be reset by its administrator.",
        commands: [command.rotateSecret(secret)],
      }
    : {
        text: "If it fails, wait for the end of the rotation that is under way: it changes the password. If it fails at setSecret, the target's password has to be reset by its administrator.",
        commands: [],
      },
  {
    text: 'Find out who changed the value. If that is meant, name the caller in the setting expected-writers; if not, keep the value out of templates and pipelines.',
    commands: [command.lookUpCalls(secret)],
  },
];
