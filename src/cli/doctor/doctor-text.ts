import type { Diagnosis, Health } from '../../monitor/domain/doctor/diagnosis.ts';
import { type Colors, printable, printableJson } from '../terminal/output.ts';
import { wrapped } from '../terminal/wrap.ts';

/** The diagnoses of one account and region. */
export interface DoctorReport {
  /** Common beginning of its functions' names; of a member, the name of the bus that it sends to. */
  readonly name: string;
  /** Whether it is about a member. */
  readonly isMember?: boolean;
  readonly region: string;
  readonly account: string;
  readonly diagnoses: readonly Diagnosis[];
}

/** Colors, width and detail of the text. */
interface DoctorFrame {
  readonly colors: Colors;
  readonly columns: number;
  /** Whether what is well is shown, too. */
  readonly isVerbose: boolean;
}

const ORDER: readonly Health[] = ['fail', 'unknown', 'warn', 'ok'];

/** The report as people read it: what is wrong first, each line with what to do. */
export function doctorText(report: DoctorReport, frame: DoctorFrame): string {
  const { name, isMember = false, account, region, diagnoses } = report;
  const shown = diagnoses
    .filter(({ health }) => frame.isVerbose || health !== 'ok')
    .toSorted((a, b) => ORDER.indexOf(a.health) - ORDER.indexOf(b.health));
  const counts = ORDER.map(
    (health) => `${health} ${diagnoses.filter((each) => each.health === health).length}`,
  );
  return [
    `${isMember ? 'Member of' : 'Monitor'} "${printable(name)}" in account ${account}, ${region}: ${counts.join(', ')}`,
    ...shown.flatMap((each) => ['', ...linesOf(each, frame)]),
    '',
  ].join('\n');
}

function linesOf(
  { health, check, subject, what, remedy }: Diagnosis,
  { colors, columns }: DoctorFrame,
): readonly string[] {
  const paint = { fail: colors.red, unknown: colors.magenta, warn: colors.yellow, ok: colors.green }[health];
  const indented = (text: string): readonly string[] =>
    wrapped(printable(text), columns - INDENT.length).map((line) => `${INDENT}${line}`);
  return [
    `${paint(health.padEnd(7))} ${colors.bold(check)}  ${printable(subject)}`,
    ...indented(what),
    ...(remedy === undefined ? [] : indented(`Do: ${remedy}`)),
    ...(health === 'ok' ? [] : indented(`See docs/doctor.md#${check}`)),
  ];
}

const INDENT = ' '.repeat(8);

/** Version of the shape that {@link doctorJson} writes; `docs/schemas/doctor.json` describes it. */
const SCHEMA_VERSION = 1;

/** The report as programs read it. */
export const doctorJson = ({ name, account, region, diagnoses }: DoctorReport): string =>
  printableJson({
    schemaVersion: SCHEMA_VERSION,
    deployment: name,
    account,
    region,
    diagnoses: diagnoses.map((each) => ({ ...each, remedy: each.remedy ?? null })),
  });
