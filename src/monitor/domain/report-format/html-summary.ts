import { formatInstant } from '../../../calendar/instant.ts';
import { escapeHtml } from '../escape-html.ts';
import type { AuditSummary, Provenance, Uncovered } from '../report/audit-report.ts';
import { CONTROL_IDS, CONTROLS, type ControlId, SUPPORTED_STANDARDS } from '../report/control.ts';
import type { ControlStatus } from '../report/control-verdict.ts';
import { count, dayOf, minuteOf, table } from './html-parts.ts';

/** Words of verdicts in the order of the bars. */
const STATUSES: readonly ControlStatus[] = ['ok', 'alarm', 'error', 'info', 'skip'];

/** The sums of a report, large. */
export function tilesHtml({ totals, coverage }: AuditSummary): string {
  const tile = (label: string, value: number | undefined) =>
    `<div class="tile"><b>${value === undefined ? '–' : count(value)}</b><span>${label}${value === undefined ? ': unknown' : ''}</span></div>`;
  return `<div class="tiles">${[
    tile('secrets', totals.secrets),
    tile('checked', coverage.checked),
    tile('unverifiable', coverage.unverifiableCount),
    tile('rotation windows due', totals.windowsDue),
    tile('rotations completed', totals.rotationsCompleted),
    tile('windows missed', totals.windowsMissed),
    tile('failures', totals.failures),
    tile('with an inferred figure', totals.inferred),
    tile('with an unknown figure', totals.unknown),
  ].join('')}</div>`;
}

/** The verdicts of each control in numbers, as a bar, and with the limits of what it says. */
export function controlsHtml({ controls, securityHub }: AuditSummary): string {
  const asked = Object.keys(securityHub).length > 0;
  const rows = CONTROL_IDS.map((id) => [
    `<b>${id}</b><br>${escapeHtml(CONTROLS[id].title)}<br><span class="soft">${escapeHtml(`${CONTROLS[id].judged} ${CONTROLS[id].limit}`)}</span>`,
    bar(id, controls[id]),
    ...STATUSES.map((status) => controls[id][status]),
    ...(asked ? [hubCounts(securityHub[id])] : []),
  ]);
  const heads = [
    'Control',
    'Share',
    ...STATUSES.map((status) => `<span class="${status}">${status}</span>`),
    ...(asked ? ["Security Hub's own"] : []),
  ];
  const supports = `Evidence of rotation supports ${SUPPORTED_STANDARDS.join(', ')}; it decides none of them.`;
  return `${table('Verdicts about single secrets', heads, rows)}<p class="soft">${escapeHtml(supports)}</p>`;
}

/** Such as `12 PASSED` and `3 FAILED`, a line each. */
const hubCounts = (results: Readonly<Record<string, number>> = {}): string =>
  Object.entries(results)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([result, secrets]) => `<span class="keep">${count(secrets)} ${escapeHtml(result)}</span>`)
    .join('<br>');

function bar(id: ControlId, counts: Readonly<Record<ControlStatus, number>>): string {
  const all = STATUSES.reduce((sum, status) => sum + counts[status], 0);
  let x = 0;
  const parts = STATUSES.map((status) => {
    const width = all === 0 ? 0 : (160 * counts[status]) / all;
    const part = `<rect class="${status}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="12"/>`;
    x += width;
    return width === 0 ? '' : part;
  });
  return `<svg class="bar" viewBox="0 0 160 12" role="img" aria-label="Shares of ${id}; the columns beside have the numbers">${parts.join('')}</svg>`;
}

/** Secrets at the beginning, what came and went, and secrets at the end. */
export function populationHtml({ population }: AuditSummary): string {
  const rows = population.map(({ account, region, opening, difference, ...row }) => [
    escapeHtml(`${account} ${region}`),
    opening ?? 'unknown',
    row.created,
    row.restored,
    row.deleted,
    row.closing ?? 'unknown',
    difference === 0
      ? 'adds up'
      : difference === undefined
        ? 'opening or closing unknown'
        : `off by ${difference}`,
  ]);
  const heads = ['Account and region', 'Opening', 'Created', 'Restored', 'Deleted', 'Closing', 'Check'];
  return table('Opening + created + restored − deleted = closing', heads, rows);
}

/** Returns the part about the checked and unchecked secrets, with the reasons. */
export function coverageHtml({ coverage, notVerifiable }: AuditSummary): string {
  const list = (title: string, places: readonly Uncovered[], all = places.length) =>
    table(`${title} (${count(all)})`, ['What', 'Because'], places.slice(0, MOST_LISTED).map(uncoveredRow));
  return [
    `<p>${count(coverage.checked)} checked, ${count(coverage.excluded)} excluded${coverage.excluded === 0 ? '' : ': replicas are audited where their primary is'}.</p>`,
    list('Unverifiable', coverage.unverifiable, coverage.unverifiableCount),
    list('Not swept', coverage.notSwept),
    list('Unwatched primaries', coverage.unwatchedPrimaries),
    list('Not verifiable', notVerifiable),
  ].join('');
}

/** Rows of a list of what was not covered; all are in the JSON. */
const MOST_LISTED = 200;

const uncoveredRow = ({ what, because }: Uncovered): readonly string[] => [
  escapeHtml(what),
  escapeHtml(because),
];

/** Exceptions that end soon. */
export function expiringHtml({ expiringExceptions }: AuditSummary): string {
  if (expiringExceptions.length === 0) return '<p>No exception ends within 30 days after the period.</p>';
  const rows = expiringExceptions.map(({ until, control, secretArn, reason, approvedBy, ticket }) => [
    ...[dayOf(until), control].map((text) => `<span class="keep">${text}</span>`),
    `<code>${escapeHtml(secretArn)}</code>`,
    ...[reason, approvedBy, ticket ?? ''].map(escapeHtml),
  ]);
  return table(
    'Exceptions that end within 30 days after the period',
    ['Ends', 'Control', 'Secret', 'Reason', 'Approved by', 'Ticket'],
    rows,
  );
}

/** The limits of the number of calls. */
const UNCOUNTED =
  'Not counted: further tries of a call, and calls to STS, to the memory of the monitor and to the store of the report.';

/** Returns the part about the report's inputs. */
export function provenanceHtml(provenance: Provenance, { calls }: AuditSummary): string {
  const { period, sample, historySince } = provenance;
  const facts: readonly (readonly [string, string])[] = [
    ['Period', `${formatInstant(period.from)} to ${formatInstant(period.to)}, the end not included`],
    ['Read at', formatInstant(provenance.readAt)],
    ['Read by', provenance.identity],
    ['Version', provenance.version],
    [
      'History known since',
      historySince === undefined ? 'not known: no deployed monitor' : minuteOf(historySince),
    ],
    ['SHA-256 of the exceptions', provenance.exceptionsHash],
    ...(sample ? [['Sample', `${count(sample.size)} secrets, seed ${sample.seed}`] as const] : []),
    ...Object.entries(provenance.parameters),
  ];
  const rows = facts.map(([name, value]) => [escapeHtml(name), escapeHtml(value)]);
  const made = Object.entries(calls).map(([operation, number]) => [escapeHtml(operation), number]);
  return `${table('Provenance', ['Fact', 'Value'], rows)}${table('Calls to Secrets Manager and Security Hub for this report', ['Operation', 'Calls'], made)}<p class="soft">${UNCOUNTED}</p>`;
}
