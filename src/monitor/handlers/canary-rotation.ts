import type { Handler, SecretsManagerRotationEvent } from 'aws-lambda';
import { type RotatingCanary, rotateCanary } from '../application/canary/rotate-canary.ts';
import { composeCanary } from '../compose/compose-canary.ts';
import { readConfig } from '../config/read-config.ts';

export { composeCanary } from '../compose/compose-canary.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html */
interface StepEvent extends SecretsManagerRotationEvent {
  readonly RotationToken?: string;
}

/** Rotates the canary, with failures on purpose. */
export const createCanaryRotation =
  (service: RotatingCanary): Handler<StepEvent, void> =>
  async ({ Step, SecretId, ClientRequestToken, RotationToken }) => {
    const version = { versionId: ClientRequestToken, rotationToken: RotationToken };
    await rotateCanary(service, { step: Step, secretId: SecretId, ...version });
  };

export const handler: Handler<StepEvent, void> = createCanaryRotation(composeCanary(readConfig(process.env)));
