import { AwsError } from '../call/aws-error.ts';

/** The error that EventBridge answers to a pattern it cannot read. */
export const invalidPattern = (reason: string): AwsError =>
  new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
