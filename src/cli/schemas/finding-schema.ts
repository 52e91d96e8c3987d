import * as z from 'zod';

/** One step of advice, with complete commands that can be pasted; for the outputs of several commands. */
export const adviceSchema: z.ZodType = z.strictObject({ text: z.string(), commands: z.array(z.string()) });
