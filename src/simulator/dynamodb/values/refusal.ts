import { AwsError } from '../../call/aws-error.ts';

/** The error that DynamoDB answers to nearly all input it cannot accept. */
export const refusal = (message: string): AwsError => new AwsError('ValidationException', message);

/** The same where a parameter has a value that its place does not allow. */
export const wrongValue = (message: string): AwsError =>
  refusal(`One or more parameter values were invalid: ${message}`);
