import { DAY, formatInstant, HOUR, later, MINUTE, SECOND } from '../../../src/calendar/instant.ts';
import { ROTATION_STEPS } from '../../../src/simulator/secrets-manager/store/version-stages.ts';
import {
  ask,
  type ChaosSecret,
  type Story,
  setFunction,
  truthNow,
  versionWith,
  type World,
} from './world.ts';

/** One way in which a rotation fails: a story that ends when its cause is gone. */
export interface Incident {
  readonly name: string;
  readonly weight: number;
  readonly kinds: readonly ChaosSecret['secret']['kind'][];
  readonly play: (world: World, secret: ChaosSecret) => Story;
}

/**
 * Labels across all versions of a secret.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
 */
const MOST_LABELS = 20;

type Code = Parameters<typeof setFunction>[2];

const incident = (
  name: string,
  weight: number,
  play: Incident['play'],
  kinds: Incident['kinds'] = ['function'],
): Incident => ({ name, weight, kinds, play });

const aStep = ({ chance }: World) => chance.oneOf(ROTATION_STEPS);

/** Returns the time that people take to find and remove a cause. */
const toFix = ({ chance }: World): number =>
  chance.happens(0.1) ? chance.until(9 * DAY) : 10 * MINUTE + chance.until(7 * HOUR);

/** The function has other code for a while; a rotation is asked for, or the next window is awaited. */
async function* withCode(world: World, secret: ChaosSecret, code: Code): Story {
  setFunction(world, secret, code);
  if (world.chance.happens(0.6)) await ask(world, secret, 'RotateSecret');
  else yield world.chance.between(1, 10) * DAY;
  yield toFix(world);
  setFunction(world, secret, {});
}

/** A rotation fails at some step; the deed comes while it is open. */
const midRotation = (deed: (world: World, secret: ChaosSecret) => Promise<unknown>): Incident['play'] =>
  async function* (world, secret) {
    setFunction(world, secret, {
      behaviour: world.chance.oneOf(['error', 'hang', 'slow']),
      step: aStep(world),
    });
    await ask(world, secret, 'RotateSecret');
    yield world.chance.between(2, 45 * 60) * SECOND;
    await deed(world, secret);
    yield toFix(world);
    setFunction(world, secret, {});
  };

const removePending = async (world: World, secret: ChaosSecret): Promise<unknown> => {
  const RemoveFromVersionId = versionWith(truthNow(world, secret), 'AWSPENDING');
  if (RemoveFromVersionId === undefined) return undefined;
  return ask(world, secret, 'UpdateSecretVersionStage', { VersionStage: 'AWSPENDING', RemoveFromVersionId });
};

const promote = async (world: World, secret: ChaosSecret): Promise<unknown> => {
  const truth = truthNow(world, secret);
  const MoveToVersionId = versionWith(truth, 'AWSPENDING');
  const RemoveFromVersionId = versionWith(truth, 'AWSCURRENT');
  if (MoveToVersionId === undefined || MoveToVersionId === RemoveFromVersionId) return undefined;
  secret.meddledAt.push(world.clock.now());
  return ask(world, secret, 'UpdateSecretVersionStage', {
    VersionStage: 'AWSCURRENT',
    MoveToVersionId,
    RemoveFromVersionId,
  });
};

const putValue = async (world: World, secret: ChaosSecret): Promise<unknown> => {
  secret.meddledAt.push(world.clock.now());
  const SecretString = JSON.stringify({ username: 'app', password: world.chance.letters(20) });
  return ask(world, secret, 'PutSecretValue', { SecretString });
};

async function* twoFaults(world: World, secret: ChaosSecret): Story {
  setFunction(world, secret, { behaviour: 'error', step: 'createSecret' });
  await ask(world, secret, 'RotateSecret');
  yield world.chance.between(1, 40) * MINUTE;
  setFunction(world, secret, { behaviour: 'error', step: world.chance.oneOf(['setSecret', 'testSecret']) });
  yield toFix(world);
  setFunction(world, secret, {});
}

async function* missedWindows(world: World, { arn }: ChaosSecret): Story {
  world.simulator.secretsManager.configure(arn, { missesWindows: true });
  yield world.chance.between(3, 45) * DAY;
  world.simulator.secretsManager.configure(arn, { missesWindows: false });
}

/** Repaired before the owning service gives up, or, rarely, never: nobody can remove the label of a managed secret. */
async function* managedFails(world: World, secret: ChaosSecret): Story {
  world.simulator.secretsManager.configure(secret.arn, { managedFails: true });
  await ask(world, secret, 'RotateSecret');
  yield world.chance.happens(0.08) ? 20 * DAY : world.chance.between(1, 200) * MINUTE;
  world.simulator.secretsManager.configure(secret.arn, { managedFails: false });
}

async function* switchedOff(world: World, secret: ChaosSecret): Story {
  await ask(world, secret, 'CancelRotateSecret');
  yield toFix(world);
}

async function* deletedAndRestored(world: World, secret: ChaosSecret): Story {
  if (world.chance.happens(0.4)) {
    setFunction(world, secret, { behaviour: 'error', step: aStep(world) });
    await ask(world, secret, 'RotateSecret');
    yield world.chance.between(1, 180) * MINUTE;
  }
  await ask(world, secret, 'DeleteSecret', { RecoveryWindowInDays: 7 });
  yield world.chance.between(1, 140) * HOUR;
  await ask(world, secret, 'RestoreSecret');
  setFunction(world, secret, {});
}

async function* silenced(world: World, secret: ChaosSecret): Story {
  const day = later(world.clock.now(), world.chance.between(0, 4) * DAY);
  await ask(world, secret, 'TagResource', {
    Tags: [
      { Key: 'rotation-monitor:silence-until', Value: formatInstant(day).slice(0, 10) },
      { Key: 'rotation-monitor:silence-reason', Value: 'planned work' },
    ],
  });
  yield* withCode(world, secret, { behaviour: 'error', step: aStep(world) });
}

async function* testOnly(world: World, secret: ChaosSecret): Story {
  await ask(world, secret, 'RotateSecret', { RotateImmediately: false });
  yield MINUTE;
}

async function* leavesPending(world: World, { arn }: ChaosSecret): Story {
  world.simulator.secretsManager.configure(arn, { leavesPending: true });
  yield world.chance.between(5, 30) * DAY;
  world.simulator.secretsManager.configure(arn, { leavesPending: false });
}

async function* passwordChanged(world: World, secret: ChaosSecret): Story {
  secret.meddledAt.push(world.clock.now());
  world.simulator.secretsManager.database(secret.arn).changeOutOfBand();
  await ask(world, secret, 'RotateSecret');
  yield toFix(world);
}

/** Releases are kept by labels of their own until no rotation finds one that is free; somebody then clears them. */
async function* labelsUsedUp(world: World, secret: ChaosSecret): Story {
  const { stages = {} } = truthNow(world, secret) ?? {};
  const MoveToVersionId = versionWith({ stages }, 'AWSCURRENT');
  const free = MOST_LABELS - Object.values(stages).flat().length;
  const labels = Array.from({ length: free }, (_, index) => `release-${index}`);
  for (const VersionStage of labels) {
    await ask(world, secret, 'UpdateSecretVersionStage', { VersionStage, MoveToVersionId });
  }
  await ask(world, secret, 'RotateSecret');
  yield toFix(world);
  for (const VersionStage of labels) {
    const RemoveFromVersionId = versionWith(truthNow(world, secret), VersionStage);
    await ask(world, secret, 'UpdateSecretVersionStage', { VersionStage, RemoveFromVersionId });
  }
}

async function* stagedByHand(world: World, secret: ChaosSecret): Story {
  const input = { SecretString: 'a candidate', VersionStages: ['AWSPENDING'] };
  await ask(world, secret, 'PutSecretValue', input);
  yield world.chance.between(1, 10) * DAY;
  await removePending(world, secret);
}

/** Every way in which a rotation fails here, by how often. */
export const INCIDENTS: readonly Incident[] = [
  incident('error', 8, (w, s) => withCode(w, s, { behaviour: 'error', step: aStep(w) })),
  incident('error after the target changed', 2, (w, s) =>
    withCode(w, s, { behaviour: 'error', step: 'setSecret', changesTargetFirst: true }),
  ),
  incident('two faults', 3, twoFaults),
  incident('hang', 2, (w, s) => withCode(w, s, { behaviour: 'hang', step: aStep(w) })),
  incident('slow', 2, (w, s) => withCode(w, s, { behaviour: 'slow' })),
  incident('flaky', 5, (w, s) =>
    withCode(w, s, { behaviour: 'flaky', step: aStep(w), times: w.chance.between(1, 4) }),
  ),
  incident('function gone', 2, (w, s) => withCode(w, s, { presence: 'gone' })),
  incident('not invocable', 2, (w, s) => withCode(w, s, { presence: 'not-invocable' })),
  incident('assumed role', 2, (w, s) => withCode(w, s, { assumedRole: 'pipeline' })),
  incident(
    'cancelled midway',
    3,
    midRotation((w, s) => ask(w, s, 'CancelRotateSecret')),
  ),
  incident('value put midway', 2, midRotation(putValue)),
  incident('label removed by hand', 3, midRotation(removePending)),
  incident('promoted by hand', 1, midRotation(promote)),
  incident('missed windows', 3, missedWindows, ['function', 'managed']),
  incident('managed failure', 8, managedFails, ['managed']),
  incident('switched off', 3, switchedOff),
  incident('deleted and restored', 2, deletedAndRestored),
  incident('silenced', 2, silenced),
  incident('test only', 2, testOnly),
  incident('leaves pending', 2, leavesPending, ['function', 'managed']),
  incident('password changed', 2, passwordChanged),
  incident('labels used up', 2, labelsUsedUp),
  incident('staged by hand', 2, stagedByHand, ['none']),
];
