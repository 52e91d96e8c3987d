import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { MINUTE, SECOND } from '../../../calendar/instant.ts';
import { lambdaStepRunner } from '../../adapters/lambda/lambda-step-runner.ts';
import { secretsManagerStageMover } from '../../adapters/secrets-manager/secrets-manager-stage-mover.ts';
import type { ApplyingRepair } from '../../application/operate/apply-repair.ts';
import type { ProposingRepair } from '../../application/operate/propose-repair.ts';
import type { Environment } from '../../config/read-config.ts';
import type { CommandClocks } from './command-clocks.ts';
import type { Connected, ConnectedSdk } from './compose-connection.ts';
import { composeViewing } from './compose-viewing.ts';

/** The service with which a command repairs one secret. */
export type Repairing = ProposingRepair & Pick<ApplyingRepair, 'stages'>;

/** Once, and for longer than a function may run: a lost answer must not become a second invocation. */
const ONE_INVOCATION = {
  maxAttempts: 1,
  requestHandler: {
    connectionTimeout: 3 * SECOND,
    requestTimeout: 16 * MINUTE,
    throwOnRequestTimeout: true,
  },
} as const satisfies ConnectedSdk;

/** Joins what looks with what changes; throws a ConfigError when a setting is wrong. */
export const composeRepairing = (
  connected: Connected,
  environment: Environment,
  clocks: CommandClocks,
): Repairing => ({
  ...composeViewing(connected, environment, clocks),
  steps: lambdaStepRunner(new LambdaClient({ ...connected.sdk, ...ONE_INVOCATION })),
  // A move that was made is refused when it is tried again, as if somebody else had made it.
  stages: secretsManagerStageMover(new SecretsManagerClient({ ...connected.sdk, maxAttempts: 1 })),
});
