import type { Instant } from '../../../calendar/instant.ts';
import type { Advice } from '../finding/finding.ts';
import type { Secret } from '../secret/secret.ts';
import * as command from './function-commands.ts';
import type { FunctionTrouble } from './function-trouble.ts';
import type { Situation } from './situation.ts';

/** A broken rotation function, with its secret and the start of the trouble. */
interface Broken {
  readonly secret: Secret;
  readonly functionArn: string;
  readonly since: Instant;
}

type Repair = (trouble: FunctionTrouble, broken: Broken) => Advice | undefined;

/** Returns the steps that make the rotation function run at all, which come before anything else. */
export const repairFunction = (situation: Situation): readonly Advice[] => advised(situation, repair);

/** Returns improvements of the rotation function that its log does not suggest. */
export const improveFunction = (situation: Situation): readonly Advice[] => advised(situation, improvement);

function advised(
  { finding: { since }, facts: { secret }, functionTroubles }: Situation,
  advise: Repair,
): readonly Advice[] {
  const functionArn = secret.rotationFunctionArn;
  if (functionArn === undefined) return [];
  return functionTroubles.flatMap((trouble) => advise(trouble, { secret, functionArn, since }) ?? []);
}

const repair: Repair = (trouble, { secret, functionArn, since }) => {
  switch (trouble.kind) {
    case 'gone':
      return {
        text: 'The rotation function does not exist: deploy it again under this name, or attach another one to the secret. This command shows whether it exists.',
        commands: [command.showFunctionState(secret, functionArn)],
      };
    case 'not-invocable':
      return {
        text: 'Let Secrets Manager invoke the rotation function.',
        commands: [command.permitRotation(secret, functionArn, since)],
      };
    case 'throttled':
      return {
        text: 'The reserved concurrency of the rotation function is 0: find out whether it was stopped on purpose. If so, ask first. If not, remove the limit.',
        commands: [command.releaseConcurrency(secret, functionArn)],
      };
    case 'not-active':
      return {
        text: `Get the rotation function out of the state ${trouble.state}. If it failed, deploy it again.`,
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
        text: `Check whether the timeout of ${trouble.timeoutSeconds} s is enough, or whether the function waits for something that its network cannot reach.`,
        commands: [],
      };
    case 'runtime-ended':
      return {
        text: `Move the rotation function from ${trouble.runtime} to a runtime that AWS supports: its libraries and certificates are no longer updated.`,
        commands: [],
      };
    default:
      return undefined;
  }
};
