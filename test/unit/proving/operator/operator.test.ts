import { describe, expect, test } from 'vitest';
import { followAdvice } from '../../../../src/proving/operator/operator.ts';
import { seededRandom } from '../../../../src/simulator/call/random.ts';
import { aSimulator } from '../../../support/simulated.ts';

/** A secret whose version `v2` waits for the rest of its rotation, and what an operator makes of some steps. */
async function followed(given: {
  readonly behaviour: 'healthy' | 'error';
  readonly accepts: string;
  readonly steps: readonly (readonly [string, string])[];
}) {
  const simulator = aSimulator();
  const { secretsManager } = simulator;
  secretsManager.functions.register({ name: 'rotate', behaviour: given.behaviour, step: 'testSecret' });
  const { arn } = secretsManager.seed({
    name: 'app/db',
    kind: 'function',
    function: 'rotate',
    versions: [
      { id: 'v1', stages: ['AWSCURRENT'] },
      { id: 'v2', stages: ['AWSPENDING'], stepReached: 'setSecret' },
    ],
    databaseAccepts: [given.accepts],
  });
  const commands: Readonly<Record<string, string>> = {
    test: invoke(arn, 'testSecret'),
    finish: invoke(arn, 'finishSecret'),
    remove: `aws secretsmanager update-secret-version-stage --secret-id ${arn} --version-stage AWSPENDING --remove-from-version-id v2`,
    look: `aws secretsmanager describe-secret --secret-id ${arn}`,
  };
  const steps = given.steps.map(([text, command]) => ({ text, commands: [commands[command] ?? ''] }));
  const desk = { simulator, secretArn: arn, uuid: seededRandom(1).uuid };
  const done = await followAdvice(desk, steps);
  return done.map(({ leftOut }) => leftOut ?? 'done');
}

const invoke = (arn: string, step: string) =>
  `aws lambda invoke --function-name rotate --payload fileb:///dev/stdin /dev/stdout <<< '${JSON.stringify({ Step: step, SecretId: arn, ClientRequestToken: 'v2' })}'`;

const PROVE = 'Prove that the target accepts the pending credential.';
const FINISH =
  'Only if that answers without an error (no "FunctionError"), let the function finish the rotation.';
const PROMOTE = 'Only if testSecret succeeded and finishSecret fails, make it the one in use.';
const REMOVE =
  'If testSecret fails, prove that AWSCURRENT still logs in. Only if it does, remove AWSPENDING.';
const AGAIN = 'If AWSPENDING was removed, rotate again.';

const steps = [
  [PROVE, 'test'],
  [FINISH, 'finish'],
  [PROMOTE, 'look'],
  [REMOVE, 'remove'],
  [AGAIN, 'look'],
] as const;

describe('followAdvice()', () => {
  test('finishes a rotation that the target knows', async () => {
    expect(await followed({ behaviour: 'healthy', accepts: 'AWSPENDING', steps })).toEqual([
      'done',
      'done',
      'finishSecret did not fail',
      'testSecret did not fail',
      'AWSPENDING was not removed',
    ]);
  });

  test('takes AWSPENDING off when the target still accepts AWSCURRENT', async () => {
    expect(await followed({ behaviour: 'error', accepts: 'AWSCURRENT', steps })).toEqual([
      'done',
      'that answered with an error',
      'finishSecret did not fail',
      'done',
      'done',
    ]);
  });

  test('touches nothing when neither works', async () => {
    expect(await followed({ behaviour: 'error', accepts: 'AWSPENDING', steps })).toEqual([
      'done',
      'that answered with an error',
      'finishSecret did not fail',
      'AWSCURRENT no longer logs in',
      'AWSPENDING was not removed',
    ]);
  });
});

test('followAdvice() keeps to one branch of a log-in and of a choice', async () => {
  const branches = [
    ['If it does not, rotate: this changes the password at the target now.', 'look'],
    ['If it does, fix the cause. Then test again.', 'look'],
    ['To wait for the next rotation window instead, use this command.', 'look'],
  ] as const;
  const by = (accepts: string) => followed({ behaviour: 'healthy', accepts, steps: branches });
  expect(await by('AWSCURRENT')).toEqual(['AWSCURRENT logs in', 'done', 'done']);
  expect(await by('AWSPENDING')).toEqual(['done', 'AWSCURRENT no longer logs in', 'done']);
});
