import { formatDuration, type Instant } from '../../../calendar/instant.ts';
import { plural } from '../../../calendar/plural.ts';
import { escapeHtml } from '../escape-html.ts';
import type { AuditPeriod } from '../report/audit-report.ts';
import type { ChangeEntry } from '../report/change-entry.ts';
import type { ControlId } from '../report/control.ts';
import type { ControlVerdict } from '../report/control-verdict.ts';
import type { AuditedRotation, SecretAudit } from '../report/secret-audit.ts';
import { count, dayOf, figuresHtml, minuteOf, named, statusWord } from './html-parts.ts';

/** Changes of one secret that are listed; all are in the JSON. */
const MOST_CHANGES = 12;

/** One secret of an HTML report: timeline, figures, verdicts, changes; of a sampled one each rotation, too. */
export const secretHtml = (secret: SecretAudit, period: AuditPeriod, isSampled = false): string => `<article>
<div class="head"><h3>${escapeHtml(secret.secretName)}</h3>
<p class="soft"><code>${escapeHtml(secret.secretArn)}</code><br>${escapeHtml(placeOf(secret))}</p>
<figure>${timelineSvg(secret, period)}</figure></div>
${figures(secret)}
${verdicts(secret.controls)}${notes(secret)}${isSampled ? timeline(secret) : changes(secret.changes)}</article>
`;

function placeOf({ account, region, owner, schedule, rotationEnabled, coverageReason }: SecretAudit): string {
  const rotation = rotationEnabled ? `rotates by ${schedule ?? 'an unknown schedule'}` : 'rotation is off';
  const parts = [`account ${account}`, region, `owner ${owner ?? 'unknown'}`, rotation, coverageReason];
  return parts.filter((part) => part !== undefined).join(' · ');
}

const figures = (secret: SecretAudit): string =>
  figuresHtml([
    named('Windows due', secret.windowsDue, count),
    named('Rotations completed', secret.rotationsCompleted, count),
    named('Windows missed', secret.windowsMissed, count),
    named('Failures', secret.failures, count),
    named('Longest repair', secret.longestRepairMs, formatDuration),
    named('Longest exposure', secret.longestExposureMs, formatDuration),
    named('Age of the version in use', secret.currentAgeMs, formatDuration),
    named('Last requested', secret.lastAccessedAt, dayOf),
    named('Last tested', secret.lastTestedAt, minuteOf),
    named('Windows in business hours', secret.windowsInBusinessHours, count),
    named('Slower than policy', secret.slowerThanPolicy, (slower) => (slower ? 'yes' : 'no')),
  ]);

/** Verdicts that need a reader stand one by one with their evidence, those that are ok in one line. */
function verdicts(controls: readonly ControlVerdict[]): string {
  const others = controls.filter(({ status }) => status !== 'ok');
  const fine = new Map<string, ControlId[]>();
  for (const { control, securityHub } of controls.filter(({ status }) => status === 'ok')) {
    const line = hubLine(securityHub);
    fine.set(line, [...(fine.get(line) ?? []), control]);
  }
  const items = others.map(verdictItem);
  for (const [line, ids] of fine)
    items.push(`<li>${statusWord('ok')} ${ids.join(', ')}${softLine(line, ' ')}</li>`);
  items.push(...unknownResults(controls).map((line) => `<li>${softLine(line, '')}</li>`));
  return items.length === 0 ? '' : `<ul class="verdicts">${items.join('')}</ul>`;
}

/** Security Hub's own results that are unknown for the same reason, a line for each reason. */
function unknownResults(controls: readonly ControlVerdict[]): readonly string[] {
  const byReason = new Map<string, ControlId[]>();
  for (const { control, securityHub } of controls) {
    if (securityHub === undefined || securityHub.value !== undefined) continue;
    const { because = '' } = securityHub;
    byReason.set(because, [...(byReason.get(because) ?? []), control]);
  }
  return [...byReason].map(
    ([because, ids]) =>
      `Security Hub's own ${ids.length === 1 ? 'result' : 'results'} of ${ids.join(', ')} ${ids.length === 1 ? 'is' : 'are'} unknown: ${because}`,
  );
}

function verdictItem({ control, status, reason, evidence, exception, securityHub }: ControlVerdict): string {
  const more = [
    ...evidence,
    ...(exception
      ? [
          `Exception until ${dayOf(exception.until)}, approved by ${exception.approvedBy}: ${exception.reason}`,
        ]
      : []),
    hubLine(securityHub),
  ];
  const lines = more.map((line) => softLine(line)).join('');
  return `<li>${statusWord(status)} <b>${control}</b> ${escapeHtml(reason)}${lines}</li>`;
}

/** Security Hub's own result; empty where nobody asked, and where it is unknown. */
const hubLine = (securityHub: ControlVerdict['securityHub']): string =>
  securityHub?.value === undefined ? '' : `Security Hub's own result: ${securityHub.value}`;

const softLine = (line: string, before = '<br>'): string =>
  line === '' ? '' : `${before}<span class="soft">${escapeHtml(line)}</span>`;

function notes({ silence, findings, deletedAt }: SecretAudit): string {
  const lines = [
    ...(deletedAt === undefined ? [] : [`Deleted on ${dayOf(deletedAt)}.`]),
    ...(silence === undefined ? [] : [`Silenced until ${minuteOf(silence.until)} UTC: ${silence.reason}`]),
    ...findings.map(({ code, what }) => `When it was read, ${code}: ${what}`),
  ];
  return lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;
}

/** All that is known of a secret in the period, in the order of time. */
function timeline({ rotations, changes: all }: SecretAudit): string {
  const events = [
    ...rotations.flatMap(rotationEvents),
    ...all.map((change) => ({ at: change.at, text: changeText(change) })),
  ].sort((a, b) => a.at - b.at);
  const items = events.map(({ text }) => `<li>${escapeHtml(text)}</li>`);
  return items.length === 0
    ? '<p class="soft">Nothing is known to have happened in the period.</p>'
    : `<p class="soft">Timeline</p><ul>${items.join('')}</ul>`;
}

interface TimelineEvent {
  readonly at: Instant;
  readonly text: string;
}

function rotationEvents(rotation: AuditedRotation): readonly TimelineEvent[] {
  const { startedAt, endedAt, outcome, failures, basis, versionId } = rotation;
  const of = versionId === undefined ? '' : ` of version ${versionId}`;
  const event = (at: Instant | undefined, text: string): readonly TimelineEvent[] =>
    at === undefined ? [] : [{ at, text: `${minuteOf(at)} UTC ${text}` }];
  const end = outcome === 'succeeded' ? 'completed' : outcome === 'abandoned' ? 'given up' : 'under way';
  return [
    ...event(startedAt, `rotation${of} began`),
    ...failures.flatMap(({ at, step }) =>
      event(at, `rotation${of} failed${step === undefined ? '' : ` at ${step}`}`),
    ),
    ...event(endedAt, `rotation${of} ${end}${basis === 'inferred' ? ', inferred' : ''}`),
  ];
}

function changes(all: readonly ChangeEntry[]): string {
  if (all.length === 0) return '';
  const shown = all.slice(-MOST_CHANGES);
  const rest = all.length - shown.length;
  const items = shown.map((change) => `<li>${escapeHtml(changeText(change))}</li>`);
  const more = rest === 0 ? '' : `<li>and ${plural(rest, 'earlier change')}</li>`;
  return `<p class="soft">Changes</p><ul>${items.join('')}${more}</ul>`;
}

function changeText({ kind, at, notBefore, actor, before, after }: ChangeEntry): string {
  const when = notBefore === undefined ? minuteOf(at) : `between ${minuteOf(notBefore)} and ${minuteOf(at)}`;
  const from = before === undefined ? '' : `, before: ${before}`;
  const to = after === undefined ? '' : `, after: ${after}`;
  return `${when} UTC ${kind.replaceAll('-', ' ')}${from}${to}${actor === undefined ? '' : `, by ${actor}`}`;
}

const WIDTH = 1040;
const LEFT = 10;
const MIDDLE = 22;
/** Distance of two marks that can be told apart. */
const STEP = 5;

/**
 * The period of one secret on a line: bars are completed rotations, crosses failures, diamonds other changes. Marks
 * that fall on the same place are drawn once, so that its size is bounded.
 */
function timelineSvg(secret: SecretAudit, period: AuditPeriod): string {
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
  return [...new Set(within.map((at) => STEP * Math.round(xOf(at, period) / STEP)))].sort((a, b) => a - b);
}

const xOf = (at: number, { from, to }: AuditPeriod): number =>
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
    const x = xOf(at, period).toFixed(1);
    const name = new Date(at).toISOString().slice(0, 7);
    marks.push(
      `<line class="axis" x1="${x}" x2="${x}" y1="${MIDDLE - 6}" y2="${MIDDLE + 18}"/><text x="${x}" y="52">${name}</text>`,
    );
  }
  return '';
}
