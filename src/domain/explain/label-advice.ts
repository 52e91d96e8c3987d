import type { Advice } from '../finding.ts';
import { currentVersion } from '../version-stage.ts';
import * as command from './commands.ts';
import type { Progress, Situation } from './situation.ts';

type Step = (situation: Situation & { readonly versionId: string }) => readonly Advice[];

/** What to do about the pending version before another rotation can start: finish it, or take its label off. */
export function settleLabel(situation: Situation): readonly Advice[] {
  const { versionId, isPending, progress } = situation;
  if (versionId === undefined) return [];
  const known = { ...situation, versionId };
  if (!isPending) return recoverLost(known);
  return [...warnings(situation), ...STEPS[progress].flatMap((step) => step(known))];
}

/** How to see that the credential in use works without reading it. */
const PROOF =
  "prove that AWSCURRENT still logs in: by an application's own health check or a fresh log-in of an application, never by reading the value";

const removeNow: Step = ({ facts: { secret }, versionId }) => [
  {
    text: 'Take AWSPENDING off: setSecret had not begun, so the target does not know this version.',
    commands: [command.removePending(secret, versionId)],
  },
];

const removeAfterProof: Step = ({ facts: { secret }, versionId }) => [
  {
    text: `First ${PROOF}. Only if it does, take AWSPENDING off.`,
    commands: [command.removePending(secret, versionId)],
  },
];

const finish: Step = ({ facts: { secret }, versionId }) => {
  const functionArn = secret.rotationFunctionArn;
  if (functionArn === undefined) return [];
  const current = currentVersion(secret.versionStages);
  return [
    {
      text: 'Prove that the target accepts the pending credential: let the rotation function test it. No value is read.',
      commands: [command.invokeStep(secret, functionArn, 'testSecret', versionId)],
    },
    {
      text: 'Only if that answers without an error (no "FunctionError"), let the function finish the rotation. Never move AWSCURRENT back afterwards.',
      commands: [command.invokeStep(secret, functionArn, 'finishSecret', versionId)],
    },
    {
      text: 'Only if testSecret succeeded and finishSecret fails, make the pending version the one in use by hand.',
      commands: [command.promote(secret, versionId, current)],
    },
  ];
};

const elseRemove: Step = (situation) => {
  const { facts, versionId } = situation;
  if (facts.secret.rotationFunctionArn === undefined) return removeAfterProof(situation);
  return [
    {
      text: `If testSecret fails, ${PROOF}. Only if it does, take AWSPENDING off. If neither works, the target's password has to be reset by its administrator.`,
      commands: [command.removePending(facts.secret, versionId)],
    },
  ];
};

const STEPS: Readonly<Record<Progress, readonly Step[]>> = {
  'before-set': [removeNow],
  'set-begun': [removeAfterProof],
  'after-set': [finish, elseRemove],
  unknown: [removeAfterProof],
};

const warnings = ({ failures }: Situation): readonly Advice[] =>
  failures.some(({ notCreatedByFunction }) => notCreatedByFunction === true)
    ? [
        {
          text: 'Let the rotation function pass the RotationToken of its event to PutSecretValue: without it no retry can succeed.',
          commands: [],
        },
      ]
    : [];

/** For a version that lost its label: what the target holds has to be found out before anything is rotated. */
const recoverLost: Step = ({ facts, progress, versionId }) => {
  const { secret, pending } = facts;
  const functionArn = secret.rotationFunctionArn;
  const prove = {
    text: `First ${PROOF}. If it does, only the rotation is left to be repeated.`,
    commands: [],
  };
  if (progress !== 'after-set' || functionArn === undefined || pending !== undefined) {
    return [
      prove,
      { text: "If it does not, the target's password has to be reset by its administrator.", commands: [] },
    ];
  }
  return [
    prove,
    {
      text: 'If it does not, put AWSPENDING back while the version still exists and let the rotation function test it. No value is read.',
      commands: [
        command.restorePending(secret, versionId),
        command.invokeStep(secret, functionArn, 'testSecret', versionId),
      ],
    },
    {
      text: 'Only if that answers without an error (no "FunctionError"), let the function finish the rotation.',
      commands: [command.invokeStep(secret, functionArn, 'finishSecret', versionId)],
    },
  ];
};
