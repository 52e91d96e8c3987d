import { later, MINUTE } from '../../../calendar/instant.ts';
import type { Advice, FindingCode } from '../finding/finding.ts';
import { lacksCurrent } from '../secret/version-stage.ts';
import * as command from './commands.ts';
import { previousVersionAdvice, unconfirmedAdvice } from './consumer-advice.ts';
import { improveFunction, repairFunction } from './function-advice.ts';
import { isConclusive } from './function-trouble.ts';
import { isNotCreatedByFunction, PROOF, settleLabel } from './label-advice.ts';
import { managedAdvice } from './managed-advice.ts';
import { replicaAdvice } from './replica-advice.ts';
import type { Situation } from './situation.ts';

type Step = (situation: Situation) => readonly Advice[];

/** What to do, in order. Labels of a managed secret are left alone; its owning service is pointed to. */
export const adviceFor = (situation: Situation): readonly Advice[] =>
  situation.kind === 'managed' && !BESIDE_ROTATION.has(situation.finding.code)
    ? managedAdvice(situation)
    : planFor(situation).flatMap((step) => step(situation));

/** Findings that are about replicas and consumers, whoever rotates the secret. */
const BESIDE_ROTATION: ReadonlySet<FindingCode> = new Set([
  'replication-failed',
  'invalidation-unconfirmed',
  'previous-version-in-use',
]);

/** A rotation makes its value from the one in use: without any, that comes first. */
function planFor({ finding, facts: { secret } }: Situation): readonly Step[] {
  const plan = PLANS[finding.code];
  return lacksCurrent(secret.versionStages) && !plan.includes(findVersion) ? [findVersion, ...plan] : plan;
}

/** An attempt begins this long before it fails, at most. https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const LONGEST_RUN_MS: number = 15 * MINUTE;

const readLogs: Step = ({ finding, facts: { secret }, functionTroubles }) =>
  secret.rotationFunctionArn === undefined || functionTroubles.some(isConclusive)
    ? []
    : [
        {
          text: 'Read what the rotation function logged and fix the cause.',
          commands: [
            command.showLogs(secret, secret.rotationFunctionArn, later(finding.since, -LONGEST_RUN_MS)),
          ],
        },
      ];

/** The log says nothing that the event has not said where the function does not pass the RotationToken on. */
const findCause: Step = (situation) => (isNotCreatedByFunction(situation) ? [] : readLogs(situation));

const awaitRetry: Step = () => [
  {
    text: 'Secrets Manager tries again by itself while the rotation window is open: once the cause is fixed, that may be all it takes. Go on only if you cannot wait.',
    commands: [],
  },
];

/** A function that is mended may be all that the retries lack. */
const awaitRetryOfMended: Step = (situation) =>
  situation.functionTroubles.some(isConclusive) ? awaitRetry(situation) : [];

const checkInvocation: Step = ({ facts: { secret }, functionTroubles }) =>
  secret.rotationFunctionArn === undefined || functionTroubles.some(isConclusive)
    ? []
    : [
        {
          text: 'Check that the function exists and that its policy lets secretsmanager.amazonaws.com invoke it.',
          commands: [command.showFunctionPolicy(secret, secret.rotationFunctionArn)],
        },
      ];

const rotateAgain: Step = (situation) => {
  const { kind, isPending, facts } = situation;
  if (kind === 'none') {
    return [
      { text: 'The secret has no rotation function: attach one before it is rotated again.', commands: [] },
    ];
  }
  if (facts.pending !== undefined && !isPending) {
    return [
      { text: 'Another rotation has begun since: wait for its end before you ask for one.', commands: [] },
    ];
  }
  return [{ text: rotationText(situation), commands: [command.rotateSecret(facts.secret)] }];
};

function rotationText({ facts: { secret }, isPending, progress }: Situation): string {
  if (secret.rotationEnabled === false) return 'Then rotate: this also switches rotation on again.';
  return isPending && progress === 'after-set'
    ? 'If AWSPENDING was taken off, rotate again; a rotation that was finished needs nothing more.'
    : 'Then rotate.';
}

const testAgain: Step = ({ facts: { secret, pending } }) =>
  pending === undefined
    ? [
        {
          text: 'Then test again: this checks the settings without rotating.',
          commands: [command.testRotation(secret)],
        },
      ]
    : [{ text: 'A rotation has begun since: its outcome says more than another test.', commands: [] }];

const checkTestedLogin: Step = () => [
  {
    text: `The test works with the credential in use: ${PROOF}.`,
    commands: [],
  },
];

const askWho: Step = ({ facts: { secret } }) => [
  { text: 'Find out who switched rotation off, and why.', commands: [command.lookUpCalls(secret)] },
];

const findVersion: Step = ({ facts: { secret } }) => [
  {
    text: 'Find out which version applications used last, and let whoever provisions the secret give it a value that works.',
    commands: [command.listVersions(secret)],
  },
];

const lookAgain: Step = ({ facts: { secret } }) => [
  { text: 'Look at the secret with your own permissions.', commands: [command.describeSecret(secret)] },
];

const STUCK: readonly Step[] = [repairFunction, readLogs, improveFunction, settleLabel, rotateAgain];

const PLANS: Readonly<Record<FindingCode, readonly Step[]>> = {
  'rotation-cancelled': [settleLabel, rotateAgain],
  'pending-abandoned': STUCK,
  'rotation-will-not-heal': [
    repairFunction,
    findCause,
    improveFunction,
    awaitRetryOfMended,
    settleLabel,
    rotateAgain,
  ],
  'rotation-retries-exhausted': STUCK,
  'stuck-pending': STUCK,
  'rotation-failed': [repairFunction, readLogs, improveFunction, awaitRetry, settleLabel, rotateAgain],
  'no-current-version': [findVersion, settleLabel, rotateAgain],
  'rotation-overdue': [repairFunction, checkInvocation, readLogs, improveFunction, settleLabel, rotateAgain],
  'rotation-silently-disabled': [askWho, settleLabel, rotateAgain],
  'replication-failed': [replicaAdvice],
  'test-rotation-failed': [repairFunction, readLogs, improveFunction, checkTestedLogin, testAgain],
  'invalidation-unconfirmed': [unconfirmedAdvice],
  'previous-version-in-use': [previousVersionAdvice],
  unverifiable: [lookAgain],
  'target-unreachable': [],
};
