import { MINUTE } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import type { ProposedRepair } from '../../monitor/application/operate/propose-repair.ts';
import { rankOf, type Severity } from '../../monitor/domain/finding/finding.ts';
import type { Secret } from '../../monitor/domain/secret/secret.ts';
import { remedyOf } from '../aws/aws-fault.ts';
import { isAwsError, isOfCredentials } from '../aws/cause.ts';
import { askMonitor } from '../aws/deployment.ts';
import { knownCaller } from '../aws/known-caller.ts';
import { QUIET_MS } from '../sweep/progress.ts';
import { changingLine } from '../terminal/changing-line.ts';
import { CliError } from '../terminal/cli-error.ts';
import { printable } from '../terminal/output.ts';
import { presentation } from '../terminal/presentation.ts';
import { confirmAll, sameAccount } from './confirm.ts';
import { type FunctionFix, functionText, type SecretFix } from './fix-function-output.ts';
import { applyPlan, type Fixing } from './fix-secret.ts';
import { checkRecording, recordingFor } from './recording.ts';

/** Plans the repairs of all secrets of a rotation function; applies them one by one where the options say so. */
export async function fixFunction(functionArn: string, fixing: Fixing): Promise<FunctionFix> {
  const { options, terminal, called } = fixing;
  const { planned, refused } = await proposals(functionArn, fixing);
  const ordered = repairOrder(planned);
  const list = [
    ...ordered.map((each, index) => secretFix(each, { outcome: 'planned', isTrial: index === 0 })),
    ...refused,
  ];
  const base = { functionArn, because: undefined };
  const [first] = ordered;
  if (first === undefined)
    return { ...base, outcome: refused.length === 0 ? 'nothing' : 'planned', secrets: list };
  const shown: FunctionFix = { ...base, outcome: 'planned', secrets: list };
  if (options.apply === undefined) return shown;
  const caller = await knownCaller(called, `rotation-monitor fix --function ${functionArn}`);
  const identity = sameAccount(first.proposal.plan, caller);
  const recording = await recordingFor(called, options);
  checkRecording(recording, first.proposal.plan);
  terminal.stderr.write(`${functionText(shown, presentation(options, terminal))}\n`);
  if (options.yes !== true)
    await confirmAll(functionArn, { identity, alias: await called.connected.alias() }, terminal);
  else if (options.account !== identity.account) throw otherAccount(identity.account);
  return applyAll(shown, ordered, { ...fixing, by: identity.arn });
}

const otherAccount = (account: string): CliError =>
  new CliError({
    what: 'Cannot apply the repairs: the account is another one',
    details: [`These credentials belong to account ${account}.`],
    solve: ['Name that account with --account, or log in to the other one. Nothing was changed.'],
    example: `rotation-monitor fix --function ARN --apply --yes --account ${account}`,
  });

/** A secret with a plan for its repair. */
interface PlannedRepair extends ProposedRepair {
  readonly proposal: Extract<ProposedRepair['proposal'], { kind: 'plan' }>;
}

/** The secrets of a function that want to be repaired: with a plan, or with the reason that there is none. */
interface Proposals {
  readonly planned: readonly PlannedRepair[];
  readonly refused: readonly SecretFix[];
}

const hasPlan = (proposed: ProposedRepair): proposed is PlannedRepair => proposed.proposal.kind === 'plan';

async function proposals(functionArn: string, fixing: Fixing): Promise<Proposals> {
  const found: (PlannedRepair | SecretFix | undefined)[] = [];
  const { stderr, clock } = fixing.terminal;
  const line = changingLine(stderr);
  const begunAt = clock.now();
  let read = 0;
  const tell = (): void => {
    if (clock.now() - begunAt < QUIET_MS) return;
    line.show(`${plural(read, 'secret')} read, ${found.length} of this function …`);
  };
  try {
    for await (const { secrets } of fixing.service.catalog.list()) {
      read += secrets.length;
      tell();
      for (const secret of secrets.filter(({ rotationFunctionArn }) => rotationFunctionArn === functionArn)) {
        found.push(await planned(secret, fixing));
        tell();
      }
    }
  } finally {
    line.end();
  }
  fixing.hearing.check();
  return {
    planned: found.filter((each) => each !== undefined && 'proposal' in each),
    refused: found.filter((each) => each !== undefined && 'outcome' in each),
  };
}

/** Returns the plan for a secret, or the reason that there is none; undefined where nothing is to be repaired. */
async function planned(secret: Secret, fixing: Fixing): Promise<PlannedRepair | SecretFix | undefined> {
  try {
    const proposed = await proposalFor(secret, fixing);
    if (hasPlan(proposed)) return proposed;
    const isRefused = proposed.proposal.kind === 'refused';
    return isRefused ? secretFix(proposed, { outcome: 'refused', isTrial: false }) : undefined;
  } catch (error) {
    return notBegun(secret, error);
  }
}

/** Looks at the secret itself: a list may be minutes old. */
async function proposalFor(listed: Secret, { called, options, service }: Fixing): Promise<ProposedRepair> {
  const { proposeRepair } = await import('../../monitor/application/operate/propose-repair.ts');
  const secret = (await service.catalog.describe(listed.arn)) ?? listed;
  const { answer } = await askMonitor(called, options, (memory) => memory.secret(secret.arn));
  return proposeRepair(service, secret, { currentWorks: options.currentWorks === true, remembered: answer });
}

const secretFix = (
  { view: { secret, findings }, proposal }: ProposedRepair,
  said: Pick<SecretFix, 'outcome' | 'isTrial'>,
): SecretFix => ({
  secret,
  severity: findings[0]?.severity,
  because: proposal.kind === 'refused' ? proposal.refusal.because : undefined,
  ...said,
});

/** A secret that could not be looked at, or whose repair could not begin; a mistake of the program passes. */
function notBegun(secret: Secret, error: unknown, isTrial = false): SecretFix {
  const known = { secret, severity: undefined, isTrial, outcome: 'refused' as const };
  if (error instanceof CliError)
    return { ...known, because: [`${error.message}.`, ...error.parts.details].join(' ') };
  if (!isAwsError(error)) throw error;
  const message = error instanceof Error ? error.message.replace(/\.$/, '') : 'a call failed';
  return { ...known, because: [`${message}.`, ...(isOfCredentials(error) ? remedyOf(error) : [])].join(' ') };
}

interface ApplyingAll extends Fixing {
  readonly by: string;
}

/** Five repairs a minute. */
const USUAL_PACE_MS: number = MINUTE / 5;

/**
 * Repairs one after the other, at most so many a minute, until all are done, too many have failed or Ctrl-C comes. Those of
 * lower severity come first until one of them is repaired.
 */
async function applyAll(
  shown: FunctionFix,
  planned: readonly PlannedRepair[],
  fixing: ApplyingAll,
): Promise<FunctionFix> {
  const { options, terminal } = fixing;
  const { rate: betweenMs = USUAL_PACE_MS, stopAfterFailures = 1 } = options;
  const interrupted = terminal.interrupted().then(() => true);
  const done: SecretFix[] = [];
  let waiting = planned;
  let [failures, isProven, isInterrupted] = [0, false, false];
  for (let next = waiting[0]; next !== undefined && failures < stopAfterFailures; next = waiting[0]) {
    if (done.length > 0)
      isInterrupted = await Promise.race([interrupted, terminal.clock.pause(betweenMs).then(() => false)]);
    if (isInterrupted) break;
    const { result, hasFailed } = await repaired(next, { ...fixing, isTrial: !isProven });
    done.push(result);
    terminal.stderr.write(`${progressText(result, done.length, planned.length)}\n`);
    failures += Number(hasFailed);
    isProven ||= result.outcome === 'repaired';
    waiting = isProven ? waiting.slice(1) : repairOrder(waiting.slice(1));
  }
  const untried = waiting.map((each) => secretFix(each, { outcome: 'not-tried', isTrial: false }));
  const refused = shown.secrets.filter(({ outcome }) => outcome === 'refused');
  const because = reasonOf({ failures, isInterrupted, areLeft: untried.length > 0 });
  const outcome = because === undefined ? 'repaired' : 'stopped';
  return { ...shown, outcome, because, secrets: [...done, ...untried, ...refused] };
}

const progressText = ({ secret, outcome, because }: SecretFix, count: number, all: number): string =>
  printable(`${count} of ${all}: ${secret.name}: ${outcome}.${because === undefined ? '' : ` ${because}`}`);

/** The end of a run of several repairs. */
interface RunEnd {
  readonly failures: number;
  readonly isInterrupted: boolean;
  /** Whether some were not begun. */
  readonly areLeft: boolean;
}

/** Returns the reason that not all were repaired; undefined where all were. */
function reasonOf({ failures, isInterrupted, areLeft }: RunEnd): string | undefined {
  if (isInterrupted) return 'It was interrupted: no other was begun.';
  if (failures === 0) return undefined;
  const failed = failures === 1 ? 'A repair failed' : `${failures} repairs failed`;
  return areLeft ? `${failed}: no other was begun.` : `${failed}.`;
}

interface ApplyingOne extends ApplyingAll {
  readonly isTrial: boolean;
}

/** Looks at one secret again and repairs it. One that by now is refused, or needs nothing, has not failed. */
async function repaired(
  { view }: PlannedRepair,
  { isTrial, by, ...fixing }: ApplyingOne,
): Promise<{ readonly result: SecretFix; readonly hasFailed: boolean }> {
  const { called, options, hearing } = fixing;
  try {
    const again = await proposalFor(view.secret, fixing);
    hearing.check();
    const known = secretFix(again, { outcome: 'refused', isTrial });
    if (!hasPlan(again)) return { result: known, hasFailed: false };
    const { plan } = again.proposal;
    const recording = await recordingFor(called, options);
    checkRecording(recording, plan);
    const { report } = await applyPlan(fixing, plan, { recording, by });
    const result = { ...known, outcome: report.outcome, because: report.because };
    return { result, hasFailed: report.outcome !== 'repaired' };
  } catch (error) {
    return { result: notBegun(view.secret, error, isTrial), hasFailed: true };
  }
}

/** A repair that knows how grave its secret's finding is. */
interface Ranked {
  readonly view: { readonly findings: readonly { readonly severity: Severity }[] };
}

/** Orders repairs: one of the lowest severity as a trial, then the gravest first; among equals the order stays. */
export function repairOrder<T extends Ranked>(repairs: readonly T[]): readonly T[] {
  const worstFirst = [...repairs].sort((a, b) => rank(b) - rank(a));
  const trial = worstFirst.pop();
  return trial === undefined ? [] : [trial, ...worstFirst];
}

const rank = ({ view: { findings } }: Ranked): number => {
  const [finding] = findings;
  return finding === undefined ? -1 : rankOf(finding.severity);
};
