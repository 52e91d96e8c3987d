import { AwsError } from '../../call/aws-error.ts';

/** CloudWatch's way to refuse a formula. */
export const invalidFormula = (formula: string, reason: string): AwsError =>
  new AwsError('ValidationError', `Error in expression '${formula}': ${reason}.`);
