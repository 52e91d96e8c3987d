import { MINUTE } from '../../calendar/instant.ts';
import type { ProposedRepair } from '../../monitor/application/operate/propose-repair.ts';
import { rankOf, type Severity } from '../../monitor/domain/finding/finding.ts';
import type { Secret } from '../../monitor/domain/secret/secret.ts';
import { askMonitor } from '../aws/deployment.ts';
import { knownCaller } from '../aws/known-caller.ts';
import { CliError } from '../terminal/cli-error.ts';
import { presentation } from '../terminal/presentation.ts';
import { confirmAll, sameAccount } from './confirm.ts';
import { type FunctionFix, functionText, type SecretFix } from './fix-function-output.ts';
import { applyPlan, type Fixing } from './fix-secret.ts';
import { checkRecording, recordingFor } from './recording.ts';

/** Plans the repairs of all secrets of a rotation function; applies them one by one where the options say so. */
export async function fixFunction(functionArn: string, fixing: Fixing): Promise<FunctionFix> {
  const { options, terminal, called } = fixing;
  const proposed = await proposals(functionArn, fixing);
  fixing.hearing.check();
  const planned = repairOrder(proposed.filter(({ proposal }) => proposal.kind === 'plan'));
  const refused = proposed.filter(({ proposal }) => proposal.kind === 'refused');
  const list = [
    ...planned.map((each, index) => secretFix(each, { outcome: 'planned', isTrial: index === 0 })),
    ...refused.map((each) => secretFix(each, { outcome: 'refused', isTrial: false })),
  ];
  const base = { functionArn, because: undefined };
  const [first] = planned;
  if (first?.proposal.kind !== 'plan')
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
  return applyAll(shown, planned, { ...fixing, by: identity.arn });
}

const otherAccount = (account: string): CliError =>
  new CliError({
    what: 'Cannot apply the repairs: the account is another one',
    details: [`These credentials belong to account ${account}.`],
    solve: ['Name that account with --account, or log in to the other one. Nothing was changed.'],
    example: `rotation-monitor fix --function ARN --apply --yes --account ${account}`,
  });

async function proposals(functionArn: string, fixing: Fixing): Promise<readonly ProposedRepair[]> {
  const found: ProposedRepair[] = [];
  for await (const { secrets } of fixing.service.catalog.list())
    for (const secret of secrets.filter(({ rotationFunctionArn }) => rotationFunctionArn === functionArn))
      found.push(await proposalFor(secret, fixing));
  return found;
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

interface ApplyingAll extends Fixing {
  readonly by: string;
}

/** Five repairs a minute. */
const USUAL_PACE_MS: number = MINUTE / 5;

/** Repairs one after the other, at most so many a minute, until all are done or too many have failed. */
async function applyAll(
  shown: FunctionFix,
  planned: readonly ProposedRepair[],
  fixing: ApplyingAll,
): Promise<FunctionFix> {
  const { options, called, terminal } = fixing;
  const { rate: betweenMs = USUAL_PACE_MS, stopAfterFailures = 1 } = options;
  const done = new Map<string, SecretFix>();
  let failures = 0;
  for (const [index, { view }] of planned.entries()) {
    if (failures >= stopAfterFailures) break;
    if (index > 0) await terminal.clock.pause(betweenMs);
    const again = await proposalFor(view.secret, fixing);
    const { proposal } = again;
    const known = secretFix(again, { outcome: 'refused', isTrial: index === 0 });
    if (proposal.kind === 'plan') {
      const recording = await recordingFor(called, options);
      const { report } = await applyPlan(fixing, proposal.plan, { recording, by: fixing.by });
      done.set(view.secret.arn, { ...known, outcome: report.outcome, because: report.because });
      if (report.outcome !== 'repaired') failures += 1;
    } else done.set(view.secret.arn, known);
  }
  const secrets = shown.secrets.map((each): SecretFix => {
    const result = done.get(each.secret.arn);
    return result ?? (each.outcome === 'planned' ? { ...each, outcome: 'not-tried' } : each);
  });
  return failures === 0
    ? { ...shown, outcome: 'repaired', secrets }
    : { ...shown, outcome: 'stopped', because: 'A repair failed: no other was begun.', secrets };
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
