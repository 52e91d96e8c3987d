import { later, MINUTE } from '../../../calendar/instant.ts';
import type { Advice, FindingCode, LogPlace } from '../finding/finding.ts';
import { lacksCurrent } from '../secret/version-stage.ts';
import {
  changedAdvice,
  previousVersionAdvice,
  replicaAdvice,
  unconfirmedAdvice,
} from './beside-rotation-advice.ts';
import { riskOf } from './blast-radius.ts';
import * as command from './commands.ts';
import { improveFunction, repairFunction } from './function-advice.ts';
import { showFunctionPolicy, showLogGroup, showLogs, usualLogGroup } from './function-commands.ts';
import { isConclusive } from './function-trouble.ts';
import { dropRescue, settleLabel } from './label-advice.ts';
import { managedAdvice, managedOffAdvice } from './managed-advice.ts';
import { NOW, PROOF } from './prove-and-finish.ts';
import { isFullOfLabels } from './rescue-label.ts';
import type { Situation } from './situation.ts';

type Step = (situation: Situation) => readonly Advice[];

/** Returns the advice, in order. Labels of a managed secret are left alone; the advice points to its owning service. */
export function adviceFor(situation: Situation): readonly Advice[] {
  const { kind, finding } = situation;
  if (kind !== 'managed' || BESIDE_ROTATION.has(finding.code))
    return planFor(situation).flatMap((step) => step(situation));
  return SWITCHED_OFF.has(finding.code) ? managedOffAdvice(situation) : managedAdvice(situation);
}

/** Findings that say that somebody switched rotation off. */
const SWITCHED_OFF: ReadonlySet<FindingCode> = new Set(['rotation-silently-disabled', 'rotation-cancelled']);

/** Findings that are about replicas and consumers, whoever rotates the secret. */
const BESIDE_ROTATION: ReadonlySet<FindingCode> = new Set([
  'replication-failed',
  'invalidation-unconfirmed',
  'previous-version-in-use',
]);

/**
 * A rotation makes its value from the one in use: without any, that comes first. Where the credential in use may be
 * dead, what restores service comes before what only explains; and where nothing is pending for want of a label, that is
 * the cause, which no log shows.
 */
function planFor(situation: Situation): readonly Step[] {
  const { finding, facts } = situation;
  const { secret } = facts;
  const isDead = riskOf(situation).credentialInUse === 'may-be-dead';
  const isUnrotated = finding.code === 'rotation-overdue' && situation.kind === 'none';
  const usual = isUnrotated ? [askChanger] : PLANS[finding.code];
  const isFull = isFullOfLabels(secret) && situation.versionId === undefined;
  const plan = isDead || isFull ? settlingFirst(usual) : usual;
  return lacksCurrent(secret.versionStages) && !plan.includes(findVersion) ? [findVersion, ...plan] : plan;
}

const settlingFirst = (plan: readonly Step[]): readonly Step[] =>
  plan.includes(settleLabel)
    ? [
        ...plan.filter((step) => step === repairFunction),
        settleLabel,
        ...plan.filter((step) => step !== repairFunction && step !== settleLabel && step !== awaitRetry),
      ]
    : plan;

/**
 * An attempt begins this long before it fails, at most.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
 */
const LONGEST_RUN_MS: number = 15 * MINUTE;

/** Returns the log of the rotation function; undefined where there is no function that could log. */
export function logsOf({ finding, facts, functionTroubles }: Situation): LogPlace | undefined {
  const functionArn = facts.secret.rotationFunctionArn;
  if (functionArn === undefined || functionTroubles.some(isConclusive)) return undefined;
  return {
    group: knownLogGroup(facts) ?? usualLogGroup(functionArn),
    since: later(finding.since, -LONGEST_RUN_MS),
  };
}

const knownLogGroup = ({ examination }: Situation['facts']): string | undefined =>
  examination?.inspection?.configuration?.logGroup;

const readLogs: Step = (situation) => {
  const { secret } = situation.facts;
  const logs = logsOf(situation);
  if (logs === undefined || secret.rotationFunctionArn === undefined) return [];
  const isKnown = knownLogGroup(situation.facts) !== undefined;
  return [
    {
      text: `Read the log of the rotation function and fix the cause.${isKnown ? '' : ' If that log group does not exist, the second command shows which one it uses.'}`,
      commands: [
        showLogs(secret, logs.group, logs.since),
        ...(isKnown ? [] : [showLogGroup(secret, secret.rotationFunctionArn)]),
      ],
    },
  ];
};

/** The log says nothing that the event has not said where the function does not pass the RotationToken on. */
const findCause: Step = (situation) => (situation.isNotCreatedByFunction ? [] : readLogs(situation));

const awaitRetry: Step = () => [
  {
    text: 'Secrets Manager retries by itself while the rotation window is open. Once the cause is fixed, that may be enough. Go on only if you cannot wait.',
    commands: [],
  },
];

/** A function that is repaired may be all that the retries lack. */
const awaitRetryOfMended: Step = (situation) =>
  situation.functionTroubles.some(isConclusive) ? awaitRetry(situation) : [];

const checkInvocation: Step = ({ facts: { secret }, functionTroubles }) =>
  secret.rotationFunctionArn === undefined || functionTroubles.some(isConclusive)
    ? []
    : [
        {
          text: 'Check that the function exists and that its policy lets secretsmanager.amazonaws.com invoke it.',
          commands: [showFunctionPolicy(secret, secret.rotationFunctionArn)],
        },
      ];

const rotateAgain: Step = (situation) => {
  const { kind, isPending, facts } = situation;
  if (kind === 'none') {
    return [
      { text: 'The secret has no rotation function: attach one before you rotate it again.', commands: [] },
    ];
  }
  if (facts.pending !== undefined && !isPending) {
    return [
      {
        text: 'Another rotation has started since then: wait until it ends before you start one.',
        commands: [],
      },
    ];
  }
  return [{ text: rotationText(situation), commands: [command.rotateSecret(facts.secret)] }];
};

function rotationText({ facts: { secret }, isPending, versionId, finding }: Situation): string {
  const on = secret.rotationEnabled === false ? ' It also switches rotation on again.' : '';
  const finished = ' If the rotation was finished, nothing more is needed.';
  if (isPending) return `If AWSPENDING was removed for good, rotate: ${NOW}.${on}${finished}`;
  if (versionId !== undefined && finding.pendingVersionId !== undefined)
    return `Then rotate, unless the version was finished: ${NOW}. If AWSCURRENT does not log in, most functions try AWSPREVIOUS.${on}`;
  return `Then rotate: ${NOW}.${on}`;
}

const testAgain: Step = ({ facts: { secret, pending } }) =>
  pending === undefined
    ? [
        {
          text: 'If it does, fix the cause. Then test again: this checks the settings without rotating.',
          commands: [command.testRotation(secret)],
        },
      ]
    : [
        {
          text: 'A rotation has started since then: its outcome shows more than another test.',
          commands: [],
        },
      ];

const checkTestedLogin: Step = ({ kind, facts: { secret, pending } }) => [
  {
    text: `The test uses the current credential: ${PROOF}.`,
    commands: [],
  },
  ...(kind === 'none' || pending !== undefined
    ? []
    : [
        {
          text: `If it does not, rotate: ${NOW}. Most functions try AWSPREVIOUS, too. If the rotation fails at setSecret, an administrator must reset the password at the target.`,
          commands: [command.rotateSecret(secret)],
        },
      ]),
];

const askWho: Step = ({ facts: { secret } }) => [
  {
    text: 'Find out who switched rotation off and why. If that was on purpose, acknowledge the alert.',
    commands: [command.lookUpCalls(secret)],
  },
];

const switchOnAgain: Step = (situation) => {
  const { secret, pending } = situation.facts;
  if (situation.kind === 'none' || pending !== undefined) return rotateAgain(situation);
  return [
    {
      text: `If it was not, rotate: ${NOW}. It also switches rotation on again.`,
      commands: [command.rotateSecret(secret)],
    },
    {
      text: 'To wait for the next rotation window instead, use this command.',
      commands: [command.testRotation(secret)],
    },
  ];
};

/** Advice where AWS does not rotate the secret: nobody knows who should have changed its value. */
const askChanger: Step = ({ facts: { secret } }) => [
  {
    text: 'AWS does not rotate this secret. Find out what should have changed its value, and why it has not.',
    commands: [command.listVersions(secret), command.lookUpCalls(secret)],
  },
];

const findVersion: Step = ({ facts: { secret } }) => [
  {
    text: 'Find out which version applications used last. Then ask whoever provisions the secret to store a value that works.',
    commands: [command.listVersions(secret)],
  },
];

const lookAgain: Step = ({ facts: { secret } }) => [
  { text: 'Look at the secret with your own permissions.', commands: [command.describeSecret(secret)] },
];

const STUCK: readonly Step[] = [
  repairFunction,
  readLogs,
  improveFunction,
  settleLabel,
  rotateAgain,
  dropRescue,
];

const PLANS: Readonly<Record<FindingCode, readonly Step[]>> = {
  'rotation-cancelled': [settleLabel, rotateAgain, dropRescue],
  'pending-abandoned': STUCK,
  'rotation-will-not-heal': [
    repairFunction,
    findCause,
    improveFunction,
    awaitRetryOfMended,
    settleLabel,
    rotateAgain,
    dropRescue,
  ],
  'rotation-retries-exhausted': STUCK,
  'stuck-pending': STUCK,
  'rotation-failed': [
    repairFunction,
    readLogs,
    improveFunction,
    awaitRetry,
    settleLabel,
    rotateAgain,
    dropRescue,
  ],
  'current-changed-outside-rotation': [changedAdvice],
  'no-current-version': [findVersion, settleLabel, rotateAgain, dropRescue],
  'rotation-overdue': [
    repairFunction,
    checkInvocation,
    readLogs,
    improveFunction,
    settleLabel,
    rotateAgain,
    dropRescue,
  ],
  'rotation-silently-disabled': [askWho, settleLabel, switchOnAgain, dropRescue],
  'replication-failed': [replicaAdvice],
  'test-rotation-failed': [repairFunction, readLogs, improveFunction, checkTestedLogin, testAgain],
  'invalidation-unconfirmed': [unconfirmedAdvice],
  'previous-version-in-use': [previousVersionAdvice],
  unverifiable: [lookAgain],
  'target-unreachable': [],
};
