import { readFile } from 'node:fs/promises';
import { formatDuration, formatInstant, HOUR, type Instant, parseInstant } from '../../calendar/instant.ts';
import { changeOf, type RepairPlan, riskOf } from '../../monitor/domain/repair/repair-plan.ts';
import { type PlanFile, planSchema } from '../schemas/fix-schema.ts';
import { CliError } from '../terminal/cli-error.ts';

/** A plan says what was true when it was made: an hour later much may have happened. */
const LONGEST_AGE_MS: number = HOUR;

/** The author of a plan and the time it was made. */
export interface Maker {
  readonly by: string;
  readonly at: Instant;
}

/** A plan as it is stored and as `--json` prints it. */
export const planFile = (plan: RepairPlan, { by, at }: Maker): PlanFile => ({
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
export async function readPlan(path: string, now: Instant): Promise<PlanFile> {
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
export function differenceIn(stored: PlanFile, now: PlanFile): string | undefined {
  const fields = ['account', 'region', 'secretArn', 'current', 'pending', 'function'] as const;
  const field = fields.find((each) => JSON.stringify(stored[each]) !== JSON.stringify(now[each]));
  if (field !== undefined)
    return `${field} was ${JSON.stringify(stored[field])} and is ${JSON.stringify(now[field])} now`;
  // What was done before needs not be done again: the calls that are left are the end of those that were planned.
  const left = JSON.stringify(stored.calls.slice(-now.calls.length));
  return left === JSON.stringify(now.calls) ? undefined : 'other calls would be needed now';
}
