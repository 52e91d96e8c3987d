import type * as z from 'zod';
import { AwsError } from './aws-error.ts';
import type { Input } from './service.ts';

/** Makes the error that a service answers to input it cannot accept. */
export type RefuseInput = (member: string, reason: string) => AwsError;

/** The error that most JSON services answer; `member` is the path within the input. */
const validationException: RefuseInput = (member, reason) =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${reason}`,
  );

/** The input as `schema` describes it; fails with the error that `refuse` makes of the first fault. */
export function readInput<T>(
  schema: z.ZodType<T>,
  input: Input,
  refuse: RefuseInput = validationException,
): T {
  const outcome = schema.safeParse(input);
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  throw refuse(issue?.path.join('.') ?? '', issue?.message ?? 'invalid');
}
