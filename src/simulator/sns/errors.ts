import { AwsError } from '../call/aws-error.ts';
import type { RefuseInput } from '../call/input.ts';

/** SNS's way to refuse a value. */
export const invalidParameter = (what: string): AwsError =>
  new AwsError('InvalidParameter', `Invalid parameter: ${what}`);

/** SNS's way to refuse input of the wrong form. */
export const refuseInput: RefuseInput = (member, reason) => invalidParameter(`${member} Reason: ${reason}`);

/** SNS's way to say that something is not there. */
export const notFound = (what: string): AwsError => new AwsError('NotFound', `${what} does not exist`, 404);
