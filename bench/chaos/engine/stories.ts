import { HOUR, MINUTE } from '../../../src/calendar/instant.ts';
import type { AdvisedStep } from '../../../src/proving/court/told/told-in.ts';
import { currentLogsIn } from '../../../src/proving/court/truth/ground-truth.ts';
import { followAdvice } from '../../../src/proving/operator/operator.ts';
import { adapted } from './adapt-advice.ts';
import { INCIDENTS } from './incidents.ts';
import {
  ask,
  type ChaosSecret,
  count,
  type Story,
  setFunction,
  truthNow,
  versionWith,
  type World,
} from './world.ts';

/** Between two looks of an operator at the inbox, on average. */
const LOOK_EVERY_MS: number = 5 * HOUR;
/** An operator whose advice has not helped so often calls the administrator. */
const PATIENCE = 4;

/** One incident after the other befalls a secret. */
export async function* misfortunes(world: World, secret: ChaosSecret): Story {
  const fitting = INCIDENTS.filter(({ kinds }) => kinds.includes(secret.secret.kind));
  for (;;) {
    yield MINUTE + world.chance.until(world.incidentEveryMs);
    const incident = world.chance.weighted(fitting);
    if (incident === undefined) return;
    count(world, `incident: ${incident.name}`);
    secret.causes += 1;
    yield* incident.play(world, secret);
    secret.causes -= 1;
  }
}

/** Somebody reads the e-mails about a secret now and then and does what the latest says once the cause is gone. */
export async function* care(world: World, secret: ChaosSecret): Story {
  for (let tries = 0; ; ) {
    yield 10 * MINUTE + world.chance.until(LOOK_EVERY_MS);
    const codes = world.journal.openCodes(secret.arn);
    const advice = codes.size === 0 ? undefined : world.inbox.adviceAbout(secret.arn, codes);
    if (advice === undefined) {
      tries = 0;
      continue;
    }
    if (secret.causes > 0 && !world.chance.happens(0.1)) continue;
    tries += 1;
    if (tries > PATIENCE) await administer(world, secret);
    else await follow(world, secret, advice);
  }
}

async function follow(world: World, secret: ChaosSecret, advice: readonly AdvisedStep[]): Promise<void> {
  count(world, 'repair: by the advice');
  const truth = truthNow(world, secret);
  const own = {
    arn: secret.arn,
    pendingId: versionWith(truth, 'AWSPENDING'),
    currentId: versionWith(truth, 'AWSCURRENT'),
  };
  const desk = { simulator: world.simulator, secretArn: secret.arn, uuid: world.chance.uuid };
  await followAdvice(desk, adapted(advice, own).filter(isTyped));
}

/**
 * Whether a step is typed here; one that looks a database up for another command is left to the service that owns the
 * secret.
 */
const isTyped = ({ commands }: AdvisedStep): boolean => commands.every((line) => !line.includes('$('));

/** Puts everything right by force, as the administrator of the target and of the account can. */
async function administer(world: World, secret: ChaosSecret): Promise<void> {
  const { simulator, clock } = world;
  const truth = truthNow(world, secret);
  if (truth === undefined || truth.deletedAt !== undefined || secret.secret.kind !== 'function') return;
  count(world, 'repair: by the administrator');
  setFunction(world, secret, {});
  if (currentLogsIn(truth) === false) {
    const text = (await valueInUse(world, secret)) ?? (await newValue(world, secret));
    simulator.secretsManager.database(secret.arn).setPassword({ field: 'SecretString', text });
    secret.meddledAt.push(clock.now());
  }
  const RemoveFromVersionId = versionWith(truth, 'AWSPENDING');
  if (RemoveFromVersionId !== undefined && RemoveFromVersionId !== versionWith(truth, 'AWSCURRENT')) {
    await ask(world, secret, 'UpdateSecretVersionStage', { VersionStage: 'AWSPENDING', RemoveFromVersionId });
  }
  await ask(world, secret, 'RotateSecret');
}

async function valueInUse(world: World, secret: ChaosSecret): Promise<string | undefined> {
  const answer = await ask(world, secret, 'GetSecretValue');
  const text: unknown = Reflect.get(Object(answer), 'SecretString');
  return typeof text === 'string' ? text : undefined;
}

/** Puts a new value by hand: no rotation can make one where the version in use was promoted without a value. */
async function newValue(world: World, secret: ChaosSecret): Promise<string> {
  const SecretString = JSON.stringify({ username: 'app', password: world.chance.letters(20) });
  await ask(world, secret, 'PutSecretValue', { SecretString });
  return SecretString;
}
