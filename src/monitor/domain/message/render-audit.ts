import { formatInstant } from '../../../calendar/instant.ts';
import { amount, plural } from '../../../calendar/plural.ts';
import { AUDIT_SUMMARY } from '../alert/notification.ts';
import type { Severity } from '../finding/finding.ts';
import type { CompletedAudit, OwnerResult } from '../report/audit-record.ts';
import type { Target } from '../secret/secret.ts';
import { shown } from '../shown.ts';
import { objectConsoleUrl } from './console-url.ts';
import type { ChatMessage, Link } from './message.ts';

/** The place of the reports. */
export interface AuditPlace {
  /** Account and region of the monitor. */
  readonly home: Target;
  readonly bucketName: string;
  readonly keyPrefix: string;
}

/** Writes the summary of a complete audit, about all secrets or about those of one owner. Pure. */
export function renderAudit(audit: CompletedAudit, given: OwnerResult, place: AuditPlace): ChatMessage {
  const result = shown(given);
  const { account, region } = place.home;
  const severity = severityOf(result, audit);
  const { owner } = result;
  const of = owner === undefined ? '' : ` of ${owner}`;
  const subject = `[${severity}] Audit of ${plural(result.secrets, 'secret')}${of}: ${amount(result.failed)} failed`;
  const what = [...countLines(audit, result), ...worstLines(result)];
  const link = linkTo(audit, place);
  return {
    subject,
    text: [
      ...what,
      '',
      'REPORT',
      link.url,
      'The link asks for a sign-in to the account and does not expire.',
      `Later proof that it is unchanged: rotation-monitor audit verify s3://${place.bucketName}/${place.keyPrefix} --region ${region} --head ${audit.manifest.sha256}`,
      '',
      `Account ${account}, region ${region}, read ${formatInstant(audit.readAt)}`,
    ].join('\n'),
    severity,
    attributes: {
      account,
      region,
      severity,
      code: AUDIT_SUMMARY,
      transition: 'opened',
      ...(owner === undefined ? {} : { owner }),
    },
    chat: {
      title: subject,
      code: AUDIT_SUMMARY,
      transition: 'opened',
      severity,
      account,
      region,
      what,
      risk: undefined,
      since: undefined,
      at: audit.completedAt,
      step: undefined,
      advice: [],
      links: [link],
      threadId: [AUDIT_SUMMARY, account, region, owner ?? ''].join('#'),
    },
  };
}

/** A failed control is as grave as most controls are; a gap in what was read is worth a look. */
const severityOf = ({ failed, unknown }: OwnerResult, { notRead }: CompletedAudit): Severity =>
  failed > 0 ? 'MEDIUM' : unknown + notRead > 0 ? 'LOW' : 'INFORMATIONAL';

function countLines(audit: CompletedAudit, result: OwnerResult): readonly string[] {
  const { from, to, notRead, before } = audit;
  const earlier = before.find(({ owner }) => owner === result.owner);
  return [
    `Audit from ${formatInstant(from)} to ${formatInstant(to)}.`,
    `Passed: ${countOf('passed', result, earlier)}`,
    `Failed: ${countOf('failed', result, earlier)}`,
    `Could not be judged: ${countOf('unknown', result, earlier)}`,
    ...(result.skipped + (earlier?.skipped ?? 0) === 0
      ? []
      : [`Excepted or deleted: ${countOf('skipped', result, earlier)}`]),
    ...(notRead === 0 ? [] : [`Accounts and regions that could not be read: ${amount(notRead)}`]),
  ];
}

/** A count and its difference to the audit before, such as `12 (3 more)`. */
function countOf(
  name: 'passed' | 'failed' | 'unknown' | 'skipped',
  result: OwnerResult,
  before: OwnerResult | undefined,
): string {
  const count = plural(result[name], 'secret');
  if (before === undefined) return count;
  const change = result[name] - before[name];
  if (change === 0) return `${count} (as before)`;
  return `${count} (${amount(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'})`;
}

const worstLines = ({ worst }: OwnerResult): readonly string[] =>
  worst.length === 0
    ? []
    : [
        '',
        worst.length === 1 ? 'The worst' : `The ${worst.length} worst`,
        ...worst.map((line) => `- ${line}`),
      ];

const linkTo = ({ page }: CompletedAudit, { home, bucketName, keyPrefix }: AuditPlace): Link => {
  const { key, versionId } = page;
  return {
    label: 'Report',
    url: objectConsoleUrl({ partition: undefined, ...home }, bucketName, {
      key: `${keyPrefix}${key}`,
      versionId,
    }),
  };
};
