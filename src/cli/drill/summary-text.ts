import Table from 'cli-table3';
import type { Verdict } from '../../proving/court/verdicts.ts';
import type { DrillResult } from '../../proving/drill/run-drill.ts';
import type { RunOutput } from '../../proving/drill/run-output.ts';
import { NO_LINES } from '../terminal/no-lines.ts';
import { type Colors, printable } from '../terminal/output.ts';

/** The end of a drill as people read it: secrets, alerts, calls, verdicts. */
export function summaryText({ output, callsByRole, failedRuns }: DrillResult, colors: Colors): string {
  const failed =
    failedRuns === 0 ? '' : colors.red(`\n${failedRuns} runs of the monitor's functions failed.`);
  return [
    '',
    colors.bold(`${output.scenario}: ${output.from} to ${output.to}, seed ${output.seed}`),
    `${output.sweeps.count} sweeps; ${output.events.emitted} events emitted, ${output.events.delivered} delivered, ${output.events.unrecognised} not understood.${failed}`,
    '',
    colors.bold('SECRETS'),
    table(
      ['SECRET', 'KIND', 'ROTATIONS', 'STATE', 'ALERTS TOLD'],
      output.secrets.map(({ secretName, kind, rotations, state, alerts }) => [
        secretName,
        kind,
        String(rotations),
        state === 'healthy' || state === 'deleted' ? state : colors.yellow(state),
        alerts.join(', '),
      ]),
    ),
    '',
    colors.bold('ALERTS'),
    table(
      ['AT', 'SECRET', 'CODE', 'SEVERITY', 'TRANSITION'],
      output.alerts.map(({ at, secretName, code, severity, transition }) => [
        at,
        secretName,
        code,
        severity,
        transition,
      ]),
    ),
    '',
    colors.bold('CALLS BY ROLE'),
    table(['ROLE', 'CALLS'], [...callsByRole].map(callRow)),
    '',
    colors.bold('VERDICTS (by the ground truth of the simulator)'),
    table(
      ['', 'SECRET', 'CODE', 'EXPECTED', 'TOLD AT'],
      output.verdicts.map((verdict) => verdictRow(verdict, colors)),
    ),
    '',
    closing(output, colors),
    '',
  ].join('\n');
}

const callRow = ([role, counts]: readonly [string, Readonly<Record<string, number>>]): readonly string[] => [
  role,
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', '),
];

const verdictRow = ({ secret, code, expected, ok, at }: Verdict, colors: Colors): readonly string[] => [
  ok ? colors.green('ok') : colors.red('WRONG'),
  secret,
  code ?? 'anything',
  expected,
  at ?? '-',
];

function closing({ verdicts }: RunOutput, colors: Colors): string {
  const wrong = verdicts.filter(({ ok }) => !ok).length;
  return wrong === 0
    ? colors.green(`All ${verdicts.length} verdicts are ok.`)
    : colors.red(`${wrong} of ${verdicts.length} verdicts are wrong.`);
}

/** A table without lines, which `grep` and `awk` can read, too. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    head: [...head],
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [] },
  });
  for (const row of rows) drawn.push([...row].map(printableButColour));
  return drawn
    .toString()
    .split('\n')
    .map((text) => text.trimEnd())
    .join('\n');
}

/** Names come from a file; escape sequences in cells are ours only where colours are on. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for.
const printableButColour = (cell: string): string => (/\x1b\[/.test(cell) ? cell : printable(cell));
