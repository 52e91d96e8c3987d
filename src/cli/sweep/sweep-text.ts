import { formatDuration, formatInstant, type Instant, later, SECOND } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import type { Advice, Severity } from '../../monitor/domain/finding/finding.ts';
import { ACKNOWLEDGED } from '../../monitor/domain/message/acknowledge-command.ts';
import { changeLines } from '../../monitor/domain/message/change-lines.ts';
import { type Colors, printable } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { hanging } from '../terminal/wrap.ts';
import { acknowledgementOf, linksOfFinding, type SecretFinding, type SweepResult } from './sweep-result.ts';

/** Options of the text, with the duration of the sweep. */
export interface TextFrame extends Omit<TableFrame, 'at'> {
  /** Duration of the sweep. */
  readonly elapsedMs: number;
}

/** A sweep as people read it: the table, each finding with why and what to do, and what the look has cost. */
export function sweepText(result: SweepResult, { elapsedMs, ...frame }: TextFrame): string {
  const { findings, at } = result;
  const table = findings.length === 0 ? [] : [findingsTable(findings, { ...frame, at }), ''];
  const details = findings.flatMap((finding) => [
    ...findingLines(finding, frame.colors),
    ...leadingOn(finding, result),
    '',
  ]);
  const { columns = Number.POSITIVE_INFINITY } = frame;
  const fitted = (lines: readonly string[]) => lines.flatMap((line) => hanging(line, columns, ''));
  return [
    ...fitted([heading(result)]),
    '',
    ...table,
    ...fitted(details),
    ...auditLines(result, frame),
    ...fitted([summary(result, elapsedMs)]),
    '',
  ].join('\n');
}

/** Returns the audit's part: the table, and the risk of each code once. The remedies are in the runbooks. */
function auditLines({ audit, at }: SweepResult, frame: Omit<TableFrame, 'at'>): readonly string[] {
  if (audit === undefined) return [];
  const { findings, incomplete } = audit;
  const missing = incomplete === 0 ? '' : ` ${plural(incomplete, 'secret')} could not be audited in full.`;
  const title = `Audit: ${findings.length === 0 ? 'nothing found.' : `${plural(findings.length, 'finding')}.`}${missing}`;
  if (findings.length === 0) return [title, ''];
  const risks = new Map(findings.map(({ code, risk }) => [code, risk]));
  return [
    title,
    '',
    findingsTable(findings, { ...frame, at }),
    '',
    ...[...risks].flatMap(([code, risk]) =>
      hanging(
        `  ${frame.colors.bold(code)}: ${risk} See docs/runbooks/${code}.md.`,
        frame.columns ?? Number.POSITIVE_INFINITY,
        '',
      ),
    ),
    '',
  ];
}

function heading({ account, region, at, findings }: SweepResult): string {
  const where = `Account ${account ?? 'unknown'}, ${region}, at ${formatInstant(wholeSecond(at))}`;
  return `${where}: ${findings.length === 0 ? 'no findings.' : plural(findings.length, 'finding')}`;
}

function findingLines(finding: SecretFinding, colors: Colors): readonly string[] {
  const { severity, secretName, secretArn, code, what, why, credentialInUse, blastRadius, advice } = finding;
  const title = colors.bold(`${printable(secretName)}: ${code}`);
  return [
    `${paint(severity, colors)(severity)} ${title}`,
    ...[secretArn, what].map((line) => `  ${printable(line)}`),
    '  Why',
    ...why.map((line) => `    - ${printable(line)}`),
    ...changedLines(finding),
    `  Credential in use: ${credentialInUse.replaceAll('-', ' ')}`,
    `    ${printable(blastRadius)}`,
    '  What to do',
    ...advice.flatMap(adviceLines),
  ];
}

/** Returns the links for a finding, and the command that acknowledges it. */
function leadingOn(finding: SecretFinding, result: SweepResult): readonly string[] {
  const links = linksOfFinding(finding, result).map(({ label, url }) => `    ${label}: ${printable(url)}`);
  const command = acknowledgementOf(finding, result);
  const acknowledge =
    command === undefined
      ? ['    Use the command in the alert of your monitor. This sweep has sent none.']
      : [`    ${ACKNOWLEDGED}`, `       ${printable(command)}`];
  return ['  Links', ...links, '  Acknowledge', ...acknowledge];
}

function changedLines(finding: SecretFinding): readonly string[] {
  const lines = changeLines(finding);
  return lines === undefined
    ? []
    : ['  What changed in the day before', ...lines.map((line) => `    - ${printable(line)}`)];
}

const adviceLines = ({ text, commands }: Advice, index: number): readonly string[] => [
  `    ${index + 1}. ${printable(text)}`,
  ...commands.map((command) => `       ${printable(command)}`),
];

function summary(
  { observed, suspects, inProgress, unverifiable, replicas, apiCalls }: SweepResult,
  elapsedMs: number,
): string {
  const seen = [
    `${plural(observed, 'secret')} checked`,
    plural(suspects, 'suspect'),
    `${plural(inProgress, 'rotation')} in progress`,
    `${unverifiable.length} unverifiable`,
  ];
  const beside =
    replicas === 0
      ? ''
      : ` ${plural(replicas, 'replica')} not judged: sweep the ${replicas === 1 ? 'region of its primary' : 'regions of their primaries'}.`;
  return `${seen.join(', ')}; ${plural(apiCalls, 'call')} in ${(elapsedMs / SECOND).toFixed(1)} s.${beside}`;
}

/** Options of the table. */
interface TableFrame {
  /** Time of the judgement: ages count up to it. */
  readonly at: Instant;
  readonly colors: Colors;
  /** Width of the terminal; undefined for a pipe, where every finding is one line. */
  readonly columns: number | undefined;
}

/** The cells of one line in the table. */
type TableLine = Pick<SecretFinding, 'severity' | 'secretName' | 'what'> & {
  readonly code: string;
  /** Undefined where nobody knows. */
  readonly since: Instant | undefined;
};

const HEAD = ['SEVERITY', 'SECRET', 'CODE', 'SINCE', 'AGE', 'WHAT'] as const;
/** Index of the column that takes what room is left. */
const WHAT = HEAD.length - 1;
/** Spaces between columns. */
const GAP = 2;
/** Narrower than a version id, the last column is better left out: the details repeat it. */
const LEAST_WHAT = 36 + GAP;

/** Letters of a name that stay together, where the code can give way. */
const NAME_ROOM = 24;
const CODE_ROOM = 'invalidation-'.length;
const YIELDS = [
  { column: WHAT, to: LEAST_WHAT - GAP },
  { column: 1, to: NAME_ROOM },
  { column: 2, to: CODE_ROOM },
  { column: 1, to: HEAD[1].length },
];

/** The findings as a table without lines, so that `grep` and `awk` can read it, too. */
export function findingsTable(findings: readonly TableLine[], { at, colors, columns }: TableFrame): string {
  const rows = findings.map((finding) => cells(finding, at));
  const widths = HEAD.map(
    (head, index) => GAP + Math.max(head.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const room = (columns ?? Number.POSITIVE_INFINITY) - sum(widths.slice(0, WHAT));
  const shown = room < LEAST_WHAT ? WHAT : HEAD.length;
  return textTable(
    HEAD.slice(0, shown),
    rows.map((row) => row.slice(0, shown)),
    {
      gap: GAP,
      columns,
      yields: YIELDS,
      title: colors.dim,
      first: (cell, row) => {
        const severity = findings[row]?.severity;
        return severity === undefined ? cell : paint(severity, colors)(cell);
      },
    },
  );
}

const cells = ({ severity, secretName, code, since, what }: TableLine, at: Instant): readonly string[] => [
  severity,
  printable(secretName),
  code,
  since === undefined ? '-' : formatInstant(wholeSecond(since)),
  since === undefined ? '-' : formatDuration(at - since),
  printable(what),
];

/** The second that an instant lies in; more is of no use to people. */
const wholeSecond = (at: Instant): Instant => later(at, -(at % SECOND));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The colour of a severity. */
function paint(severity: Severity, colors: Colors): (text: string) => string {
  switch (severity) {
    case 'CRITICAL':
      return (text) => colors.bold(colors.red(text));
    case 'HIGH':
      return colors.red;
    case 'MEDIUM':
      return colors.yellow;
    case 'LOW':
      return colors.cyan;
    case 'INFORMATIONAL':
      return colors.dim;
  }
}
