import type { Advice } from '../finding/finding.ts';
import { currentVersion } from '../secret/version-stage.ts';
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
export const PROOF =
  "prove that AWSCURRENT still logs in: by an application's own health check or a fresh log-in of an application, never by reading the value";

/** Nothing that was not seen may count: a retry that reached the target leaves no other trace than its event. */
const removeUntouched: Step = ({ facts: { secret }, versionId }) => [
  {
    text: `As far as events tell, setSecret had not begun, but events get lost: first ${PROOF}. Only if it does, take AWSPENDING off.`,
    commands: [command.removePending(secret, versionId)],
  },
];

const removeAfterProof: Step = ({ facts: { secret }, versionId }) => [
  {
    text: `First ${PROOF}. Only if it does, take AWSPENDING off.`,
    commands: [command.removePending(secret, versionId)],
  },
];

/** The official templates begin every step with this check. */
const OFF =
  ' While rotation is off most functions refuse every step ("not enabled for rotation"): such an answer proves nothing about the target.';

const finish: Step = ({ facts: { secret }, versionId }) => {
  const functionArn = secret.rotationFunctionArn;
  if (functionArn === undefined) return [];
  const current = currentVersion(secret.versionStages);
  return [
    {
      text: `Prove that the target accepts the pending credential: let the rotation function test it. No value is read.${secret.rotationEnabled === false ? OFF : ''}`,
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
  'before-set': [removeUntouched],
  'set-begun': [removeAfterProof],
  'after-set': [finish, elseRemove],
  unknown: [removeAfterProof],
};

/** Whether Secrets Manager has refused the version because it does not come from the rotation function. */
export const isNotCreatedByFunction = ({ failures }: Pick<Situation, 'failures'>): boolean =>
  failures.some(({ notCreatedByFunction }) => notCreatedByFunction === true);

const warnings = (situation: Situation): readonly Advice[] =>
  isNotCreatedByFunction(situation)
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
