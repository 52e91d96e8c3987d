import { expect, test } from 'vitest';
import type { SecretArn } from '../../src/monitor/domain/secret/secret.ts';
import { type StepRunner, StepRunnerError } from '../../src/monitor/ports/repair/step-runner.ts';

/** A runner with a function that finishes what it is given, and one that fails at testSecret. */
export interface StepRunnerUnderTest {
  readonly runner: StepRunner;
  readonly secretArn: SecretArn;
  readonly versionId: string;
  readonly working: string;
  readonly failing: string;
  readonly absent: string;
}

/** Tests everything that runs steps. */
export function stepRunnerContract(open: () => Promise<StepRunnerUnderTest>): void {
  test('a function has a code, and one that is not there has none', async () => {
    const { runner, working, absent } = await open();
    expect(await runner.code(working)).toMatchObject({ isUpdating: false, isWeighted: false });
    expect(await runner.code(absent)).toBeUndefined();
  });

  test('a step succeeds, or fails with the name of its error and nothing else', async () => {
    const { runner, working, failing, ...about } = await open();
    const { secretArn, versionId } = about;
    const run = (functionArn: string) =>
      runner.run({ functionArn, step: 'testSecret', secretArn, versionId });
    expect(await run(working)).toEqual({ kind: 'succeeded' });
    expect(await run(failing)).toEqual({ kind: 'failed', errorType: expect.stringMatching(/^[\w.$]+$/) });
  });

  test('a function that is not there cannot be run', async () => {
    const { runner, absent: functionArn, secretArn, versionId } = await open();
    const run = runner.run({ functionArn, step: 'testSecret', secretArn, versionId });
    await expect(run).rejects.toBeInstanceOf(StepRunnerError);
  });
}
