import { expect, test } from 'vitest';
import { CANARY_TAGS } from '../../src/monitor/domain/rotation/canary.ts';
import type { CanarySecret } from '../../src/monitor/ports/canary/canary-secret.ts';
import { CURRENT, PENDING } from '../support/builders.ts';

/** A canary whose version `CURRENT` is AWSCURRENT, and a way to compare its values. */
export interface CanaryUnderTest {
  readonly canary: CanarySecret;
  readonly writtenTo: (versionId: string) => Promise<string | undefined>;
}

const pending = { versionId: PENDING, rotationToken: undefined };

/** Tests what every canary has to do. */
export function canarySecretContract(open: () => Promise<CanaryUnderTest>): void {
  test('a pending version gets a value of its own and leaves AWSCURRENT where it is', async () => {
    const { canary, writtenTo } = await open();
    await canary.fill(pending);
    expect(await writtenTo(PENDING)).toEqual(expect.any(String));
    expect(await writtenTo(PENDING)).not.toBe(await writtenTo(CURRENT));
    expect((await canary.look()).currentVersionId).toBe(CURRENT);
  });

  test('a version that is filled again keeps its value', async () => {
    const { canary, writtenTo } = await open();
    await canary.fill(pending);
    const value = await writtenTo(PENDING);
    await canary.fill(pending);
    expect(await writtenTo(PENDING)).toBe(value);
  });

  test('AWSCURRENT moves to the version that is named', async () => {
    const { canary } = await open();
    await canary.fill(pending);
    await canary.makeCurrent({ versionId: PENDING, insteadOf: CURRENT });
    expect((await canary.look()).currentVersionId).toBe(PENDING);
  });

  test('a tag is seen, and the last text of it counts', async () => {
    const { canary } = await open();
    await canary.tag(CANARY_TAGS.failedVersion, CURRENT);
    await canary.tag(CANARY_TAGS.tickedAt, '2026-11-21T10:00:00Z');
    await canary.tag(CANARY_TAGS.failedVersion, PENDING);
    expect((await canary.look()).tags).toEqual({
      [CANARY_TAGS.failedVersion]: PENDING,
      [CANARY_TAGS.tickedAt]: '2026-11-21T10:00:00Z',
    });
  });
}
