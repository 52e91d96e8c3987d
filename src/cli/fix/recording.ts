import { runId } from '../../monitor/adapters/system/run-id.ts';
import type { ApplyingRepair } from '../../monitor/application/operate/apply-repair.ts';
import type { FoundDeployment } from '../../monitor/compose/operator/compose-deployment.ts';
import { USUAL_DEPLOYMENT } from '../../monitor/config/announcement.ts';
import { secretWord } from '../../monitor/domain/command-line.ts';
import { changeOf, type RepairPlan } from '../../monitor/domain/repair/repair-plan.ts';
import type { RepairLog } from '../../monitor/ports/repair/repair-log.ts';
import { MonitorMemoryError } from '../../monitor/ports/store/monitor-memory.ts';
import type { Called } from '../aws/calling.ts';
import { causeOf, isAwsError } from '../aws/cause.ts';
import { type DeploymentOptions, findNamed } from '../aws/deployment.ts';
import { CliError } from '../terminal/cli-error.ts';

/** Whether a repair is recorded where the monitor remembers alerts. */
export interface Recording {
  /** `no-monitor`: none is deployed. `denied`: the right is missing. `declined`: the operator gave a reason. */
  readonly state: 'recorded' | 'no-monitor' | 'denied' | 'declined';
  /** Reason that it is not recorded; undefined where it is. */
  readonly why: string | undefined;
  readonly log: RepairLog | undefined;
}

/** Options of a repair that is recorded. */
export interface RecordingOptions extends DeploymentOptions {
  /** Reason to repair without a record. */
  readonly unrecorded?: string;
}

/** Finds out whether a repair can be recorded; changes nothing. */
export async function recordingFor(
  called: Called,
  { deployment, unrecorded }: RecordingOptions,
): Promise<Recording> {
  if (unrecorded !== undefined) return { state: 'declined', why: unrecorded, log: undefined };
  let found: FoundDeployment | undefined;
  try {
    found = await findNamed(called, deployment);
  } catch (error) {
    if (!isAwsError(error) || causeOf(error) !== 'denied') throw error;
    return { state: 'denied', why: 'ssm:GetParameter was denied', log: undefined };
  }
  const log = found?.repairLog;
  if (log === undefined) {
    const name = deployment ?? USUAL_DEPLOYMENT;
    return { state: 'no-monitor', why: `no monitor named "${name}" records repairs here`, log };
  }
  if (await log.mayRecord()) return { state: 'recorded', why: undefined, log };
  return { state: 'denied', why: 'lambda:InvokeFunction on record-repair was denied', log: undefined };
}

/** One sentence for the plan. */
export function recordingLine({ state, why }: Pick<Recording, 'state' | 'why'>): string {
  switch (state) {
    case 'recorded':
      return 'The monitor records the intent and each result, with your identity.';
    case 'no-monitor':
      return `Nothing but CloudTrail records it: ${why}.`;
    case 'denied':
      return `It cannot be recorded: ${why}. --apply needs --unrecorded with a reason.`;
    case 'declined':
      return `It is not recorded: ${why}.`;
  }
}

/** One sentence for the report. */
export const recordedLine = ({ state, why }: Pick<Recording, 'state' | 'why'>): string =>
  state === 'recorded'
    ? why === undefined
      ? 'The monitor recorded the intent and each result. They count as stated until CloudTrail confirms them.'
      : `Not all of it was recorded: ${why}.`
    : `Nothing but CloudTrail recorded it: ${why}.`;

/** Fails where a repair could be recorded and may not be. */
export function checkRecording({ state, why }: Recording, plan: RepairPlan): void {
  if (state !== 'denied') return;
  throw new CliError({
    what: `Cannot record the repair of "${plan.secretName}"`,
    details: [`${why?.replace(/^./, (first) => first.toUpperCase())}. Nothing was changed.`],
    solve: ['Ask for the right (docs/permissions.md, repairer), or say why nobody needs the record.'],
    example: `rotation-monitor fix ${secretWord(plan)} --apply --unrecorded 'the monitor is being deployed'`,
  });
}

/** A repair while it is recorded. */
export interface RecordedRun {
  /** Records the calls of the repair. */
  readonly onCall: ApplyingRepair['onCall'];
  /** Records the outcome, and answers how many results could not be recorded. */
  end(outcome: string): Promise<number>;
}

/** Records the intent; fails with a CliError while another repair of the secret runs. A result that cannot be recorded does not stop the repair. */
export async function beginRecording({ log }: Recording, plan: RepairPlan, by: string): Promise<RecordedRun> {
  if (log === undefined) return { onCall: async () => undefined, end: async () => 0 };
  const run = { secretArn: plan.secretArn, id: runId(), by };
  const begun = await log.begin({ ...run, intent: plan.calls.map((call) => changeOf(call, plan)) });
  if (begun.outcome === 'busy') throw busy(plan, begun.by);
  let lost = 0;
  const note = async (result: object): Promise<void> => {
    try {
      await log.note({ ...run, ...result });
    } catch (error) {
      if (!(error instanceof MonitorMemoryError)) throw error;
      lost += 1;
    }
  };
  return {
    onCall: async (call, state) => {
      if (state === 'sending') return;
      await note({ call: { what: changeOf(call, plan), state, movesLabel: call.kind !== 'prove' } });
    },
    end: async (outcome) => {
      await note({ end: outcome });
      return lost;
    },
  };
}

const busy = (plan: RepairPlan, by: string): CliError =>
  new CliError({
    what: `Cannot repair "${plan.secretName}": another repair of it is running`,
    details: [
      by === '' ? 'Another operator began it.' : `${by} began it.`,
      'A run that was killed blocks others for at most 16 minutes. Nothing was changed.',
    ],
    solve: ['Wait until it has ended, or say with --unrecorded why you know that it has.'],
    example: `rotation-monitor explain ${secretWord(plan)}`,
  });
