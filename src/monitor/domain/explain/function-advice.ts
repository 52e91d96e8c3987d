import type { Advice } from '../finding/finding.ts';
import type { Secret } from '../secret/secret.ts';
import * as command from './commands.ts';
import type { FunctionTrouble } from './function-trouble.ts';
import type { Situation } from './situation.ts';

type Repair = (trouble: FunctionTrouble, secret: Secret, functionArn: string) => Advice | undefined;

/** What to do so that the rotation function runs at all, before anything else. */
export const repairFunction = (situation: Situation): readonly Advice[] => advised(situation, repair);

/** What to do about the rotation function besides what its log says. */
export const improveFunction = (situation: Situation): readonly Advice[] => advised(situation, improvement);

const advised = ({ facts: { secret }, functionTroubles }: Situation, advise: Repair): readonly Advice[] =>
  functionTroubles.flatMap((trouble) =>
    secret.rotationFunctionArn === undefined
      ? []
      : (advise(trouble, secret, secret.rotationFunctionArn) ?? []),
  );

const repair: Repair = (trouble, secret, functionArn) => {
  switch (trouble.kind) {
    case 'gone':
      return {
        text: 'The rotation function does not exist: deploy it again under this name, or give the secret another one. This shows whether it is there.',
        commands: [command.showFunctionState(secret, functionArn)],
      };
    case 'not-invocable':
      return {
        text: 'Let Secrets Manager invoke the rotation function.',
        commands: [command.permitRotation(secret, functionArn)],
      };
    case 'throttled':
      return {
        text: 'The reserved concurrency of the rotation function is 0: find out whether somebody stopped it on purpose. If not, let it run again.',
        commands: [command.reserveConcurrency(secret, functionArn)],
      };
    case 'not-active':
      return {
        text: `Bring the rotation function out of the state ${trouble.state}: a failed one has to be deployed again.`,
        commands: [command.showFunctionState(secret, functionArn)],
      };
    case 'timed-out':
    case 'runtime-ended':
      return undefined;
  }
};

const improvement: Repair = (trouble) => {
  switch (trouble.kind) {
    case 'timed-out':
      return {
        text: `See whether the timeout of ${trouble.timeoutSeconds} s is enough, or whether the function waits for something that it cannot reach from its network.`,
        commands: [],
      };
    case 'runtime-ended':
      return {
        text: `Move the rotation function from ${trouble.runtime} to a runtime that AWS supports: its libraries and certificates are not renewed any more.`,
        commands: [],
      };
    default:
      return undefined;
  }
};
