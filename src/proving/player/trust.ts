import * as z from 'zod';

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const trust = z.looseObject({
  Statement: z.array(
    z.looseObject({
      Principal: z.record(z.string(), texts),
      Condition: z.record(z.string(), z.record(z.string(), texts)).default({}),
    }),
  ),
});

/** The trust policy of a role. */
export interface Trust {
  readonly Statement: readonly {
    readonly Principal: Readonly<Record<string, readonly string[]>>;
    readonly Condition: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  }[];
}

/** The trust policy of a role of a template whose references are worked out; it keeps what is not read here. */
export const trustOf = ({ AssumeRolePolicyDocument }: Readonly<Record<string, unknown>>): Trust =>
  trust.parse(AssumeRolePolicyDocument);
