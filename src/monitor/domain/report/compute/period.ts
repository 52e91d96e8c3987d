import { type Instant, instant, parseInstant } from '../../../../calendar/instant.ts';
import type { AuditPeriod } from '../audit-report.ts';

/** Reads a year, quarter or month such as `2026`, `2026-Q1` or `2026-03`, in UTC; undefined for any other text. */
export function parsePeriod(text: string): AuditPeriod | undefined {
  const [, year, quarter, month] = /^(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?$/i.exec(text.trim()) ?? [];
  if (year === undefined) return undefined;
  const first = quarter === undefined ? Number(month ?? 1) - 1 : (Number(quarter) - 1) * 3;
  const months = quarter === undefined ? (month === undefined ? 12 : 1) : 3;
  return {
    from: instant(Date.UTC(Number(year), first, 1)),
    to: instant(Date.UTC(Number(year), first + months, 1)),
    label: text.trim().toUpperCase(),
  };
}

/** Reads a day such as `2026-01-01`, which begins at midnight UTC, or an instant with a zone; undefined for any other text. */
export const parseBound = (text: string): Instant | undefined =>
  parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? `${text.trim()}T00:00:00Z` : text.trim());

/** The stretch between two moments, the second left out; undefined when it is empty. */
export const periodBetween = (from: Instant, to: Instant): AuditPeriod | undefined =>
  from < to ? { from, to, label: undefined } : undefined;

/** The beginnings of the months that a period touches: the period itself, then each first of a month within it. */
export function monthsOf({ from, to }: AuditPeriod): readonly Instant[] {
  const beginnings = [from];
  const first = new Date(from);
  for (let ahead = 1; ; ahead++) {
    const next = instant(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + ahead, 1));
    if (next >= to) return beginnings;
    beginnings.push(next);
  }
}
