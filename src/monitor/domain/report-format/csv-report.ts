import { DAY, formatInstant, HOUR, type Instant } from '../../../calendar/instant.ts';
import type { AuditException } from '../report/audit-exception.ts';
import { CONTROL_IDS, type ControlId, HUB_CONTROL_IDS } from '../report/control.ts';
import { type ControlVerdict, hubResult } from '../report/control-verdict.ts';
import type { Figure } from '../report/figure.ts';
import type { SecretAudit } from '../report/secret-audit.ts';
import type { ReportWriter } from './report-writer.ts';

type Cell = string | number | boolean | undefined;
type Column = readonly [string, (secret: SecretAudit) => Cell];

/** One line a secret, with the status and reason of every control in columns of their own. */
export const csvReport = (): ReportWriter => ({
  begin: () => csvLine(COLUMNS.map(([name]) => name)),
  secret: (secret) => csvLine(COLUMNS.map(([, cell]) => cell(secret))),
  end: () => '',
});

const time = (at: Instant | undefined): string | undefined =>
  at === undefined ? undefined : formatInstant(at);
const days = (ms: number): number => Math.round((10 * ms) / DAY) / 10;
const hours = (ms: number): number => Math.round((10 * ms) / HOUR) / 10;

/** A figure in two columns: its value, and whether it is observed, inferred or unknown. */
const figure = <T>(
  name: string,
  read: (secret: SecretAudit) => Figure<T>,
  shown: (value: T) => Cell,
): readonly Column[] => [
  [
    name,
    (secret) => {
      const { value, basis } = read(secret);
      if (value !== undefined) return shown(value);
      return basis === 'observed' ? 'never' : undefined;
    },
  ],
  [`${name}_basis`, (secret) => read(secret).basis],
];

const same = <T extends Cell>(value: T): Cell => value;

const control = (id: ControlId): readonly Column[] => {
  const verdict = (secret: SecretAudit) => secret.controls.find(({ control }) => control === id);
  return [
    [`${id} status`, (secret) => verdict(secret)?.status],
    [`${id} reason`, (secret) => verdict(secret)?.reason],
    ...(HUB_CONTROL_IDS.includes(id)
      ? [[`${id} Security Hub`, (secret: SecretAudit) => hubCell(verdict(secret))] as const]
      : []),
  ];
};

/** The control of an exception, its expiry, its approver and its reason. */
const exceptionText = ({ control, until, approvedBy, reason }: AuditException): string =>
  `${control} until ${formatInstant(until)}, approved by ${approvedBy}: ${reason}`;

const hubCell = (verdict: ControlVerdict | undefined): Cell =>
  verdict?.securityHub && hubResult(verdict.securityHub);

const COLUMNS: readonly Column[] = [
  ['resource', ({ secretArn }) => secretArn],
  ['name', ({ secretName }) => secretName],
  ['account', ({ account }) => account],
  ['region', ({ region }) => region],
  ['owner', ({ owner }) => owner],
  ['coverage', ({ coverage }) => coverage],
  ['coverage_reason', ({ coverageReason }) => coverageReason],
  ['created_at', ({ createdAt }) => time(createdAt)],
  ['deleted_at', ({ deletedAt }) => time(deletedAt)],
  ['rotation_enabled', ({ rotationEnabled }) => rotationEnabled],
  ['schedule', ({ schedule }) => schedule],
  ...figure('windows_due', ({ windowsDue }) => windowsDue, same),
  ...figure('rotations_completed', ({ rotationsCompleted }) => rotationsCompleted, same),
  ...figure('windows_missed', ({ windowsMissed }) => windowsMissed, same),
  ...figure('failures', ({ failures }) => failures, same),
  ...figure('longest_repair_hours', ({ longestRepairMs }) => longestRepairMs, hours),
  ...figure('longest_exposure_hours', ({ longestExposureMs }) => longestExposureMs, hours),
  ...figure('current_age_days', ({ currentAgeMs }) => currentAgeMs, days),
  ...figure('last_accessed_at', ({ lastAccessedAt }) => lastAccessedAt, formatInstant),
  ...figure('last_tested_at', ({ lastTestedAt }) => lastTestedAt, formatInstant),
  ...figure('windows_in_business_hours', ({ windowsInBusinessHours }) => windowsInBusinessHours, same),
  ...figure('slower_than_policy', ({ slowerThanPolicy }) => slowerThanPolicy, same),
  ['changes', ({ changes }) => changes.length],
  ['exceptions', ({ exceptions }) => exceptions.map(exceptionText).join('; ')],
  ['silenced_until', ({ silence }) => time(silence?.until)],
  ['silence_reason', ({ silence }) => silence?.reason],
  ['findings', ({ findings }) => findings.map(({ code }) => code).join(' ')],
  ...CONTROL_IDS.flatMap(control),
];

/** First characters by which spreadsheets take a cell for a formula, and their full-width forms. */
const FORMULA = /^\s*[=+\-@＝＋－＠]/u;

/** A plain number, which is safe although it may begin with a minus. */
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * One cell of a CSV file. Text is quoted, and an apostrophe stands before what a spreadsheet would calculate; numbers
 * stay numbers, negative ones too.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
function csvCell(value: Cell): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const safe = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** A line of RFC 4180. https://www.rfc-editor.org/rfc/rfc4180 */
const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`;
