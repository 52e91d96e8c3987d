import { formatInstant, SECOND } from '../../calendar/instant.ts';
import type { Advice } from '../../monitor/domain/finding/finding.ts';
import { changeLines } from '../../monitor/domain/message/change-lines.ts';
import { type Colors, printable } from '../terminal/output.ts';
import { findingsTable, paint, type TableFrame, wholeSecond } from './findings-table.ts';
import type { SecretFinding, SweepResult } from './sweep-result.ts';

/** What the text is written for. */
export interface TextFrame extends Omit<TableFrame, 'at'> {
  /** How long the sweep took. */
  readonly elapsedMs: number;
}

/** A sweep as people read it: the table, each finding with why and what to do, and what the look has cost. */
export function sweepText(result: SweepResult, { elapsedMs, ...frame }: TextFrame): string {
  const { findings, at } = result;
  const table = findings.length === 0 ? [] : [findingsTable(findings, { ...frame, at }), ''];
  const details = findings.flatMap((finding) => [...findingLines(finding, frame.colors), '']);
  const audit = auditLines(result, frame);
  return [heading(result), '', ...table, ...details, ...audit, summary(result, elapsedMs), ''].join('\n');
}

/** What audits ask for: the table, and for each code once what is at risk. What to do is in the runbooks. */
function auditLines({ audit, at }: SweepResult, frame: Omit<TableFrame, 'at'>): readonly string[] {
  if (audit === undefined) return [];
  const { findings, incomplete } = audit;
  const missing = incomplete === 0 ? '' : ` ${counted(incomplete, 'secret')} could not be audited in full.`;
  const title = `Audit: ${findings.length === 0 ? 'nothing found.' : `${counted(findings.length, 'finding')}.`}${missing}`;
  if (findings.length === 0) return [title, ''];
  const risks = new Map(findings.map(({ code, risk }) => [code, risk]));
  return [
    title,
    '',
    findingsTable(findings, { ...frame, at }),
    '',
    ...[...risks].map(
      ([code, risk]) => `  ${frame.colors.bold(code)}: ${risk} See docs/runbooks/${code}.md.`,
    ),
    '',
  ];
}

function heading({ account, region, at, findings }: SweepResult): string {
  const where = `Account ${account ?? 'unknown'}, ${region}, at ${formatInstant(wholeSecond(at))}`;
  return `${where}: ${findings.length === 0 ? 'no findings.' : counted(findings.length, 'finding')}`;
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
  { observed, suspects, inProgress, unverifiable, apiCalls }: SweepResult,
  elapsedMs: number,
): string {
  const seen = [
    `${counted(observed, 'secret')} looked at`,
    counted(suspects, 'suspect'),
    `${counted(inProgress, 'rotation')} under way`,
    `${unverifiable.length} unverifiable`,
  ];
  return `${seen.join(', ')}; ${counted(apiCalls, 'call')} in ${(elapsedMs / SECOND).toFixed(1)} s.`;
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
