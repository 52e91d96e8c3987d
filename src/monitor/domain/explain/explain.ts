import { type Instant, later, MINUTE } from '../../../calendar/instant.ts';
import type { Facts } from '../detect/detector.ts';
import { spanBefore } from '../examine/examination.ts';
import { functionName } from '../examine/watched-resources.ts';
import { type Change, changesAmong, listedChanges, mergedChanges } from '../finding/change.ts';
import type { Explanation, Finding } from '../finding/finding.ts';
import { adviceFor, logsOf } from './advice.ts';
import { riskOf } from './blast-radius.ts';
import { situationOf } from './situation.ts';
import { dailyWhy, functionWhy, why } from './why.ts';

/** Says why a finding is believed, what is at risk and what to do; the commands name this secret and its versions. */
export function explain(finding: Finding, facts: Facts, now: Instant): Explanation {
  const situation = situationOf(finding, facts, now);
  return {
    why: [...why(situation, now), ...dailyWhy(situation, now), ...functionWhy(situation)],
    ...riskOf(situation),
    advice: adviceFor(situation),
    failingStep: situation.step,
    logs: logsOf(situation),
    ...changesOf(finding, facts, now),
  };
}

/**
 * Returns the changes in the day before: those of the history, and those that events reported even where the history
 * has none.
 */
function changesOf(
  finding: Finding,
  { secret, evidence, examination }: Facts,
  now: Instant,
): Pick<Explanation, 'changes' | 'changesSeenFrom' | 'changesSeenUntil' | 'changesUnsought'> {
  const told = toldChanges(finding, { secret, evidence }, now);
  const seen = examination?.changes;
  if (seen === undefined)
    return told.length === 0
      ? { changes: undefined }
      : { changes: listedChanges(told), changesSeenFrom: 'events' };
  const { changesSeenFrom, changesUnsought } = examination ?? {};
  const recordedUntil = later(now, -RECORDED_AFTER_MS);
  return {
    changes: listedChanges(mergedChanges(seen, told)),
    changesSeenFrom,
    ...(recordedUntil < finding.since ? { changesSeenUntil: recordedUntil } : {}),
    ...(changesUnsought === undefined ? {} : { changesUnsought }),
  };
}

/**
 * Most calls are in the event history after this; about five minutes are usual, and none are promised.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
const RECORDED_AFTER_MS: number = 10 * MINUTE;

function toldChanges(
  finding: Finding,
  { secret, evidence }: Pick<Facts, 'secret' | 'evidence'>,
  now: Instant,
): readonly Change[] {
  const source = 'secretsmanager.amazonaws.com';
  const calls = evidence.flatMap(({ id, kind, at, operation, actor }) =>
    kind === 'secret-changed' && operation !== undefined ? [{ id, at, source, operation, actor }] : [],
  );
  const functionArn = secret.rotationFunctionArn;
  const scope = { span: spanBefore(finding, now), functionName: functionArn && functionName(functionArn) };
  return changesAmong([{ label: `the secret ${secret.name}`, source, calls }], scope);
}
