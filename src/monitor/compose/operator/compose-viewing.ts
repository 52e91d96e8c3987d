import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { cloudwatchFunctionLog } from '../../adapters/cloudwatch-logs/cloudwatch-function-log.ts';
import { parseRotationEvent } from '../../adapters/eventbridge/parse-rotation-event.ts';
import { secretsManagerCatalog } from '../../adapters/secrets-manager/secrets-manager-catalog.ts';
import type { Viewing } from '../../application/operate/view-secret.ts';
import { type Environment, readConfig } from '../../config/read-config.ts';
import type { FunctionLog } from '../../ports/look/function-log.ts';
import { settingsOf } from '../joints/settings-of.ts';
import { standIn } from '../joints/stand-in.ts';
import { examination } from '../parts/examination.ts';
import type { CommandClocks } from './command-clocks.ts';
import type { Connected } from './compose-connection.ts';

/** Nothing of what a command shows depends on it: every secret says its own account. */
const ANY_ACCOUNT = '123456789012';

/** Composes the service with which a command looks at one secret; throws a ConfigError when a setting is wrong. */
export function composeViewing(
  { sdk, region }: Connected,
  environment: Environment,
  { clock, wallClock }: CommandClocks,
): Viewing {
  const config = readConfig({ ...environment, ...standIn({ account: ANY_ACCOUNT, region }) });
  return {
    clock,
    catalog: secretsManagerCatalog(new SecretsManagerClient(sdk)),
    parseEvent: parseRotationEvent,
    log: () => undefined,
    settings: settingsOf(config),
    ...examination(config, sdk, wallClock),
  };
}

/** The logs of rotation functions, with the operator's own rights. */
export const composeFunctionLog = ({ sdk }: Pick<Connected, 'sdk'>): FunctionLog =>
  cloudwatchFunctionLog(new CloudWatchLogsClient(sdk));
