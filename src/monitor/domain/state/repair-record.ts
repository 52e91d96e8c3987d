import { type Instant, MINUTE, SECOND } from '../../../calendar/instant.ts';
import type { RecordedCall } from '../finding/change.ts';
import type { Evidence } from '../rotation/evidence.ts';

/** A call of a repair, as its operator states it. */
export interface StatedCall {
  readonly at: Instant;
  /** The change, in one sentence. */
  readonly what: string;
  readonly state: 'done' | 'failed' | 'unknown';
  /** Whether CloudTrail records it as a call on the secret: invocations of functions are not recorded. */
  readonly movesLabel: boolean;
}

/** One repair, as its operator states it: the intent, the result of each call, and the end. */
export interface RepairRecord {
  /** Id of the run. */
  readonly id: string;
  readonly startedAt: Instant;
  /** ARN of the operator, as STS told it to them. */
  readonly by: string;
  /** The planned changes, in one sentence each. */
  readonly intent: readonly string[];
  readonly calls: readonly StatedCall[];
  /** Outcome; undefined as long as the run goes on, or when it was killed. */
  readonly outcome?: string | undefined;
}

/** Most repairs that are kept for one secret; the earliest go first. */
const MOST_REPAIRS = 10;
/** Most calls of one repair. */
const MOST_CALLS = 20;

/** Adds the beginning of a repair; the same one again changes nothing. */
export const withIntent = (
  known: readonly RepairRecord[],
  begun: Pick<RepairRecord, 'id' | 'startedAt' | 'by' | 'intent'>,
): readonly RepairRecord[] =>
  known.some(({ id }) => id === begun.id) ? known : [...known, { ...begun, calls: [] }].slice(-MOST_REPAIRS);

/** Adds the result of a call, or the outcome, to the repair with this id. */
export const withResult = (
  known: readonly RepairRecord[],
  id: string,
  { call, outcome }: { readonly call?: StatedCall | undefined; readonly outcome?: string | undefined },
): readonly RepairRecord[] =>
  known.map((record) =>
    record.id !== id
      ? record
      : {
          ...record,
          calls: [...record.calls, ...(call === undefined ? [] : [call])].slice(0, MOST_CALLS),
          ...(outcome === undefined ? {} : { outcome }),
        },
  );

/** Difference between the clocks of operator and AWS, and the time a call takes. */
const CLOCKS_DIFFER_MS: number = 30 * SECOND;
const ANSWERED_WITHIN_MS: number = 5 * MINUTE;
const MOVING = 'UpdateSecretVersionStage';

/** Whether CloudTrail recorded a move of a label when an operator states one; until then it is only stated. */
export function isConfirmed(
  { at, movesLabel }: StatedCall,
  evidence: readonly Pick<Evidence, 'at' | 'operation'>[],
  calls: readonly Pick<RecordedCall, 'at' | 'operation'>[],
): boolean {
  const fits = (fact: { readonly at: Instant; readonly operation?: string | undefined }): boolean =>
    fact.operation === MOVING && fact.at >= at - ANSWERED_WITHIN_MS && fact.at <= at + CLOCKS_DIFFER_MS;
  return movesLabel && (evidence.some(fits) || calls.some(fits));
}
