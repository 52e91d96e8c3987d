import { CANARY_TAGS, failsOnce } from '../../domain/rotation/canary.ts';
import type { RotationStep } from '../../domain/rotation/rotation-event.ts';
import type { CanarySecret } from '../../ports/canary/canary-secret.ts';
import type { Service } from '../service.ts';
import { canaryOf, type WithCanary } from './canary-of.ts';

/** Parts of the service that rotate the canary. */
export type RotatingCanary = WithCanary & Pick<Service, 'clock'>;

/** One call of Secrets Manager to a rotation function. */
export interface CanaryStep {
  readonly step: RotationStep;
  readonly secretId: string;
  /** Id of the pending version; all attempts of a rotation have the same. */
  readonly versionId: string;
  readonly rotationToken: string | undefined;
}

/** The canary fails on purpose, so that there is a failure to report. */
export class CanaryFailure extends Error {
  override readonly name = 'CanaryFailure';

  constructor() {
    super('The canary fails on purpose; its next attempt succeeds');
  }
}

/**
 * One step of a rotation of the canary. A rotation that has to fail does so in testSecret, once; throws a
 * {@link CanaryFailure} then. Safe to repeat.
 */
export async function rotateCanary(
  service: RotatingCanary,
  { step, secretId, versionId, rotationToken }: CanaryStep,
): Promise<void> {
  const canary = canaryOf(service);
  if (secretId !== canary.arn) throw new Error(`Cannot rotate "${secretId}": it is not the canary`);
  switch (step) {
    case 'createSecret':
      return canary.fill({ versionId, rotationToken });
    case 'setSecret':
      return;
    case 'testSecret':
      return failsOnce(service.clock.now()) ? fail(canary, versionId) : undefined;
    case 'finishSecret':
      return finish(canary, versionId);
  }
}

/** The version that failed is remembered before, so that the next attempt succeeds whatever becomes of this one. */
async function fail(canary: CanarySecret, versionId: string): Promise<void> {
  const { tags } = await canary.look();
  if (tags[CANARY_TAGS.failedVersion] === versionId) return;
  await canary.tag(CANARY_TAGS.failedVersion, versionId);
  throw new CanaryFailure();
}

async function finish(canary: CanarySecret, versionId: string): Promise<void> {
  const { currentVersionId } = await canary.look();
  if (currentVersionId === versionId) return;
  await canary.makeCurrent({ versionId, insteadOf: currentVersionId });
}
