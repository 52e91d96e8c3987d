import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** The CloudFormation template of a stack, in JSON. */
export const templateOf = (stack: Stack): unknown => Template.fromStack(stack).toJSON();
