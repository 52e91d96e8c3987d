import type { RepairReport } from '../../monitor/application/operate/apply-repair.ts';
import type { ProposedRepair } from '../../monitor/application/operate/propose-repair.ts';
import { adviceOf, type SecretView } from '../../monitor/application/operate/view-secret.ts';
import { secretWord } from '../../monitor/domain/command-line.ts';
import { removeLabel, rotateSecret } from '../../monitor/domain/explain/commands.ts';
import { isRescue } from '../../monitor/domain/explain/rescue-label.ts';
import type { Advice } from '../../monitor/domain/finding/finding.ts';
import { changeOf, type RepairPlan, riskOf } from '../../monitor/domain/repair/repair-plan.ts';
import type { Asked } from '../aws/deployment.ts';
import { unknownLines } from '../explain/explain-text.ts';
import { type Colors, printable } from '../terminal/output.ts';
import { hanging, wrapped } from '../terminal/wrap.ts';
import { type Recording, recordedLine, recordingLine } from './recording.ts';

/** Colors and width of the text about a repair. */
export interface FixFrame {
  readonly colors: Colors;
  readonly columns: number;
}

/** A plan with the view that it rests on, and whether it is recorded. */
export interface KnownPlan {
  readonly view: SecretView;
  /** The answer of the deployed monitor, or why there is none. */
  readonly asked: Asked<unknown>;
  readonly plan: RepairPlan;
  readonly recording: Recording;
}

const indented = (text: string, columns: number, margin?: string): readonly string[] =>
  hanging(printable(text), columns, margin);

/** A plan, call by call: what each changes and what could go wrong. */
export function planText(
  { view, asked, plan, recording }: KnownPlan,
  { colors, columns }: FixFrame,
  next: readonly Advice[] = [],
): string {
  const { reached, pending, current } = plan;
  const calls = plan.calls.flatMap((call, index) => [
    ...indented(`${index + 1}. ${changeOf(call, plan)}`, columns),
    ...indented(riskOf(call), columns, '     '),
  ]);
  const known = reached === undefined ? '' : ` Its rotation came as far as ${reached}, which failed.`;
  return [
    ...headLines(view, { colors, columns }),
    ...wrapped(printable(`AWSCURRENT is on ${current}. This is about version ${pending}.${known}`), columns),
    ...(isOfGivenUp(plan, view) ? wrapped(GIVEN_UP_BEFORE, columns) : []),
    '',
    colors.bold('PLAN'),
    ...calls,
    '',
    colors.bold('RECORD'),
    ...indented(recordingLine(recording), columns),
    ...unknownPart(view, asked, { colors, columns }),
    ...stepsPart('NEXT', next, { colors, columns }),
    '',
  ].join('\n');
}

/** Whether a plan makes a version pending again that a label of our own has kept since it was given up. */
const isOfGivenUp = ({ calls, pending }: RepairPlan, { secret }: SecretView): boolean =>
  calls.some(({ kind }) => kind === 'restore') && secret.versionStages[pending]?.some(isRescue) === true;

const GIVEN_UP_BEFORE =
  'That version was given up before, and this plan tests it once more. If AWSCURRENT logs in, leave it: fix the cause and rotate.';

/** The secret, and the worst that is wrong with it. */
function headLines(
  { secret, findings, reported }: SecretView,
  { colors, columns }: FixFrame,
): readonly string[] {
  const [finding] = findings;
  const [worst] = [...findings, ...reported];
  const what = worst === undefined ? 'a version is pending' : `${worst.severity} ${worst.code}`;
  return [
    colors.bold(`${printable(secret.name)}: ${what}`),
    printable(secret.arn),
    ...(finding === undefined ? [] : wrapped(printable(finding.what), columns)),
    ...(finding === undefined
      ? []
      : [`The credential in use: ${finding.credentialInUse.replaceAll('-', ' ')}.`]),
  ];
}

/** Facts that could not be found out, with which the plan might be another one. */
function unknownPart(
  view: SecretView,
  asked: Asked<unknown>,
  { colors, columns }: FixFrame,
): readonly string[] {
  const lines = unknownLines(view, asked).flatMap((line) => indented(line, columns));
  return lines.length === 0 ? [] : ['', colors.bold('NOT KNOWN'), ...lines];
}

/** Steps for a person below a title, numbered where there are several; nothing where there are none. */
function stepsPart(
  title: string,
  steps: readonly Advice[],
  { colors, columns }: FixFrame,
): readonly string[] {
  if (steps.length === 0) return [];
  const lines = steps.flatMap(({ text, commands }, index) => [
    ...indented(steps.length === 1 ? text : `${index + 1}. ${text}`, columns),
    ...commands.map((command) => `     ${printable(command)}`),
  ]);
  return ['', colors.bold(title), ...lines];
}

/** Returns the reason for doing nothing, with the advice for people. */
export function refusalText(
  { view, asked, proposal }: ProposedRepair & Pick<KnownPlan, 'asked'>,
  frame: FixFrame,
): string {
  if (proposal.kind !== 'refused') return `${printable(view.secret.name)}: nothing is to be repaired.\n`;
  const { code, because } = proposal.refusal;
  return [
    ...headLines(view, frame),
    '',
    frame.colors.bold(`NOTHING WAS CHANGED (${code})`),
    ...indented(because, frame.columns),
    ...unknownPart(view, asked, frame),
    ...stepsPart('WHAT TO DO', adviceOf(view), frame),
    '',
  ].join('\n');
}

/** Returns the end of a repair: the calls that were sent, their outcome, and the state now. */
export function reportText(report: RepairReport, { plan, recording }: KnownPlan, frame: FixFrame): string {
  const { outcome, because, sent, stages } = report;
  const { colors, columns } = frame;
  const said = {
    repaired: colors.green('repaired'),
    disproven: colors.red('not repaired, nothing was promoted'),
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
    ...stepsPart('NEXT', nextSteps(plan, report), frame),
    '',
  ].join('\n');
}

/** Returns the steps that are left to a person once a repair has ended. */
function nextSteps(plan: RepairPlan, report: RepairReport): readonly Advice[] {
  switch (report.outcome) {
    case 'repaired':
      return report.stages?.[plan.pending]?.includes('AWSCURRENT') === true
        ? afterPromotion(plan, report)
        : afterGivingUp(plan, report);
    case 'disproven':
      return afterRefusal(plan);
    case 'stopped':
      return [say('The same command goes on from what AWS shows.')];
  }
}

const say = (text: string, ...commands: readonly string[]): Advice => ({ text, commands });

const afterPromotion = (plan: RepairPlan, { sent, stages }: RepairReport): readonly Advice[] => [
  ...(stages?.[plan.pending]?.includes('AWSPENDING') === true
    ? [say('AWSPENDING may stay: on the version that is AWSCURRENT it is healthy.')]
    : []),
  say('See that applications log in: one that keeps an old credential has to read the secret again.'),
  ...(sent.some(({ call, state }) => call.kind === 'finish' && state !== 'done')
    ? [say('Fix finishSecret of the rotation function before the next rotation.')]
    : []),
  ...withoutRescue(plan, stages, 'AWSCURRENT keeps the version now: remove the label that kept it.'),
];

const afterGivingUp = (plan: RepairPlan, { stages }: RepairReport): readonly Advice[] => [
  say('Fix the cause. The error lines of the rotation function name it.', explainLogs(plan)),
  say('Then rotate: this changes the password at the target.', rotateSecret(secretOf(plan))),
  ...withoutRescue(
    plan,
    stages,
    'Once a rotation has succeeded, remove the label that keeps the old version.',
  ),
];

const afterRefusal = (plan: RepairPlan): readonly Advice[] => [
  say('Find the cause. The error lines of the rotation function name it.', explainLogs(plan)),
  plan.calls.some(({ kind }) => kind === 'restore')
    ? say('If AWSCURRENT logs in, fix the cause and rotate.', rotateSecret(secretOf(plan)))
    : say('If AWSCURRENT logs in, repeat with --current-works: it gives the pending version up.'),
  say(
    'If neither logs in, start the database, unlock the account, or let an administrator reset the password. Then repeat this command.',
  ),
];

/** Removes the label of our own, where the version carries one. */
function withoutRescue(plan: RepairPlan, stages: RepairReport['stages'], text: string): readonly Advice[] {
  const label = stages?.[plan.pending]?.find(isRescue);
  return label === undefined ? [] : [say(text, removeLabel(secretOf(plan), label, plan.pending))];
}

const secretOf = ({ secretArn: arn, region }: RepairPlan) => ({ arn, region });

const explainLogs = (plan: RepairPlan): string =>
  `rotation-monitor explain ${secretWord(plan)} --logs --region ${plan.region}`;
