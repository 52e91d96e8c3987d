import * as z from 'zod';
import { TRANSITIONS } from '../../monitor/domain/alert/notification.ts';
import { SEVERITIES } from '../../monitor/domain/finding/finding.ts';
import { ROTATION_STEPS } from '../../monitor/domain/rotation/rotation-event.ts';
import { adviceSchema } from './finding-schema.ts';

const at = z.iso.datetime();
const counts = z.record(z.string(), z.number().int().min(1));

const taken = z.strictObject({
  at,
  event: z.strictObject({
    id: z.string(),
    kind: z.string(),
    secret: z.string().describe('As the event names it: an ARN, a partial ARN or a name.'),
    versionId: z.string().optional(),
    step: z.enum(ROTATION_STEPS).optional(),
    operation: z.string().optional().describe('The API call, of an event of the kind secret-changed.'),
    actor: z.string().nullable().optional(),
  }),
});

const said = z.strictObject({
  at,
  said: z.strictObject({
    transition: z.enum(TRANSITIONS),
    reason: z.string(),
    secretArn: z.string(),
    secretName: z.string(),
    code: z.string(),
    severity: z.enum(SEVERITIES),
    what: z.string(),
    why: z.array(z.string()),
    credentialInUse: z.string(),
    blastRadius: z.string(),
    advice: z.array(adviceSchema),
    endedBy: z.string().nullable().describe('What ended the alert, where it is resolved.'),
  }),
});

/**
 * Output of `rotation-monitor replay --json`, version 1: each event that the monitor understands, and each message that
 * it would have sent, in the order of their times.
 */
export const replaySchema: z.ZodType = z.strictObject({
  schemaVersion: z.literal(1),
  events: z.number().int().min(0).describe('How many events the file holds.'),
  ignored: counts.describe('Events that do not bear on a rotation, counted by the reason.'),
  unrecognised: counts.describe('Events that are not understood, counted by the reason.'),
  steps: z.array(z.union([taken, said])),
});
