import * as z from 'zod';
import { formatInstant } from '../../calendar/instant.ts';
import type { Alert } from '../../monitor/domain/alert/alert.ts';
import { FINDING_CODES, SEVERITIES } from '../../monitor/domain/finding/finding.ts';

/** An open alert of a deployed monitor, in what commands print. */
export const alertSchema: z.ZodType = z.strictObject({
  id: z.string(),
  code: z.enum(FINDING_CODES),
  severity: z.enum(SEVERITIES),
  openedAt: z.iso.datetime(),
  acknowledgedUntil: z.iso.datetime().nullable(),
  statedBy: z.string().nullable(),
});

/** An open alert as {@link alertSchema} describes it. */
export const alertJson = ({
  fingerprint,
  code,
  severity,
  openedAt,
  ack,
}: Pick<Alert, 'fingerprint' | 'code' | 'severity' | 'openedAt' | 'ack'>): object => ({
  id: fingerprint,
  code,
  severity,
  openedAt: formatInstant(openedAt),
  acknowledgedUntil: ack === undefined ? null : formatInstant(ack.until),
  statedBy: ack?.by ?? null,
});
