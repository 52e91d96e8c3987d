import type { Simulator } from '../../simulator/simulator.ts';
import type { AdvisedStep } from '../court/told/told-in.ts';
import { currentLogsIn } from '../court/truth/ground-truth.ts';
import { pendingLives } from '../court/truth/pending-lives.ts';
import { type CommandOutcome, runAwsCommand } from './aws-cli.ts';

/** An operator's work on one step of the advice. */
export interface StepDone {
  readonly text: string;
  /** The reason why it was left out; undefined when it was followed. */
  readonly leftOut: string | undefined;
  readonly commands: readonly { readonly line: string; readonly outcome: CommandOutcome }[];
}

/** The simulator and secret of an operator, and their way to type commands. */
export interface OperatorDesk {
  readonly simulator: Simulator;
  readonly secretArn: string;
  /** Makes the idempotency tokens that the AWS CLI would make. */
  readonly uuid: () => string;
  /** Types one command; straight into the simulator when left out. */
  readonly type?: (line: string) => Promise<CommandOutcome>;
  /** Lets some minutes pass where the advice says to wait; without it nobody waits. */
  readonly wait?: () => Promise<void>;
}

/** The facts after the commands so far. */
interface Progress {
  /** Steps of the rotation function that were invoked by hand, and whether the last time failed. */
  readonly failedSteps: Map<string, boolean>;
  /** Answer of the last testSecret. */
  testAnswer: string;
  /** Whether AWSPENDING came off, and has not been put back since. */
  pendingRemoved: boolean;
  switchedOn: boolean;
  /** Whether the label that keeps a version was put on it. */
  rescued: boolean;
  finished: boolean;
  /** Whether a rotation was asked for. */
  rotated: boolean;
}

/** Follows the steps of an alert from first to last, each only if its own words allow it. */
export async function followAdvice(
  desk: OperatorDesk,
  steps: readonly AdvisedStep[],
): Promise<readonly StepDone[]> {
  const progress: Progress = {
    failedSteps: new Map(),
    testAnswer: '',
    pendingRemoved: false,
    switchedOn: false,
    rescued: false,
    finished: false,
    rotated: false,
  };
  const { type = (line: string) => runAwsCommand(desk.simulator, line, { uuid: desk.uuid }) } = desk;
  const done: StepDone[] = [];
  for (const { text, commands } of steps) {
    const leftOut = commands.length === 0 ? undefined : obstacle(text, desk, progress);
    const typed: { line: string; outcome: CommandOutcome }[] = [];
    if (leftOut === undefined && /\bwait until\b/.test(text)) await desk.wait?.();
    for (const line of leftOut === undefined ? commands : []) {
      const outcome = await type(line);
      note(progress, line, outcome);
      typed.push({ line, outcome });
    }
    done.push({ text, leftOut, commands: typed });
  }
  return done;
}

interface Proviso {
  /** The words of the step. */
  readonly words: RegExp;
  readonly allows: (progress: Progress, desk: OperatorDesk) => boolean;
  readonly otherwise: string;
}

const passed = ({ failedSteps }: Progress, step: string): boolean => failedSteps.get(step) === false;
const failed = ({ failedSteps }: Progress, step: string): boolean => failedSteps.get(step) === true;

const PROVISOS: readonly Proviso[] = [
  {
    words: /^Only if that answers without an error/,
    allows: (progress) => passed(progress, 'testSecret'),
    otherwise: 'that answered with an error',
  },
  {
    words: /the log of the function shows that setSecret ran/,
    allows: (_progress, desk) => setSecretRan(desk),
    otherwise: 'the log does not show that setSecret ran',
  },
  {
    words: /^Only if testSecret succeeded and finishSecret fails/,
    allows: (progress) => passed(progress, 'testSecret') && failed(progress, 'finishSecret'),
    otherwise: 'finishSecret did not fail',
  },
  {
    words: /^If testSecret fails/,
    allows: (progress) => failed(progress, 'testSecret'),
    otherwise: 'testSecret did not fail',
  },
  {
    words: /^If it answered "not enabled for rotation"/,
    allows: ({ testAnswer }) => testAnswer.includes('not enabled for rotation'),
    otherwise: 'it did not say that rotation is off',
  },
  {
    words: /^If you have switched rotation on/,
    allows: ({ switchedOn }) => switchedOn,
    otherwise: 'rotation was not switched on',
  },
  {
    words: /^If AWSPENDING was removed/,
    allows: ({ pendingRemoved }) => pendingRemoved,
    otherwise: 'AWSPENDING was not removed',
  },
  {
    words: /prove that AWSCURRENT still logs in/i,
    allows: (_progress, desk) => logsIn(desk),
    otherwise: 'AWSCURRENT no longer logs in',
  },
  {
    words: /^If AWSCURRENT does not log in/,
    allows: (_progress, desk) => !logsIn(desk),
    otherwise: 'AWSCURRENT logs in',
  },
  {
    words: /^If it does not, rotate/,
    allows: (_progress, desk) => !logsIn(desk),
    otherwise: 'AWSCURRENT logs in',
  },
  {
    words: /^If it does, fix the cause/,
    allows: (_progress, desk) => logsIn(desk),
    otherwise: 'AWSCURRENT no longer logs in',
  },
  {
    words: /^To wait for the next rotation window instead/,
    allows: ({ rotated }) => !rotated,
    otherwise: 'it rotates already',
  },
  {
    words: /remove it once a rotation has succeeded/,
    allows: ({ finished, rescued }) => finished && rescued,
    otherwise: 'no rotation has succeeded yet',
  },
  {
    words:
      /^(Only if|If|Prove) .*(testSecret|let the (rotation )?function|switched rotation on|rotate:)|^Then rotate, unless/,
    allows: ({ finished }) => !finished,
    otherwise: 'the rotation is finished',
  },
];

const obstacle = (text: string, desk: OperatorDesk, progress: Progress): string | undefined =>
  PROVISOS.find(({ words, allows }) => words.test(text) && !allows(progress, desk))?.otherwise;

/** Whether an application's own health check would succeed: the target accepts AWSCURRENT. */
function logsIn({ simulator, secretArn }: OperatorDesk): boolean {
  const now = simulator.secretsManager.history(secretArn).at(-1);
  return now !== undefined && currentLogsIn(now) !== false;
}

/** Whether the log of the function shows that setSecret had begun for the pending version. */
const setSecretRan = ({ simulator, secretArn }: OperatorDesk): boolean =>
  pendingLives(simulator.secretsManager.history(secretArn)).at(-1)?.setBegun === true;

function note(progress: Progress, line: string, outcome: CommandOutcome): void {
  const hasFailed = outcome.kind === 'refused' || (outcome.kind === 'done' && outcome.functionError);
  const [, step] = /"Step":"(\w+)"/.exec(line) ?? [];
  if (step !== undefined) progress.failedSteps.set(step, hasFailed);
  if (step === 'testSecret') progress.testAnswer = JSON.stringify(outcome);
  if (hasFailed) return;
  if (/--version-stage AWSPENDING --remove-from-version-id/.test(line)) progress.pendingRemoved = true;
  if (/--version-stage AWSPENDING --move-to-version-id/.test(line)) progress.pendingRemoved = false;
  if (/--version-stage rotation-rescue\S* --move-to-version-id/.test(line)) progress.rescued = true;
  if (line.includes('--no-rotate-immediately')) progress.switchedOn = true;
  else if (line.includes(' rotate-secret ')) progress.rotated = true;
  if (step === 'finishSecret' || /--version-stage AWSCURRENT/.test(line)) progress.finished = true;
}
