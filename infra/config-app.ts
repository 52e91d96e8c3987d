import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Environment } from 'aws-cdk-lib';
import { readConfigFile } from './config-file/read-config-file.ts';
import { memberStackProps } from './config-file/stack-props.ts';
import { DeploymentError } from './props/deployment-error.ts';
import { RotationMonitorMemberStack } from './rotation-monitor-member-stack.ts';
import { RotationMonitorStack } from './rotation-monitor-stack.ts';

/** The file that says what is deployed, and the one to begin with. */
const CONFIG = 'rotation-monitor.config.json';
const EXAMPLE = 'rotation-monitor.config.example.json';

/** The place of the file, and whether another one stands in for it. */
export interface ConfigAppOptions {
  readonly folder: string;
  /** Whether the example is taken where there is no other file: only for what is not deployed. */
  readonly orExample: boolean;
}

/** Makes the app of the configuration file; throws a {@link DeploymentError} where the file is missing or cannot be used. */
export function configApp({ folder, orExample }: ConfigAppOptions): App {
  const path = join(folder, CONFIG);
  const example = join(folder, EXAMPLE);
  if (!existsSync(path) && !orExample)
    throw new DeploymentError(`Cannot find ${CONFIG}: copy ${EXAMPLE} to it, and name who gets the alerts.`);
  const config = readConfigFile(existsSync(path) ? path : example);
  const account = config.settings['account-id'] ?? process.env['CDK_DEFAULT_ACCOUNT'];
  const region = config.settings['region'] ?? process.env['CDK_DEFAULT_REGION'];
  const env: Environment = {
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  };
  const app = new App();
  const { memberBusName, stackName } = new RotationMonitorStack(app, 'rotation-monitor', { config, env });
  if (memberBusName !== undefined) {
    const monitor = { account, region, stackName, memberBusName };
    new RotationMonitorMemberStack(app, 'rotation-monitor-member', memberStackProps(config, monitor));
  }
  return app;
}

/** Does something, and has the process end with 1 where it cannot be deployed: the message says why, a stack would not. */
export function orRefuse(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    process.stderr.write(`Error: ${error.message}\n`);
    process.exitCode = 1;
  }
}
