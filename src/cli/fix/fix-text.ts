import type { RepairReport } from '../../monitor/application/operate/apply-repair.ts';
import type { ProposedRepair } from '../../monitor/application/operate/propose-repair.ts';
import { changeOf, type RepairPlan, riskOf } from '../../monitor/domain/repair/repair-plan.ts';
import { type Colors, printable } from '../terminal/output.ts';
import { hanging, wrapped } from '../terminal/wrap.ts';
import { type Recording, recordedLine, recordingLine } from './recording.ts';

/** Colors and width of the text about a repair. */
export interface FixFrame {
  readonly colors: Colors;
  readonly columns: number;
}

/** A plan, and whether it is recorded. */
export interface KnownPlan {
  readonly plan: RepairPlan;
  readonly recording: Recording;
}

const indented = (text: string, columns: number, margin?: string): readonly string[] =>
  hanging(printable(text), columns, margin);

/** A plan, call by call: what each changes and what could go wrong. */
export function planText({ plan, recording }: KnownPlan, { colors, columns }: FixFrame): string {
  const { secretName, secretArn, code, reached, pending, current } = plan;
  const calls = plan.calls.flatMap((call, index) => [
    ...indented(`${index + 1}. ${changeOf(call, plan)}`, columns),
    ...indented(riskOf(call), columns, '     '),
  ]);
  const known = reached === undefined ? '' : ` It failed at ${reached} at the furthest.`;
  return [
    colors.bold(`${printable(secretName)}: ${code}`),
    printable(secretArn),
    ...wrapped(`AWSCURRENT is on ${current}, the version in question is ${pending}.${known}`, columns),
    '',
    colors.bold('PLAN'),
    ...calls,
    '',
    colors.bold('RECORD'),
    ...indented(recordingLine(recording), columns),
    '',
  ].join('\n');
}

/** Returns the reason for doing nothing, with the advice for people. */
export function refusalText({ view, proposal }: ProposedRepair, { colors, columns }: FixFrame): string {
  const { secret, findings } = view;
  if (proposal.kind !== 'refused') return `${printable(secret.name)}: nothing is to be repaired.\n`;
  const [finding] = findings;
  const advice = (finding?.advice ?? []).flatMap(({ text, commands }, index) => [
    ...indented(`${index + 1}. ${text}`, columns),
    ...commands.map((command) => `     ${printable(command)}`),
  ]);
  return [
    colors.bold(`${printable(secret.name)}: ${finding?.code ?? 'a rotation is pending'}`),
    printable(secret.arn),
    ...wrapped(
      printable(`Nothing was changed (${proposal.refusal.code}). ${proposal.refusal.because}`),
      columns,
    ),
    ...(advice.length === 0 ? [] : ['', colors.bold('WHAT TO DO'), ...advice]),
    '',
  ].join('\n');
}

/** Returns the end of a repair: the calls that were sent, their outcome, and the state now. */
export function reportText(
  { outcome, because, sent, stages }: RepairReport,
  { plan, recording }: KnownPlan,
  { colors, columns }: FixFrame,
): string {
  const said = {
    repaired: colors.green('repaired'),
    disproven: colors.red('not repaired: the pending credential was not proven, and nothing was promoted'),
    stopped: colors.red('stopped'),
  };
  const calls = sent.flatMap(({ call, state, because: why }) =>
    indented(`- ${state}: ${changeOf(call, plan)}${why === undefined ? '' : ` (${why})`}`, columns),
  );
  const now =
    stages === undefined
      ? ['  It could no longer be checked.']
      : Object.entries(stages).map(([id, labels]) => `  ${printable(id)}  ${printable(labels.join(' + '))}`);
  return [
    `${colors.bold(printable(plan.secretName))}: ${said[outcome]}`,
    ...(because === undefined ? [] : wrapped(printable(because), columns)),
    '',
    colors.bold('SENT'),
    ...(calls.length === 0 ? ['  Nothing.'] : calls),
    '',
    colors.bold('NOW'),
    ...now,
    '',
    colors.bold('RECORD'),
    ...indented(recordedLine(recording), columns),
    ...(outcome === 'stopped'
      ? ['', ...wrapped('The same command goes on from what AWS shows.', columns)]
      : []),
    '',
  ].join('\n');
}
