import type { Advice } from '../finding/finding.ts';
import { currentVersion } from '../secret/version-stage.ts';
import * as command from './commands.ts';
import { invokeStep } from './function-commands.ts';
import type { Situation } from './situation.ts';

/** One step of the way to settle a version. */
export type VersionStep = (situation: Situation & { readonly versionId: string }) => readonly Advice[];

/** Instruction to prove that the credential in use works without reading it. */
export const PROOF =
  "prove that AWSCURRENT still logs in: with an application's health check or a new login of an application, never by reading the value";

/** The warning that goes with every command that rotates. */
export const NOW = 'this changes the password at the target now';

/** Advice for the point beyond which no command helps. */
const NEITHER: Advice = {
  text: 'If neither logs in, check whether the database is stopped, the account is locked, or the host or port in the value is wrong. Fix that and start again. If it is none of these, an administrator must reset the password at the target.',
  commands: [],
};

/** The last step where neither credential logs in. */
export const neither: VersionStep = () => [NEITHER];

/** The official templates begin every step with this check. */
const OFF =
  ' While rotation is off, most functions refuse every step ("not enabled for rotation"). Such an answer proves nothing about the target.';

/** Lets the function test the version, in words that say when. */
export const proven =
  (when: string): VersionStep =>
  ({ facts: { secret }, versionId }) => {
    const functionArn = secret.rotationFunctionArn;
    if (functionArn === undefined) return [];
    return [
      {
        text: `${when} let the rotation function test it. No value is read.${secret.rotationEnabled === false ? OFF : ''}`,
        commands: [invokeStep(secret, functionArn, 'testSecret', versionId)],
      },
    ];
  };

/** Lets the function make the version the one in use, under a condition. */
const finish =
  (condition: string): VersionStep =>
  ({ facts: { secret }, versionId }) => {
    const functionArn = secret.rotationFunctionArn;
    if (functionArn === undefined) return [];
    return [
      {
        text: `Only if ${condition}, let the function finish the rotation. Never move AWSCURRENT back afterwards.`,
        commands: [invokeStep(secret, functionArn, 'finishSecret', versionId)],
      },
    ];
  };

const ANSWERED = 'that answers without an error (no "FunctionError")';

/** Finishes a version that is known to have reached setSecret, once it has passed the test. */
export const finishTested: VersionStep = finish(ANSWERED);

/** Finishes a version of which nobody knows how far it came: an empty one must not become the one in use. */
export const finishLogged: VersionStep = finish(
  `${ANSWERED} and the log of the function shows that setSecret ran`,
);

/** Returns the step that promotes a version which the function has proven but cannot finish. */
export const finishByHand: VersionStep = ({ facts: { secret }, versionId }) =>
  secret.rotationFunctionArn === undefined
    ? []
    : [
        {
          text: 'Only if testSecret succeeded and finishSecret fails, promote the version yourself.',
          commands: [command.promote(secret, versionId, currentVersion(secret.versionStages))],
        },
      ];
