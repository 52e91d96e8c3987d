import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatDuration, formatInstant, HOUR, type Instant, parseInstant } from '../../calendar/instant.ts';
import type { RepairReport } from '../../monitor/application/operate/apply-repair.ts';
import type { Repairing } from '../../monitor/compose/operator/compose-repairing.ts';
import { secretWord } from '../../monitor/domain/command-line.ts';
import { changeOf, type RepairPlan, riskOf } from '../../monitor/domain/repair/repair-plan.ts';
import { remedyOf } from '../aws/aws-fault.ts';
import type { Called } from '../aws/calling.ts';
import type { ConnectionOptions } from '../aws/connecting.ts';
import { askMonitor } from '../aws/deployment.ts';
import type { Hearing } from '../aws/hear-credentials.ts';
import { knownCaller } from '../aws/known-caller.ts';
import { namedSecret } from '../aws/named-secret.ts';
import { type PlanFile, planSchema } from '../schemas/fix-schema.ts';
import { CliError } from '../terminal/cli-error.ts';
import type { Terminal } from '../terminal/output.ts';
import { type PresentationOptions, presentation } from '../terminal/presentation.ts';
import { writeWhole } from '../terminal/whole-file.ts';
import { confirm, sameAccount } from './confirm.ts';
import type { FixResult } from './fix-json.ts';
import { planText } from './fix-text.ts';
import {
  beginRecording,
  checkRecording,
  type Recording,
  type RecordingOptions,
  recordingFor,
} from './recording.ts';

/** Options of `fix`. */
export interface FixOptions extends ConnectionOptions, RecordingOptions, PresentationOptions {
  readonly out?: string;
  /** The file of a stored plan; true without one. */
  readonly apply?: string | true;
  readonly yes?: true;
  readonly account?: string;
  readonly currentWorks?: true;
  /** ARN of a rotation function, all of whose secrets are meant. */
  readonly function?: string;
  /** Milliseconds between two repairs. */
  readonly rate?: number;
  readonly stopAfterFailures?: number;
  readonly now?: Instant;
}

/** Parts of a run of `fix`. */
export interface Fixing {
  readonly options: FixOptions;
  readonly terminal: Terminal;
  readonly called: Called;
  readonly service: Repairing;
  /** Hears the ports of the service. */
  readonly hearing: Hearing;
}

/** Plans the repair of one secret, and stores or applies the plan as the options say. */
export async function fixSecret(id: string, fixing: Fixing): Promise<FixResult> {
  const { options, terminal, called, service, hearing } = fixing;
  const { proposeRepair } = await import('../../monitor/application/operate/propose-repair.ts');
  const { place, connected } = called;
  const secret = await namedSecret(service.catalog, id, { place, command: 'rotation-monitor fix' });
  const asked = await askMonitor(called, options, (memory) => memory.secret(secret.arn));
  const hints = { currentWorks: options.currentWorks === true, remembered: asked.answer };
  const proposed = { ...(await proposeRepair(service, secret, hints)), asked };
  hearing.check();
  const { proposal, view } = proposed;
  if (proposal.kind !== 'plan')
    return { ...proposed, plan: undefined, report: undefined, recording: undefined };
  const caller = await knownCaller(called, `rotation-monitor fix ${secretWord(proposal.plan)}`);
  const identity = sameAccount(proposal.plan, caller);
  const plan = planFile(proposal.plan, { by: identity.arn, at: view.at });
  const recording = await recordingFor(called, options);
  const planned: FixResult = { ...proposed, plan, report: undefined, recording };
  if (options.out !== undefined) await store(plan, options.out);
  if (options.apply === undefined) return planned;
  if (options.apply === true) {
    const known = { view, asked, plan: proposal.plan, recording };
    terminal.stderr.write(`${planText(known, presentation(options, terminal))}\n`);
    checkRecording(recording, proposal.plan);
    await confirm(proposal.plan, { identity, alias: await connected.alias() }, terminal);
  } else {
    checkStored(await readPlan(options.apply, view.at), plan, options);
    checkRecording(recording, proposal.plan);
  }
  return { ...planned, ...(await applyPlan(fixing, proposal.plan, { recording, by: identity.arn })) };
}

/** Stores a plan, in a folder that is made where it is missing. */
async function store(plan: PlanFile, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, `${JSON.stringify(plan, undefined, 2)}\n`);
}

interface Applying {
  readonly recording: Recording;
  readonly by: string;
}

/** Applies a plan, and records it where it can be recorded. */
export async function applyPlan(
  { service, terminal, hearing }: Fixing,
  plan: RepairPlan,
  { recording, by }: Applying,
): Promise<{ readonly report: RepairReport; readonly recording: Recording }> {
  const { applyRepair } = await import('../../monitor/application/operate/apply-repair.ts');
  const run = await beginRecording(recording, plan, by);
  let isInterrupted = false;
  void terminal.interrupted().then(() => {
    isInterrupted = true;
  });
  const { onCall } = run;
  const applied = await applyRepair(
    { ...service, clock: terminal.clock, isInterrupted: () => isInterrupted, onCall },
    plan,
  );
  const report = withCause(applied, hearing.failure());
  const lost = await run.end(report.outcome);
  const why = lost === 0 ? recording.why : 'the monitor stopped answering while the repair ran';
  return { report, recording: { ...recording, why } };
}

/** A repair that the end of the session has stopped says so: its last call was sent without a right to any. */
const withCause = (report: RepairReport, failure: unknown): RepairReport =>
  report.outcome !== 'stopped' || failure === undefined
    ? report
    : { ...report, because: [report.because, ...remedyOf(failure)].join(' ') };

function checkStored(stored: PlanFile, now: PlanFile, { account }: FixOptions): void {
  const other = stored.account === account ? undefined : `the plan is for account ${stored.account}`;
  const difference = other ?? differenceIn(stored, now);
  if (difference === undefined) return;
  throw new CliError({
    what: `Cannot apply the plan for "${stored.secretName}"`,
    details: [`Something is not as it was when the plan was made: ${difference}.`],
    solve: ['Nothing was changed. Make a new plan and read it.'],
    example: `rotation-monitor fix ${secretWord(stored)} --out plan.json`,
  });
}

/** A plan says what was true when it was made: an hour later much may have happened. */
const LONGEST_AGE_MS: number = HOUR;

/** The author of a plan and the time it was made. */
interface Maker {
  readonly by: string;
  readonly at: Instant;
}

/** A plan as it is stored and as `--json` prints it. */
const planFile = (plan: RepairPlan, { by, at }: Maker): PlanFile => ({
  schemaVersion: 1,
  account: plan.account,
  region: plan.region,
  secretArn: plan.secretArn,
  secretName: plan.secretName,
  code: plan.code,
  current: plan.current,
  pending: plan.pending,
  reached: plan.reached ?? null,
  function: plan.function ? { arn: plan.function.arn, codeSha256: plan.function.codeSha256 ?? null } : null,
  calls: plan.calls.map((call) => ({
    kind: call.kind,
    label: call.label ?? null,
    to: call.to ?? null,
    from: call.from ?? null,
    change: changeOf(call, plan),
    risk: riskOf(call),
  })),
  madeBy: by,
  madeAt: formatInstant(at),
});

/** Reads a stored plan; fails with a CliError when it is none or too old. */
async function readPlan(path: string, now: Instant): Promise<PlanFile> {
  const read = planSchema.safeParse(jsonIn(await readFile(path, 'utf8')));
  if (!read.success) throw planFault(path, ['The file does not hold a plan of this version.']);
  const ageMs = now - (parseInstant(read.data.madeAt) ?? 0);
  if (ageMs > LONGEST_AGE_MS || ageMs < -LONGEST_AGE_MS)
    throw planFault(path, [
      `It was made at ${read.data.madeAt}, ${formatDuration(Math.abs(ageMs))} from now.`,
    ]);
  return read.data;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const planFault = (path: string, details: readonly string[]): CliError =>
  new CliError({
    what: `Cannot apply the plan in "${path}"`,
    details,
    solve: ['Make a new plan, read it, and apply it within the hour.'],
    example: 'rotation-monitor fix prod/db --out plan.json',
  });

/** Returns the first difference between a stored plan and one made now; undefined when there is none. */
function differenceIn(stored: PlanFile, now: PlanFile): string | undefined {
  const fields = ['account', 'region', 'secretArn', 'current', 'pending', 'function'] as const;
  const field = fields.find((each) => JSON.stringify(stored[each]) !== JSON.stringify(now[each]));
  if (field !== undefined)
    return `${field} was ${JSON.stringify(stored[field])} and is ${JSON.stringify(now[field])} now`;
  // What was done before needs not be done again: the calls that are left are the end of those that were planned.
  const left = JSON.stringify(stored.calls.slice(-now.calls.length));
  return left === JSON.stringify(now.calls) ? undefined : 'other calls would be needed now';
}
