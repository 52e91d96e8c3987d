import { randomUUID } from 'node:crypto';
import { pause, type Simulated } from './ground.ts';
import type { LineProgram } from './line-program.ts';
import type { Case } from './peer.ts';

/** Starts a program that reads through a cache of the endpoint, whose entries are fresh for so long. */
export type StartCache = (endpoint: string, freshSeconds: number) => LineProgram;

const NAME = 'app/db';
/** Longer than any run. */
const LONG_SECONDS = 3600;
const SHORT_SECONDS = 1;

/**
 * Reads through a rotation and through throttling. What is expected is what caching clients document, and what the
 * simulator itself holds at that moment.
 */
export async function readsThroughRotation(
  simulated: Simulated,
  start: StartCache,
): Promise<readonly Case[]> {
  const { endpoint, simulator } = simulated;
  const call = (operation: string, input: Readonly<Record<string, unknown>>) =>
    simulator.call('secretsmanager', operation, { ...token(operation), ...input }, 'operator');
  const value = async (stage: string) => {
    const answer = await call('GetSecretValue', { SecretId: NAME, VersionStage: stage });
    return Object(answer).SecretString;
  };
  await call('CreateSecret', { Name: NAME, SecretString: '{"username":"app","password":"one"}' });
  await call('CreateSecret', { Name: 'unread', SecretString: 'never read' });
  const [patient, eager] = [start(endpoint, LONG_SECONDS), start(endpoint, SHORT_SECONDS)];
  const cases: Case[] = [];
  const note = async (name: string, program: LineProgram, step: Record<string, unknown>, ours: unknown) =>
    void cases.push({ name, theirs: await program.ask(step), ours });
  const before = await value('AWSCURRENT');
  await note('first read', patient, { get: NAME }, before);
  await note('first read by another process', eager, { get: NAME }, before);
  await note('an unknown secret', patient, { get: 'nothing' }, { error: 'ResourceNotFoundException' });
  await rotate(simulated, call);
  await note('while the entry is fresh, the value from before the rotation', patient, { get: NAME }, before);
  await note('forced refresh', patient, { refresh: NAME }, true);
  const after = await value('AWSCURRENT');
  await note('after the refresh', patient, { get: NAME }, after);
  await note('the version before', patient, { get: NAME, stage: 'AWSPREVIOUS' }, before);
  await eager.ask({ get: NAME });
  await pause((SHORT_SECONDS + 1) * 1000);
  await note('once the entry is old, the value after the rotation', eager, { get: NAME }, after);
  const heal = simulator.faults.add({ kind: 'throttled', probability: 1, service: 'secretsmanager' });
  await note('throttled, with a value known', patient, { get: NAME }, after);
  await pause((SHORT_SECONDS + 1) * 1000);
  await note('throttled, with a value known that is old', eager, { get: NAME }, after);
  await note('throttled, with no value known', patient, { get: 'unread' }, { error: 'ThrottlingException' });
  heal();
  await Promise.all([patient.close(), eager.close()]);
  return cases;
}

/** Clients add these by themselves. */
const token = (operation: string): object =>
  /^(Create|Rotate)/.test(operation) ? { ClientRequestToken: randomUUID() } : {};

/** Rotates and waits until the new version is in use. */
async function rotate(
  { simulator }: Simulated,
  call: (operation: string, input: Readonly<Record<string, unknown>>) => Promise<unknown>,
): Promise<void> {
  const [rotator] = simulator.secretsManager.functions.all();
  const { VersionId } = Object(
    await call('RotateSecret', {
      SecretId: NAME,
      RotationLambdaARN: rotator?.arn,
      RotationRules: { AutomaticallyAfterDays: 30 },
    }),
  );
  for (;;) {
    const { VersionIdsToStages } = Object(await call('DescribeSecret', { SecretId: NAME }));
    if (Object(VersionIdsToStages)[VersionId]?.includes('AWSCURRENT')) return;
    await pause(200);
  }
}
