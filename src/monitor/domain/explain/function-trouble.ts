import type { Instant } from '../../../calendar/instant.ts';
import { brokenFunction } from '../detect/broken-function.ts';
import type { Facts } from '../detect/detector.ts';
import { endOfSupport, type FunctionInspection, functionVerdict } from '../examine/function-inspection.ts';

/** A fault of a rotation function, gravest first; the first two are conclusive. */
export type FunctionTrouble =
  | { readonly kind: 'gone' | 'not-invocable' }
  /** Its reserved concurrency is 0. */
  | { readonly kind: 'throttled' }
  | { readonly kind: 'not-active'; readonly state: string; readonly reasonCode: string | undefined }
  /** An invocation lasted as long as the timeout allows. */
  | { readonly kind: 'timed-out'; readonly timeoutSeconds: number }
  | { readonly kind: 'runtime-ended'; readonly runtime: string; readonly day: string };

/** A state in which Lambda can invoke a function: an idle one is woken by its invocation. */
const INVOCABLE: readonly string[] = ['Active', 'Inactive'];
/** An invocation that took this share of the timeout was ended by it; CloudWatch's figures are not exact. */
const TIMEOUT_SHARE = 0.995;

/** All that an inspection shows to be wrong; what was proven earlier counts also when it could not be seen again. */
export function functionTroubles(facts: Facts, now: Instant): readonly FunctionTrouble[] {
  const inspection = facts.examination?.inspection;
  const verdict = inspection && functionVerdict(inspection, facts.secret);
  const broken =
    brokenFunction(facts) ?? (verdict === 'gone' || verdict === 'not-invocable' ? verdict : undefined);
  if (broken === 'gone') return [{ kind: broken }];
  return [
    ...(broken === undefined ? [] : [{ kind: broken }]),
    ...(inspection === undefined ? [] : lesserTroubles(inspection, now)),
  ];
}

/** Whether nothing can run the function, so that it neither logs nor answers. */
export const isConclusive = ({ kind }: FunctionTrouble): boolean =>
  kind === 'gone' || kind === 'not-invocable';

function lesserTroubles(
  { configuration, reservedConcurrency, activity }: FunctionInspection,
  now: Instant,
): readonly FunctionTrouble[] {
  const { state, stateReasonCode, timeoutSeconds, runtime } = configuration ?? {};
  const troubles: FunctionTrouble[] = [];
  if (reservedConcurrency === 0) troubles.push({ kind: 'throttled' });
  if (state !== undefined && !INVOCABLE.includes(state)) {
    troubles.push({ kind: 'not-active', state, reasonCode: stateReasonCode });
  }
  const longestMs = activity?.longestMs ?? 0;
  if (timeoutSeconds !== undefined && longestMs >= timeoutSeconds * 1000 * TIMEOUT_SHARE) {
    troubles.push({ kind: 'timed-out', timeoutSeconds });
  }
  const day = runtime === undefined ? undefined : endOfSupport(runtime, now);
  if (runtime !== undefined && day !== undefined) troubles.push({ kind: 'runtime-ended', runtime, day });
  return troubles;
}
