import { AwsError } from '../call/aws-error.ts';

/** The error for what Scheduler cannot accept. */
export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/** The error for a schedule or a group that is not there. */
export const missing = (what: string): AwsError =>
  new AwsError('ResourceNotFoundException', `${what} does not exist.`, 404);

/** The error for a name that is taken. */
export const taken = (what: string): AwsError =>
  new AwsError('ConflictException', `${what} already exists.`, 409);
