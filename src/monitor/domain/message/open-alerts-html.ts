import { formatDuration, formatInstant, type Instant } from '../../../calendar/instant.ts';
import { plural } from '../../../calendar/plural.ts';
import type { OpenAlert } from '../alert/open-alert.ts';
import { escapeHtml } from '../escape-html.ts';
import { asSecretArn } from '../secret/secret.ts';
import { shown } from '../shown.ts';
import { ACKNOWLEDGED, acknowledgeCommand } from './acknowledge-command.ts';
import { logsConsoleUrl, secretsConsoleUrl } from './console-url.ts';
import { explainCommand } from './explain-command.ts';

/** The contents of the page: alerts, their number and the links. */
export interface OpenAlertsPage {
  readonly alerts: readonly OpenAlert[];
  /** Number of open alerts that are not shown. */
  readonly more: number;
  readonly now: Instant;
  readonly runbookBaseUrl: string | undefined;
  readonly acknowledgeFunctionArn: string | undefined;
}

const HEAD = ['Severity', 'Secret', 'Open for', 'Cause', 'Risk', 'Do', 'Acknowledge'];

/** The open alerts as a table in HTML, with everything escaped that comes from outside; no script, no form. Pure. */
export function openAlertsHtml(page: OpenAlertsPage): string {
  const { alerts, more, now } = page;
  const asOf = `<p>As of ${formatInstant(now)}.</p>`;
  if (alerts.length === 0) return `<p><b>No alert is open.</b></p>${asOf}`;
  const head = `<tr>${HEAD.map((title) => `<th style="text-align:left">${title}</th>`).join('')}</tr>`;
  const rows = alerts.map((alert) => row(shown(alert), page)).join('');
  const rest = more === 0 ? '' : `<p>${plural(more, 'more alert')} ${more === 1 ? 'is' : 'are'} open.</p>`;
  return `<table style="width:100%">${head}${rows}</table>${rest}${asOf}`;
}

function row(alert: OpenAlert, page: OpenAlertsPage): string {
  const cells = [
    badge(alert),
    secret(alert, page.now),
    escapeHtml(formatDuration(page.now - alert.since)),
    `${cause(alert, page)}<br>${escapeHtml(alert.what)}`,
    escapeHtml(alert.risk ?? ''),
    `${command(explainCommand({ secretArn: alert.subject, region: alert.region }))}${escapeHtml(alert.doNow)}${command(alert.command)}`,
    acknowledging(alert, page),
  ];
  return `<tr>${cells.map((cell) => `<td style="vertical-align:top">${cell}</td>`).join('')}</tr>`;
}

/** Only what is CRITICAL is red. */
function badge({ severity }: OpenAlert): string {
  const style =
    severity === 'CRITICAL'
      ? 'background:#b30000;color:#fff'
      : severity === 'HIGH'
        ? 'background:#e07941;color:#fff'
        : 'background:#ddd;color:#222';
  return `<span style="${style};padding:2px 6px;border-radius:3px">${severity}</span>`;
}

function secret({ subject, name, account, region, logs }: OpenAlert, now: Instant): string {
  const isSecret = asSecretArn(subject) !== undefined;
  const partition = isSecret ? subject.split(':')[1] : undefined;
  const url = secretsConsoleUrl({ partition, region }, isSecret ? name : undefined);
  const log =
    logs === undefined
      ? ''
      : `<br>${link(logsConsoleUrl({ partition, region }, logs.group, { from: logs.since, until: now }), 'Logs')}`;
  return `${link(url, name)}<br>${escapeHtml(`${account} ${region}`)}${log}`;
}

const acknowledging = ({ subject }: OpenAlert, { acknowledgeFunctionArn }: OpenAlertsPage): string =>
  acknowledgeFunctionArn === undefined
    ? ''
    : `${escapeHtml(ACKNOWLEDGED)}${command(acknowledgeCommand(acknowledgeFunctionArn, [{ secretArn: subject }]))}`;

const cause = ({ code }: OpenAlert, { runbookBaseUrl }: OpenAlertsPage): string =>
  runbookBaseUrl === undefined ? `<b>${code}</b>` : link(`${runbookBaseUrl}/${code}.md`, code);

const command = (line: string | undefined): string =>
  line === undefined
    ? ''
    : `<pre style="white-space:pre-wrap;word-break:break-all">${escapeHtml(line)}</pre>`;

const link = (url: string, text: string): string =>
  `<a href="${escapeHtml(url)}" target="_blank" rel="noopener">${escapeHtml(text)}</a>`;
