import { type FunctionInspection, functionVerdict } from '../examine/function-inspection.ts';
import type { Evidence } from '../rotation/evidence.ts';
import type { Secret } from '../secret/secret.ts';
import type { Facts } from './detector.ts';
import { recordOf } from './pending-record.ts';

/** A fault that conclusively keeps a rotation function from rotating. */
export type BrokenFunction = 'gone' | 'not-invocable';

const KINDS = { gone: 'function-gone', 'not-invocable': 'function-not-invocable' } as const;

/** An inspection, with the secret and version it was made for. */
interface Inspected {
  readonly inspection: FunctionInspection;
  readonly secret: Secret;
  /** The pending version that the function cannot, or can again, rotate. */
  readonly versionId: string;
}

/**
 * The fact that an inspection adds to what is known: that the function is broken, or that it is whole again.
 * Undefined when it says nothing that is not known; an inspection that failed takes nothing back.
 */
export function functionEvidence(
  known: readonly Evidence[],
  { inspection, secret, versionId }: Inspected,
): Evidence | undefined {
  const { at, functionArn } = inspection;
  const verdict = functionVerdict(inspection, secret);
  if (verdict === 'unknown') return undefined;
  const last = lastFact(
    known.filter((fact) => fact.versionId === versionId),
    functionArn,
  );
  const kind = verdict === 'whole' ? 'function-whole' : KINDS[verdict];
  if (kind === (last?.kind ?? 'function-whole')) return undefined;
  return { id: `${kind}:${versionId}:${at}`, kind, at, versionId, functionArn };
}

/** Returns the known fault of the pending version's rotation function; undefined when there is none. */
export function brokenFunction(
  facts: Pick<Facts, 'secret' | 'pending' | 'evidence' | 'progress'>,
): BrokenFunction | undefined {
  const { rotationFunctionArn } = facts.secret;
  if (rotationFunctionArn === undefined) return undefined;
  switch (lastFact(recordOf(facts), rotationFunctionArn)?.kind) {
    case 'function-gone':
      return 'gone';
    case 'function-not-invocable':
      return 'not-invocable';
    default:
      return undefined;
  }
}

const lastFact = (evidence: readonly Evidence[], functionArn: string): Evidence | undefined =>
  evidence.findLast(({ kind, functionArn: about }) => kind.startsWith('function-') && about === functionArn);
