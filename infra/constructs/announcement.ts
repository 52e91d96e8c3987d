import { Stack } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import {
  type Announcement as Announced,
  announcementName,
  FOR_OPERATORS,
} from '../../src/monitor/config/announcement.ts';
import type { MonitoredFunction } from './monitored-function.ts';

/** Announces a deployment to people: an SSM parameter, named after the stack, with the functions that they invoke. It is free. https://aws.amazon.com/systems-manager/pricing/ */
export class Announcement extends Construct {
  constructor(scope: Construct, id: string, functions: ReadonlyMap<string, MonitoredFunction>) {
    super(scope, id);
    const arns = FOR_OPERATORS.map((handler) => [handler, functions.get(handler)?.function.functionArn]);
    const announced: Announced = { schemaVersion: 1, functions: Object.fromEntries(arns) };
    const stack = Stack.of(this);
    new CfnParameter(this, 'Parameter', {
      name: announcementName(stack.stackName),
      type: 'String',
      description: 'Where the command rotation-monitor finds the functions that people invoke',
      value: stack.toJsonString(announced),
    });
  }
}
