import type { Advice } from '../finding/finding.ts';
import * as command from './commands.ts';
import { invokeStep } from './function-commands.ts';
import {
  finishByHand,
  finishLogged,
  finishTested,
  neither,
  PROOF,
  proven,
  type VersionStep,
} from './prove-and-finish.ts';
import { freeLabel, rescueOf } from './rescue-label.ts';
import type { Progress, Situation } from './situation.ts';

/** First step for a version that lost its label: keep it, because it may hold the only good password. */
const keepLost: VersionStep = ({ facts: { secret }, versionId }) => {
  const { label, put } = rescueOf(secret, versionId);
  return put.length === 0
    ? []
    : [
        {
          text: `Put the label ${label} on the version to keep it. If that is refused, the version is gone: rely on AWSCURRENT alone.`,
          commands: put,
        },
      ];
};

const proveCurrent: VersionStep = () => [
  { text: `Then ${PROOF}. If it does, only the rotation needs to be repeated.`, commands: [] },
];

/** Only one version can carry AWSPENDING. */
const awaitOther: VersionStep = ({ facts: { pending } }) =>
  pending === undefined
    ? []
    : [
        {
          text: 'If AWSCURRENT does not log in, let the rotation in progress end first. If it succeeds, nothing is left to do. If it is stuck, resolve it as its own alert says, then continue here.',
          commands: [],
        },
      ];

/** The function works only while rotation is on. */
const switchOn: VersionStep = ({ facts: { secret, pending } }) =>
  secret.rotationEnabled === false && secret.rotationFunctionArn !== undefined && pending === undefined
    ? [
        {
          text: 'If AWSCURRENT does not log in, switch rotation on without rotating. This has not been proven on AWS yet. A test of the settings may fail, which changes nothing.',
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
          text: 'If AWSCURRENT does not log in, wait until no version but AWSCURRENT carries AWSPENDING. Then put it back on this version and let the rotation function test it. No value is read.',
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
          text: 'If testSecret fails, remove AWSPENDING again. Your own label keeps the version.',
          commands: [command.removePending(secret, versionId)],
        },
      ];

/**
 * The steps for a version that lost AWSPENDING without becoming the one in use, in order. If finishSecret fails, the
 * version is pending again and its alert goes on from there.
 */
const RECOVERY: readonly VersionStep[] = [
  keepLost,
  proveCurrent,
  awaitOther,
  switchOn,
  putBack,
  finishTested,
  takeOffAgain,
  neither,
];

/** Returns the advice about the version before another rotation can start: finish it, or remove its label. */
export function settleLabel(situation: Situation): readonly Advice[] {
  const { versionId, isPending, progress, facts } = situation;
  if (versionId === undefined) return freeLabel(facts.secret);
  const known = { ...situation, versionId };
  const steps = isPending ? [warn, ...STEPS[progress]] : RECOVERY;
  return [...freeLabel(facts.secret), ...steps.flatMap((step) => step(known))];
}

/** Returns the last step of a repair: no version needs the label of our own any longer. */
export function dropRescue({ versionId, facts: { secret } }: Situation): readonly Advice[] {
  if (versionId === undefined) return [];
  const { label, remove } = rescueOf(secret, versionId);
  return [
    {
      text: `If you put ${label} on the version, remove it once a rotation has succeeded. Keep it until then.`,
      commands: [remove],
    },
  ];
}

const warn: VersionStep = ({ isNotCreatedByFunction }) =>
  isNotCreatedByFunction
    ? [
        {
          text: 'Change the rotation function to pass the RotationToken of its event to PutSecretValue: without it, no retry can succeed.',
          commands: [],
        },
      ]
    : [];

/** Labels the version and removes AWSPENDING, under a condition that ends in the proof of AWSCURRENT. */
const removal =
  (condition: string): VersionStep =>
  ({ facts: { secret }, versionId }) => {
    const { label, put } = rescueOf(secret, versionId);
    return [
      {
        text: `${condition} ${PROOF}. Only if it does, put the label ${label} on the version and remove AWSPENDING. A version without labels may be deleted.`,
        commands: [...put, command.removePending(secret, versionId)],
      },
    ];
  };

const removeUntouched = removal(
  'According to the events, setSecret had not begun, but events can be lost: first',
);
const removeAfterProof = removal('First');
const removeAfterTest = removal('If testSecret fails,');

/** Switches rotation on without rotating, so that the function works again. */
const switchedOn =
  (finish: VersionStep): VersionStep =>
  (situation) => {
    const { facts, versionId } = situation;
    const { secret } = facts;
    const functionArn = secret.rotationFunctionArn;
    if (secret.rotationEnabled !== false || functionArn === undefined) return [];
    const { label, put } = rescueOf(secret, versionId);
    return [
      {
        text: `If it answered "not enabled for rotation", put the label ${label} on the version, remove AWSPENDING, and switch rotation on without rotating. This has not been proven on AWS yet. A test of the settings may fail, which changes nothing.`,
        commands: [...put, command.removePending(secret, versionId), command.testRotation(secret)],
      },
      {
        text: 'If you have switched rotation on, wait until no version but AWSCURRENT carries AWSPENDING. Then put it back and let the function test again.',
        commands: [
          command.describeSecret(secret),
          command.restorePending(secret, versionId),
          invokeStep(secret, functionArn, 'testSecret', versionId),
        ],
      },
      ...finish(situation),
    ];
  };

const PROVE_IF_DEAD = proven('If AWSCURRENT does not log in, prove the pending credential:');

const STEPS: Readonly<Record<Progress, readonly VersionStep[]>> = {
  'before-set': [removeUntouched, PROVE_IF_DEAD, finishLogged, switchedOn(finishLogged), neither],
  'set-begun': [
    removeAfterProof,
    PROVE_IF_DEAD,
    finishTested,
    switchedOn(finishTested),
    finishByHand,
    neither,
  ],
  'after-set': [
    proven('Prove that the target accepts the pending credential:'),
    finishTested,
    switchedOn(finishTested),
    finishByHand,
    removeAfterTest,
    neither,
  ],
  unknown: [removeAfterProof, PROVE_IF_DEAD, finishLogged, switchedOn(finishLogged), neither],
};
