import { formatDuration } from '../../../calendar/instant.ts';
import { plural } from '../../../calendar/plural.ts';
import { escapeHtml } from '../escape-html.ts';
import type { AuditPeriod } from '../report/audit-report.ts';
import type { ChangeEntry } from '../report/change-entry.ts';
import type { ControlVerdict } from '../report/control-verdict.ts';
import type { SecretAudit } from '../report/secret-audit.ts';
import { count, dayOf, figuresHtml, minuteOf, named, statusWord } from './html-parts.ts';
import { timelineSvg } from './timeline-svg.ts';

/** Changes of one secret that are listed; all are in the JSON. */
const MOST_CHANGES = 12;

/** One secret of an HTML report: timeline, figures, verdicts, changes. */
export const secretHtml = (secret: SecretAudit, period: AuditPeriod): string => `<article>
<h3>${escapeHtml(secret.secretName)}</h3>
<p class="soft"><code>${escapeHtml(secret.secretArn)}</code><br>${escapeHtml(placeOf(secret))}</p>
<figure>${timelineSvg(secret, period)}</figure>
${figures(secret)}
${verdicts(secret.controls)}${notes(secret)}${changes(secret.changes)}</article>
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
  const fine = controls.filter(({ status }) => status === 'ok').map(({ control }) => control);
  const others = controls.filter(({ status }) => status !== 'ok');
  const items = others.map(verdictItem);
  if (fine.length > 0) items.push(`<li>${statusWord('ok')} ${escapeHtml(fine.join(', '))}</li>`);
  return items.length === 0 ? '' : `<ul class="verdicts">${items.join('')}</ul>`;
}

function verdictItem({ control, status, reason, evidence, exception, securityHub }: ControlVerdict): string {
  const more = [
    ...evidence,
    ...(exception
      ? [
          `Exception until ${dayOf(exception.until)}, approved by ${exception.approvedBy}: ${exception.reason}`,
        ]
      : []),
    ...(securityHub === undefined ? [] : [`Security Hub's own result: ${securityHub}`]),
  ];
  const lines = more.map((line) => `<br><span class="soft">${escapeHtml(line)}</span>`).join('');
  return `<li>${statusWord(status)} <b>${control}</b> ${escapeHtml(reason)}${lines}</li>`;
}

function notes({ silence, findings, deletedAt }: SecretAudit): string {
  const lines = [
    ...(deletedAt === undefined ? [] : [`Deleted on ${dayOf(deletedAt)}.`]),
    ...(silence === undefined ? [] : [`Silenced until ${minuteOf(silence.until)} UTC: ${silence.reason}`]),
    ...findings.map(({ code, what }) => `${code}: ${what}`),
  ];
  return lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;
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
