import type { Instant } from '../../../calendar/instant.ts';
import { plural } from '../../../calendar/plural.ts';
import { escapeHtml } from '../escape-html.ts';
import type { AuditPeriod } from '../report/audit-report.ts';
import type { SecretAudit } from '../report/secret-audit.ts';

const WIDTH = 1040;
const LEFT = 10;
const MIDDLE = 22;
/** Distance of two marks that can be told apart. */
const STEP = 5;

/**
 * The period of one secret on a line: bars are completed rotations, crosses failures, diamonds other changes. Marks
 * that fall on the same place are drawn once, so that its size is bounded.
 */
export function timelineSvg(secret: SecretAudit, period: AuditPeriod): string {
  const completed = secret.rotations.flatMap(({ outcome, endedAt }) =>
    outcome === 'succeeded' && endedAt !== undefined ? [endedAt] : [],
  );
  const failed = secret.rotations.flatMap(({ failures }) => failures.map(({ at }) => at));
  const changed = secret.changes.map(({ at }) => at);
  const said = [
    plural(completed.length, 'completed rotation'),
    plural(failed.length, 'failure'),
    plural(changed.length, 'other change'),
  ].join(', ');
  const marks = [
    ...placesOf(completed, period).map(
      (x) => `<rect class="ok" x="${x - 2}" y="${MIDDLE - 12}" width="4" height="24"/>`,
    ),
    ...placesOf(failed, period).map((x) => `<path class="cross" d="M${x - 4} ${MIDDLE + 6}l8 8m0-8l-8 8"/>`),
    ...placesOf(changed, period).map((x) => `<path class="info" d="M${x} ${MIDDLE - 18}l5 5l-5 5l-5-5z"/>`),
  ];
  const label = escapeHtml(`Timeline of ${secret.secretName}: ${said}`);
  return `<svg viewBox="0 0 ${WIDTH} 54" role="img" aria-label="${label}"><line class="axis" x1="${LEFT}" x2="${WIDTH - LEFT}" y1="${MIDDLE}" y2="${MIDDLE}"/>${monthMarks(period)}${marks.join('')}</svg>`;
}

/** Places on the line in steps that keep marks apart, each once; moments outside the period are not drawn. */
function placesOf(moments: readonly Instant[], period: AuditPeriod): readonly number[] {
  const within = moments.filter((at) => at >= period.from && at < period.to);
  return [...new Set(within.map((at) => STEP * Math.round(placeOf(at, period) / STEP)))].sort(
    (a, b) => a - b,
  );
}

const placeOf = (at: number, { from, to }: AuditPeriod): number =>
  LEFT + ((WIDTH - 2 * LEFT) * (at - from)) / Math.max(1, to - from);

/** Most months that have a mark each; a longer period has none. */
const MOST_MONTHS = 24;

/** A short stroke at the beginning of each month, with its name below. */
function monthMarks(period: AuditPeriod): string {
  const marks: string[] = [];
  const first = new Date(period.from);
  for (let month = 0; month <= MOST_MONTHS; month++) {
    const at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1);
    if (at >= period.to) return marks.join('');
    if (at < period.from) continue;
    const x = placeOf(at, period).toFixed(1);
    const name = new Date(at).toISOString().slice(0, 7);
    marks.push(
      `<line class="axis" x1="${x}" x2="${x}" y1="${MIDDLE - 6}" y2="${MIDDLE + 18}"/><text x="${x}" y="52">${name}</text>`,
    );
  }
  return '';
}
