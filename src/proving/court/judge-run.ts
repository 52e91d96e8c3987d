import { formatInstant, SECOND } from '../../calendar/instant.ts';
import { badAdvice } from './checks/bad-advice.ts';
import { wrongBlastRadius } from './checks/blast-radius.ts';
import { brokenSilence } from './checks/broken-silence.ts';
import { type Breach, type Case, casesOf, type JudgedRun } from './checks/case.ts';
import { lateTellings, stuckTellings } from './checks/lateness.ts';
import { lost } from './checks/lost.ts';
import { outOfOrder } from './checks/out-of-order.ts';
import { repeatedOpenings } from './checks/repeated-openings.ts';
import { tellings } from './checks/tellings.ts';
import { undelivered } from './checks/undelivered.ts';
import { unresolved } from './checks/unresolved.ts';
import { untrue } from './checks/untrue.ts';

/** The judgement of a run. */
export interface Judged {
  /** Events that must not have happened. */
  readonly breaches: readonly Breach[];
  /** Conditions that the monitor could not have known, counted apart. */
  readonly unknowable: number;
  /** True conditions that had to be reported. */
  readonly conditions: number;
  /** Notifications that were decided, and of these those that say that something is over. */
  readonly notifications: number;
  readonly resolved: number;
  /** E-mails about one thing after the first, each explained by a kill. */
  readonly duplicates: number;
  /** From the threshold of a stuck version to the e-mail, in seconds. */
  readonly stuck: Lateness;
  /** The same where all events of the rotation had arrived undelayed. */
  readonly stuckWithEvents: Lateness;
}

/** Delays of the alerts, in seconds. */
export interface Lateness {
  readonly count: number;
  readonly median: number;
  readonly worst: number;
}

const CHECKS: readonly ((each: Case) => readonly Breach[])[] = [
  lost,
  brokenSilence,
  undelivered,
  untrue,
  unresolved,
  wrongBlastRadius,
  badAdvice,
  repeatedOpenings,
  outOfOrder,
  lateTellings,
];

/** Compares the alerts with the truth. */
export function judgeRun(run: JudgedRun): Judged {
  const mails = tellings(run);
  const cases = casesOf(run);
  const found = [...mails.breaches, ...cases.flatMap((each) => CHECKS.flatMap((check) => check(each)))];
  const said = run.said;
  const stuck = cases.flatMap(stuckTellings);
  return {
    breaches: found.filter(({ kind }) => kind !== UNKNOWABLE),
    unknowable: found.filter(({ kind }) => kind === UNKNOWABLE).length,
    conditions: cases.reduce((sum, { conditions }) => sum + conditions.length, 0),
    notifications: said.length,
    resolved: said.filter(({ notification }) => notification.transition === 'resolved').length,
    duplicates: mails.duplicates,
    stuck: latenessOf(stuck),
    stuckWithEvents: latenessOf(stuck.filter(({ isUndisturbed }) => isUndisturbed)),
  };
}

function latenessOf(tellings: readonly { readonly latenessMs: number }[]): Lateness {
  const seconds = tellings.map(({ latenessMs }) => Math.round(latenessMs / SECOND)).sort((a, b) => a - b);
  const { length } = seconds;
  return { count: length, median: seconds[Math.floor(length / 2)] ?? 0, worst: seconds.at(-1) ?? 0 };
}

const UNKNOWABLE = 'blast radius unknowable';

/** A breach in one line. */
export const breachText = ({ kind, secret, at, text }: Breach): string =>
  `${kind}: ${secret} at ${formatInstant(at)}: ${text}`;
