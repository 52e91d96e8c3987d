import { formatInstant } from '../../../src/domain/instant.ts';
import type { ChaosRun } from './run-chaos.ts';
import { badAdvice } from './verdicts/bad-advice.ts';
import { wrongBlastRadius } from './verdicts/blast-radius.ts';
import { type Breach, type Case, casesOf } from './verdicts/court.ts';
import { lost } from './verdicts/lost.ts';
import { matchMails } from './verdicts/match-mails.ts';
import { repeatedOpenings } from './verdicts/repeated-openings.ts';
import { unresolved } from './verdicts/unresolved.ts';
import { untrue } from './verdicts/untrue.ts';

/** What a run came to. */
export interface Judged {
  /** What must not have happened. */
  readonly breaches: readonly Breach[];
  /** What nobody could have known, counted apart. */
  readonly unknowable: readonly Breach[];
  /** True conditions that had to be told. */
  readonly conditions: number;
  /** Notifications that were decided, and of these those that say that something is over. */
  readonly notifications: number;
  readonly resolved: number;
}

const CHECKS: readonly ((each: Case) => readonly Breach[])[] = [
  lost,
  untrue,
  unresolved,
  wrongBlastRadius,
  badAdvice,
  repeatedOpenings,
];

/** Compares what was told with what was true. */
export function judgeRun(run: ChaosRun): Judged {
  const mails = matchMails(run);
  const cases = casesOf(run);
  const found = [...mails, ...cases.flatMap((each) => CHECKS.flatMap((check) => check(each)))];
  const said = run.journal.all();
  return {
    breaches: found.filter(({ kind }) => kind !== UNKNOWABLE),
    unknowable: found.filter(({ kind }) => kind === UNKNOWABLE),
    conditions: cases.reduce((sum, { conditions }) => sum + conditions.length, 0),
    notifications: said.length,
    resolved: said.filter(({ notification }) => notification.transition === 'resolved').length,
  };
}

const UNKNOWABLE = 'blast radius unknowable';

/** A breach in one line. */
export const breachText = ({ kind, secret, at, text }: Breach): string =>
  `${kind}: ${secret} at ${formatInstant(at)}: ${text}`;
