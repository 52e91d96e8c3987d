import * as command from './commands.ts';
import { invokeStep } from './function-commands.ts';
import { finishTested, neither, PROOF, type VersionStep } from './prove-and-finish.ts';
import { rescueOf } from './rescue-label.ts';

/** For a version that lost its label: kept first, because it may hold the only good password. */
const keepLost: VersionStep = ({ facts: { secret }, versionId }) => {
  const { label, put } = rescueOf(secret, versionId);
  return put.length === 0
    ? []
    : [
        {
          text: `Keep the version while it exists by the label ${label}. If that is refused, the version is gone: go by AWSCURRENT alone.`,
          commands: put,
        },
      ];
};

const proveCurrent: VersionStep = () => [
  { text: `Then ${PROOF}. If it does, only the rotation is left to be repeated.`, commands: [] },
];

/** Only one version can carry AWSPENDING. */
const awaitOther: VersionStep = ({ facts: { pending } }) =>
  pending === undefined
    ? []
    : [
        {
          text: 'If AWSCURRENT does not log in, let the rotation under way end first. If it succeeds, nothing is left to do. If it is stuck, settle it as its own alert says, then go on here.',
          commands: [],
        },
      ];

/** The function works only while rotation is on. */
const switchOn: VersionStep = ({ facts: { secret, pending } }) =>
  secret.rotationEnabled === false && secret.rotationFunctionArn !== undefined && pending === undefined
    ? [
        {
          text: 'If AWSCURRENT does not log in, switch rotation on without rotating. Nobody has seen this work on AWS yet; a test of the settings may fail, which changes nothing.',
          commands: [command.testRotation(secret)],
        },
      ]
    : [];

/** Only a version that carries AWSPENDING can be tested. */
const putBack: VersionStep = ({ facts: { secret }, versionId }) =>
  secret.rotationFunctionArn === undefined
    ? []
    : [
        {
          text: 'If AWSCURRENT does not log in, wait until no version carries AWSPENDING. Then put it back on this version and let the rotation function test it. No value is read.',
          commands: [
            command.restorePending(secret, versionId),
            invokeStep(secret, secret.rotationFunctionArn, 'testSecret', versionId),
          ],
        },
      ];

/** A version that carries AWSPENDING would keep every rotation from beginning. */
const takeOffAgain: VersionStep = ({ facts: { secret }, versionId }) =>
  secret.rotationFunctionArn === undefined
    ? []
    : [
        {
          text: 'If testSecret fails, take AWSPENDING off again. The label of your own keeps the version.',
          commands: [command.removePending(secret, versionId)],
        },
      ];

/**
 * What to do about a version that lost AWSPENDING without becoming the one in use, in order. If finishSecret fails, the
 * version is pending again and its alert goes on from there.
 */
export const RECOVERY: readonly VersionStep[] = [
  keepLost,
  proveCurrent,
  awaitOther,
  switchOn,
  putBack,
  finishTested,
  takeOffAgain,
  neither,
];
