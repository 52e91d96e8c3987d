import { expect, test } from 'vitest';
import type { Secret, SecretArn } from '../../src/monitor/domain/secret/secret.ts';
import { type StageMover, StageMoverError } from '../../src/monitor/ports/repair/stage-mover.ts';

/** A mover, and a secret whose version in use is not the pending one. */
export interface StageMoverUnderTest {
  readonly mover: StageMover;
  readonly secretArn: SecretArn;
  readonly current: string;
  readonly pending: string;
  readonly stages: () => Promise<Secret['versionStages']>;
}

/** Tests everything that moves labels. */
export function stageMoverContract(open: () => Promise<StageMoverUnderTest>): void {
  test('a move names from and to, and the version before becomes the previous one', async () => {
    const { mover, secretArn, current, pending, stages } = await open();
    await mover.move({ secretArn, label: 'AWSCURRENT', to: pending, from: current });
    const after = await stages();
    expect(after[pending]).toContain('AWSCURRENT');
    expect(after[current]).toEqual(['AWSPREVIOUS']);
  });

  test('a label is put on and taken off', async () => {
    const { mover, secretArn, pending, stages } = await open();
    await mover.move({ secretArn, label: 'rotation-rescue', to: pending, from: undefined });
    expect((await stages())[pending]).toContain('rotation-rescue');
    await mover.move({ secretArn, label: 'AWSPENDING', to: undefined, from: pending });
    expect((await stages())[pending]).toEqual(['rotation-rescue']);
  });

  test('a race that was lost is refused and changes nothing', async () => {
    const { mover, secretArn, current, pending, stages } = await open();
    const before = await stages();
    const late = mover.move({ secretArn, label: 'AWSCURRENT', to: pending, from: pending });
    await expect(late).rejects.toBeInstanceOf(StageMoverError);
    const blind = mover.move({ secretArn, label: 'AWSPENDING', to: current, from: undefined });
    await expect(blind).rejects.toMatchObject({ reason: 'invalid', retryable: false });
    expect(await stages()).toEqual(before);
  });
}
