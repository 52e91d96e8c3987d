import { plural } from '../../calendar/plural.ts';
import type { ToldAlert } from '../../proving/court/told/told-alert.ts';
import type { Verdict } from '../../proving/court/verdicts.ts';
import type { DrillResult } from '../../proving/drill/run-drill.ts';
import type { RunOutput } from '../../proving/drill/run-output.ts';
import { type Colors, printable } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';

/** Colors, width and detail of a drill's summary. */
export interface SummaryFrame {
  readonly colors: Colors;
  readonly columns: number;
  /** Whether to list every call and every verdict. */
  readonly verbose: boolean;
}

/** The end of a drill as people read it: secrets, alerts, verdicts, and with all details the calls. */
export function summaryText(result: DrillResult, frame: SummaryFrame): string {
  const { output, failedRuns } = result;
  const { colors } = frame;
  const failed =
    failedRuns === 0 ? '' : colors.red(`\n${plural(failedRuns, 'run')} of the monitor's functions failed.`);
  const repeated = output.alerts.filter(({ transition }) => transition === 'repeated').length;
  return [
    '',
    colors.bold(`${output.scenario}: ${output.from} to ${output.to}, seed ${output.seed}`),
    `${plural(output.sweeps.count, 'sweep')}; ${plural(output.events.emitted, 'event')} emitted, ${output.events.delivered} delivered, ${output.events.unrecognised} not recognised; ${plural(repeated, 'repeat')}.${failed}`,
    '',
    ...secretLines(output, frame),
    '',
    ...(frame.verbose ? callLines(result, colors) : []),
    ...verdictLines(output, frame),
    closing(output, colors),
    '',
  ].join('\n');
}

/** A row for each secret, or for each of its alerts: narrow enough for a terminal of 80 columns unless all is asked for. */
function secretLines({ secrets, alerts }: RunOutput, { colors, verbose }: SummaryFrame): readonly string[] {
  const lives = alertLives(alerts);
  const rows = secrets.flatMap((secret) => {
    const own = lives.filter(({ secretName }) => secretName === secret.secretName);
    return (own.length === 0 ? [undefined] : own).map((life) => secretRow(secret, life, colors));
  });
  const shown = COLUMNS.flatMap(({ narrow }, column) => (narrow || verbose ? [column] : []));
  const kept = (row: readonly string[]) => shown.map((column) => row[column] ?? '');
  return [
    colors.bold('SECRETS AND THEIR ALERTS'),
    table(kept(COLUMNS.map(({ head }) => head)), rows.map(kept)),
  ];
}

const COLUMNS: readonly { readonly head: string; readonly narrow: boolean }[] = [
  { head: 'SECRET', narrow: true },
  { head: 'KIND', narrow: false },
  { head: 'ROTATED', narrow: true },
  { head: 'ALERT', narrow: true },
  { head: 'SEVERITY', narrow: false },
  { head: 'OPENED', narrow: true },
  { head: 'RESOLVED', narrow: true },
  { head: 'REPEATS', narrow: false },
];

function secretRow(
  { secretName, kind, rotations, state }: RunOutput['secrets'][number],
  life: AlertLife | undefined,
  colors: Colors,
): readonly string[] {
  const name = [printable(secretName), kind, String(rotations)];
  if (life === undefined)
    return [...name, state === 'healthy' ? 'none' : `none (${state})`, '-', '-', '-', '-'];
  const { code, severity, openedAt, resolvedAt, repeats } = life;
  const open = resolvedAt === undefined;
  return [
    ...name,
    open ? colors.yellow(code) : code,
    severity,
    minute(openedAt),
    open ? '-' : minute(resolvedAt),
    String(repeats),
  ];
}

/** Month to minute: the year is in the heading, and seconds are noise here. */
const minute = (at: string): string => at.slice(5, 16).replace('T', ' ');

const callLines = ({ callsByRole }: DrillResult, colors: Colors): readonly string[] => [
  colors.bold('CALLS BY ROLE'),
  table(['ROLE', 'CALLS'], [...callsByRole].map(callRow)),
  '',
];

const callRow = ([role, counts]: readonly [string, Readonly<Record<string, number>>]): readonly string[] => [
  role,
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', '),
];

function verdictLines({ verdicts }: RunOutput, frame: SummaryFrame): readonly string[] {
  const { colors, verbose } = frame;
  const isQuiet = ({ ok, expected }: Verdict) => ok && expected === 'never' && !verbose;
  const quiet = verdicts.filter(isQuiet);
  const others = quiet.length === verdicts.length ? '' : ' other';
  const silence = `Correctly no alert about the${others} ${plural(quiet.length, 'secret')}.`;
  return [
    colors.bold('VERDICTS (by the ground truth of the simulator)'),
    table(
      ['', 'SECRET', 'CODE', 'EXPECTED', 'SENT AT'],
      verdicts.filter((verdict) => !isQuiet(verdict)).map((verdict) => verdictRow(verdict, colors)),
    ),
    ...(quiet.length === 0 ? [] : [silence]),
  ];
}

const verdictRow = ({ secret, code, expected, ok, at }: Verdict, colors: Colors): readonly string[] => [
  ok ? colors.green('ok') : colors.red('WRONG'),
  printable(secret),
  code ?? 'anything',
  expected,
  at ?? '-',
];

function closing({ verdicts }: RunOutput, colors: Colors): string {
  const wrong = verdicts.filter(({ ok }) => !ok).length;
  return wrong === 0
    ? colors.green(
        verdicts.length === 1 ? 'The verdict is ok.' : `All ${plural(verdicts.length, 'verdict')} are ok.`,
      )
    : colors.red(`${wrong} of ${plural(verdicts.length, 'verdict')} ${wrong === 1 ? 'is' : 'are'} wrong.`);
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  textTable(head, rows, { gap: 2 });

/** One alert from its opening to its end. */
interface AlertLife {
  readonly secretName: string;
  /** The latest code and severity. */
  readonly code: string;
  readonly severity: string;
  readonly openedAt: string;
  /** Undefined while it is open. */
  readonly resolvedAt: string | undefined;
  /** Messages that said again what had been said. */
  readonly repeats: number;
}

/** The lives of alerts, in the order in which they opened, out of the messages about them. */
export function alertLives(alerts: readonly ToldAlert[]): readonly AlertLife[] {
  const lives: AlertLife[] = [];
  const open = new Map<string, number>();
  for (const { secretName, code, severity, transition, at } of alerts) {
    const index = open.get(secretName);
    const life = index === undefined ? undefined : lives[index];
    if (index === undefined || life === undefined) {
      open.set(secretName, lives.length);
      lives.push({ secretName, code, severity, openedAt: at, resolvedAt: undefined, repeats: 0 });
    } else if (transition === 'resolved') {
      lives[index] = { ...life, resolvedAt: at };
      open.delete(secretName);
    } else {
      const repeats = life.repeats + (transition === 'repeated' ? 1 : 0);
      lives[index] = { ...life, code, severity, repeats };
    }
  }
  return lives;
}
