import { AwsError } from '../call/aws-error.ts';

/** The error for a bucket that is not there. */
export const missingBucket = (name: string): AwsError =>
  new AwsError('NoSuchBucket', `The specified bucket does not exist: ${name}`, 404);

/** The error for an object that is not there. */
export const missingKey = (): AwsError => new AwsError('NoSuchKey', 'The specified key does not exist.', 404);

/** The error for a version that is not there. */
export const missingVersion = (): AwsError =>
  new AwsError('NoSuchVersion', 'The specified version does not exist.', 404);

/** The error for the name of a bucket that is taken. */
export const conflict = (name: string): AwsError =>
  new AwsError('BucketAlreadyOwnedByYou', `The bucket ${name} exists.`, 409);

/** The error for input that S3 cannot accept. */
export const invalid = (message: string): AwsError => new AwsError('InvalidRequest', message);
