import { isDeepStrictEqual } from 'node:util';
import type { Ground } from './ground.ts';

/** One question that was put to a peer and to a part of ours. */
export interface Case {
  /** Name of the case; unique within a peer. */
  readonly name: string;
  /** The peer's answer, without what differs from run to run. */
  readonly theirs: unknown;
  /** The answer of our part, in the same form. */
  readonly ours: unknown;
}

/** The answers of a peer. */
export interface Attempt {
  readonly cases: readonly Case[];
  readonly notes: readonly string[];
  /** True for answers that were given without any network but loopback. */
  readonly isHeld: boolean;
}

/** The reason why a peer and we may differ. */
export interface Explanation {
  /** Matches names of cases. */
  readonly cases: RegExp;
  /** Names the one that is right, and why the other is not; ends with a full stop. */
  readonly why: string;
  /** The page of AWS, or the issue of the peer, that says so. */
  readonly source: string;
  /** Returns the part of an answer that has to agree all the same; without it nothing has to. */
  readonly rest?: (answer: unknown) => unknown;
}

/** Software of others that was written for AWS, and what of ours it is run against. */
export interface Peer {
  /** The word that picks it: `npm run peers NAME`. */
  readonly name: string;
  readonly software: string;
  readonly version: string;
  /** The registry it comes from. */
  readonly from: string;
  /** Parts of ours that it judges. */
  readonly against: string;
  /** Programs that the machine has to have. */
  readonly needs: readonly string[];
  /** The parts that are not compared, and the reason. */
  readonly limits: string;
  /** Differences that stay. */
  readonly explained: readonly Explanation[];
  /** Installs it below the cache; throws {@link Unavailable} where it cannot be had. */
  install(ground: Ground): Promise<unknown>;
  /** Asks it everything, once it is installed, without any network but loopback. */
  run(ground: Ground): Promise<readonly Case[]>;
}

/** A case whose answers differ, with what explains it. */
export interface Difference extends Case {
  readonly explanation: Explanation | undefined;
}

/** The result of one peer. */
export interface Outcome {
  readonly peer: Peer;
  /** The reason why it did not run; undefined when it did. */
  readonly skipped: string | undefined;
  readonly cases: number;
  readonly differences: readonly Difference[];
  /** Explanations that explain no difference any longer. */
  readonly stale: readonly Explanation[];
  /** Figures that stand beside ours, each a full sentence. */
  readonly notes: readonly string[];
  /** True for a peer that ran without any network but loopback. */
  readonly isHeld: boolean;
}

/** Compares all answers of a peer with ours. */
export function outcomeOf(peer: Peer, { cases, notes, isHeld }: Attempt): Outcome {
  const differences = cases
    .filter(({ theirs, ours }) => !isDeepStrictEqual(theirs, ours))
    .map((each) => ({ ...each, explanation: peer.explained.find((known) => explains(known, each)) }));
  const stale = peer.explained.filter((each) => !differences.some(({ explanation }) => explanation === each));
  return { peer, skipped: undefined, cases: cases.length, differences, stale, notes, isHeld };
}

const explains = ({ cases, rest }: Explanation, { name, theirs, ours }: Case): boolean =>
  cases.test(name) && (rest === undefined || isDeepStrictEqual(rest(theirs), rest(ours)));

/** Whether a peer disagrees where nothing explains it, or an explanation has lost its reason. */
export const isUnsettled = ({ differences, stale }: Outcome): boolean =>
  stale.length > 0 || differences.some(({ explanation }) => explanation === undefined);
