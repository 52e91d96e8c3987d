import type { Simulator } from '../../simulator/simulator.ts';
import type { AdvisedStep } from '../court/told/told-in.ts';
import { currentLogsIn } from '../court/truth/ground-truth.ts';
import { type CommandOutcome, runAwsCommand } from './aws-cli.ts';

/** What an operator did about one step of the advice. */
export interface StepDone {
  readonly text: string;
  /** Why it was left out; undefined when it was followed. */
  readonly leftOut: string | undefined;
  readonly commands: readonly { readonly line: string; readonly outcome: CommandOutcome }[];
}

/** Where and as whom the operator works. */
export interface OperatorDesk {
  readonly simulator: Simulator;
  readonly secretArn: string;
  /** Makes the idempotency tokens that the AWS CLI would make. */
  readonly uuid: () => string;
}

/** What is known after the commands so far. */
interface Progress {
  lastFailed: boolean;
  readonly failedSteps: Map<string, boolean>;
  pendingRemoved: boolean;
}

/** Follows the steps of an alert from first to last, each only if its own words allow it. */
export async function followAdvice(
  desk: OperatorDesk,
  steps: readonly AdvisedStep[],
): Promise<readonly StepDone[]> {
  const progress: Progress = { lastFailed: false, failedSteps: new Map(), pendingRemoved: false };
  const done: StepDone[] = [];
  for (const { text, commands } of steps) {
    const leftOut = commands.length === 0 ? undefined : obstacle(text, desk, progress);
    const typed: { line: string; outcome: CommandOutcome }[] = [];
    for (const line of leftOut === undefined ? commands : []) {
      const outcome = await runAwsCommand(desk.simulator, line, { uuid: desk.uuid });
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

const PROVISOS: readonly Proviso[] = [
  {
    words: /^Only if that answers without an error/,
    allows: ({ lastFailed }) => !lastFailed,
    otherwise: 'that answered with an error',
  },
  {
    words: /^Only if testSecret succeeded and finishSecret fails/,
    allows: ({ failedSteps }) =>
      failedSteps.get('testSecret') === false && failedSteps.get('finishSecret') === true,
    otherwise: 'finishSecret did not fail',
  },
  {
    words: /^If testSecret fails/,
    allows: ({ failedSteps }) => failedSteps.get('testSecret') === true,
    otherwise: 'testSecret did not fail',
  },
  {
    words: /^If AWSPENDING was taken off/,
    allows: ({ pendingRemoved }) => pendingRemoved,
    otherwise: 'AWSPENDING was not taken off',
  },
  {
    words: /prove that AWSCURRENT still logs in/i,
    allows: (_progress, desk) => logsIn(desk),
    otherwise: 'AWSCURRENT does not log in any more',
  },
];

const obstacle = (text: string, desk: OperatorDesk, progress: Progress): string | undefined =>
  PROVISOS.find(({ words, allows }) => words.test(text) && !allows(progress, desk))?.otherwise;

/** What an application's own health check tells: whether the target accepts AWSCURRENT. */
function logsIn({ simulator, secretArn }: OperatorDesk): boolean {
  const now = simulator.secretsManager.history(secretArn).at(-1);
  return now !== undefined && currentLogsIn(now) !== false;
}

function note(progress: Progress, line: string, outcome: CommandOutcome): void {
  const failed = outcome.kind === 'refused' || (outcome.kind === 'done' && outcome.functionError);
  progress.lastFailed = failed;
  const [, step] = /"Step":"(\w+)"/.exec(line) ?? [];
  if (step !== undefined) progress.failedSteps.set(step, failed);
  if (!failed && /--version-stage AWSPENDING --remove-from-version-id/.test(line))
    progress.pendingRemoved = true;
}
