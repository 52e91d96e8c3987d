import Table from 'cli-table3';
import { formatDuration, formatInstant, type Instant, later, SECOND } from '../../calendar/instant.ts';
import type { Severity } from '../../monitor/domain/finding/finding.ts';
import { NO_LINES } from '../terminal/no-lines.ts';
import { type Colors, printable } from '../terminal/output.ts';
import type { SecretFinding } from './sweep-result.ts';

/** What the table is drawn for. */
export interface TableFrame {
  /** When the sweep judged: ages count up to it. */
  readonly at: Instant;
  readonly colors: Colors;
  /** Width of the terminal; undefined for a pipe, where every finding is one line. */
  readonly columns: number | undefined;
}

/** What a line of the table is made of. */
export type TableLine = Pick<SecretFinding, 'severity' | 'secretName' | 'what'> & {
  readonly code: string;
  /** Undefined where nobody knows. */
  readonly since: Instant | undefined;
};

const HEAD = ['SEVERITY', 'SECRET', 'CODE', 'SINCE', 'AGE', 'WHAT'] as const;
/** Index of the column that takes what room is left. */
const WHAT = HEAD.length - 1;
/** Spaces between columns. */
const GAP = 2;
/** Narrower than a version id, the last column is better left out: the details tell it again. */
const LEAST_WHAT = 36 + GAP;

/** The findings as a table without lines, so that `grep` and `awk` can read it, too. */
export function findingsTable(findings: readonly TableLine[], { at, colors, columns }: TableFrame): string {
  const rows = findings.map((finding) => cells(finding, at));
  const widths = HEAD.map(
    (head, index) => GAP + Math.max(head.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const room = (columns ?? Number.POSITIVE_INFINITY) - sum(widths.slice(0, WHAT));
  const shown = room < LEAST_WHAT ? WHAT : HEAD.length;
  const table = new Table({
    head: HEAD.slice(0, shown).map((head) => colors.dim(head)),
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
    colWidths: widths.slice(0, shown).map((width, index) => (index === WHAT ? Math.min(width, room) : width)),
    wordWrap: true,
  });
  for (const [index, finding] of findings.entries()) {
    const [severity = '', ...rest] = rows[index] ?? [];
    table.push([paint(finding.severity, colors)(severity), ...rest.slice(0, shown - 1)]);
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
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
export const wholeSecond = (at: Instant): Instant => later(at, -(at % SECOND));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The colour of a severity. */
export function paint(severity: Severity, colors: Colors): (text: string) => string {
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
