import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ConfigFile } from './config-file/config-file.ts';
import { monitorProps } from './config-file/stack-props.ts';
import { RotationMonitor } from './rotation-monitor.ts';

/** Properties of a {@link RotationMonitorStack}. */
export interface RotationMonitorStackProps extends StackProps {
  readonly config: ConfigFile;
  /**
   * Folder with the bundles of the handlers.
   *
   * @default - the bundles of this package
   */
  readonly handlerFolder?: string;
}

/** A monitor for the account and region of the stack, and the names that an operator needs. */
export class RotationMonitorStack extends Stack {
  /** Name of the event bus that members send to; undefined where there are none. */
  readonly memberBusName: string | undefined;

  constructor(scope: Construct, id: string, props: RotationMonitorStackProps) {
    const { config, handlerFolder, ...stackProps } = props;
    super(scope, id, { description: 'Reports when a secret did not rotate', ...stackProps });
    const monitor = new RotationMonitor(this, 'Monitor', {
      ...monitorProps(this, config),
      ...(handlerFolder === undefined ? {} : { handlerFolder }),
    });
    this.memberBusName = monitor.memberBus?.eventBusName;
    describeForOperators(this, monitor);
  }
}

/** Gives a stack with nothing but a monitor the outputs that an operator needs. */
export function describeForOperators(stack: Stack, monitor: RotationMonitor): void {
  // The CDK lets every function wait for its role, though the reference to it does so already.
  stack.addMetadata('cfn-lint', { config: { ignore_checks: ['W3005'] } });
  const outputs = {
    AlertTopicArn: monitor.alertTopic.topicArn,
    HealthTopicArn: monitor.healthTopic.topicArn,
    SweepFunctionName: monitor.function('sweep').functionName,
    CheckSecretFunctionName: monitor.function('check-secret').functionName,
    AcknowledgeFunctionName: monitor.function('acknowledge').functionName,
  };
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, name, { value });
}
