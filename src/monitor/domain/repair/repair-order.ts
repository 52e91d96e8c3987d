import { rankOf, type Severity } from '../finding/finding.ts';

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
