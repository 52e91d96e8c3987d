import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { type RefuseInput, readInput } from '../call/input.ts';
import type { Input } from '../call/service.ts';

/** A number of results, at most `most`; so many when the caller names none. */
export const limit = (most: number): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(1).max(most).default(most);
type OptionalText = z.ZodOptional<z.ZodString>;

/** The two ways to name a group. */
export const group: { readonly logGroupName: OptionalText; readonly logGroupIdentifier: OptionalText } = {
  logGroupName: z.string().optional(),
  logGroupIdentifier: z.string().optional(),
};
/** Field of a request that asks for the next page. */
export const paged: { readonly nextToken: OptionalText } = { nextToken: z.string().optional() };

const invalid: RefuseInput = (member, reason) =>
  new AwsError(
    'InvalidParameterException',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${reason}`,
  );

/** The input of an operation; fails as CloudWatch Logs does where it is none. */
export const read = <T>(schema: z.ZodType<T>, input: Input): T => readInput(schema, input, invalid);

/** The group has no such stream. */
export const noStream = (): AwsError =>
  new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');

/** The name that a request gives: as such, or at the end of an ARN. */
export function groupNameOf({
  logGroupName,
  logGroupIdentifier,
}: {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}): string {
  const named = logGroupName ?? logGroupIdentifier;
  if (named === undefined || (logGroupName !== undefined && logGroupIdentifier !== undefined)) {
    throw new AwsError(
      'InvalidParameterException',
      'Exactly one of logGroupName and logGroupIdentifier has to be given.',
    );
  }
  return named.startsWith('arn:') ? (named.split(':')[6] ?? named) : named;
}

/** A page of results and the token of the next. */
export function pageOf(
  all: readonly object[],
  member: string,
  { nextToken, limit: most }: { readonly nextToken?: string | undefined; readonly limit: number },
): object {
  const start = nextToken === undefined ? 0 : Number(nextToken);
  if (!Number.isInteger(start) || start < 0 || nextToken === '') throw invalidToken();
  const end = start + most;
  return { [member]: all.slice(start, end), ...(end < all.length && { nextToken: String(end) }) };
}

/** The token is not one of ours. */
export const invalidToken = (): AwsError =>
  new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
