import * as z from 'zod';

/** Output of `rotation-monitor doctor --json`, version 1: all that was looked at, in the order of the checks. */
export const doctorSchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  deployment: z
    .string()
    .describe(
      'What the names of its functions begin with; of a member, the name of the bus that it sends to.',
    ),
  account: z.string().regex(/^\d{12}$/),
  region: z.string(),
  diagnoses: z.array(
    z.strictObject({
      check: z.string().describe('A check of docs/doctor.md.'),
      subject: z.string().describe('What was looked at: an ARN, a name or a word.'),
      health: z
        .enum(['ok', 'warn', 'fail', 'unknown'])
        .describe('What could not be read is unknown, never ok.'),
      what: z.string(),
      remedy: z.string().nullable().describe('Null where all is well.'),
    }),
  ),
});
