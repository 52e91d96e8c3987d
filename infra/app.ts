import { existsSync } from 'node:fs';
import { App, type Environment } from 'aws-cdk-lib';
import { readConfigFile } from './config-file/read-config-file.ts';
import { memberStackProps } from './config-file/stack-props.ts';
import { RotationMonitorMemberStack } from './rotation-monitor-member-stack.ts';
import { RotationMonitorStack } from './rotation-monitor-stack.ts';

const CONFIG = 'rotation-monitor.config.json';
const EXAMPLE = 'rotation-monitor.config.example.json';

/** Only what is not deployed may be made from the example. */
const path = process.argv.includes('--or-example') && !existsSync(CONFIG) ? EXAMPLE : CONFIG;
if (!existsSync(path)) {
  throw new Error(`Cannot find ${path}: copy ${EXAMPLE} to it and name who gets the alerts`);
}
const config = readConfigFile(path);
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
