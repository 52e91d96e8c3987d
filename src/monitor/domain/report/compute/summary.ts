import { DAY, type Instant, later } from '../../../../calendar/instant.ts';
import type { AuditException } from '../audit-exception.ts';
import type { AuditPeriod, AuditSummary, Coverage, Population, Uncovered } from '../audit-report.ts';
import { CONTROL_IDS, type ControlId } from '../control.ts';
import type { ControlStatus } from '../control-verdict.ts';
import type { Basis } from '../figure.ts';
import type { SecretAudit } from '../secret-audit.ts';
import { monthsOf } from './period.ts';

/** Exceptions that end so soon after the period are named. */
const SOON_MS: number = 30 * DAY;
/** So many secrets that could not be checked are named; the rows have the others. */
const MOST_NAMED = 1000;

/** Facts that no row holds. */
export interface SummaryFacts {
  readonly population: readonly Population[];
  readonly notSwept: readonly Uncovered[];
  readonly unwatchedPrimaries: readonly Uncovered[];
  /** Secrets of which Security Hub's own results could not be read, by place. */
  readonly noHub?: readonly Uncovered[];
  readonly exceptions: readonly AuditException[];
  readonly calls: Readonly<Record<string, number>>;
}

type Counts = Record<ControlStatus, number>;

/** Sums up the rows of a report as they come; holds no row. */
export class AuditTally {
  readonly #period: AuditPeriod;
  readonly #controls = Object.fromEntries(
    CONTROL_IDS.map((id) => [id, { ok: 0, alarm: 0, info: 0, skip: 0, error: 0 }]),
  ) as Record<ControlId, Counts>;
  readonly #hub: Partial<Record<ControlId, Record<string, number>>> = {};
  readonly #months: { readonly from: Instant; completed: number; failures: number }[];
  readonly #totals: { -readonly [Name in keyof AuditSummary['totals']]: AuditSummary['totals'][Name] } = {
    secrets: 0,
    windowsDue: undefined,
    rotationsCompleted: undefined,
    windowsMissed: undefined,
    failures: undefined,
    inferred: 0,
    unknown: 0,
  };
  readonly #unverifiable: Uncovered[] = [];
  #unverifiableCount = 0;
  #checked = 0;
  #excluded = 0;

  constructor(period: AuditPeriod) {
    this.#period = period;
    this.#months = monthsOf(period).map((from) => ({ from, completed: 0, failures: 0 }));
  }

  /** Takes a row into account. */
  add(row: SecretAudit): void {
    this.#cover(row);
    if (row.coverage === 'excluded') return;
    for (const { control, status, securityHub } of row.controls) {
      this.#controls[control][status] += 1;
      if (securityHub !== undefined) this.#countHub(control, securityHub.value ?? securityHub.basis);
    }
    const totals = this.#totals;
    totals.secrets += 1;
    for (const name of SUMMED) {
      const { value } = row[name];
      if (value !== undefined) totals[name] = (totals[name] ?? 0) + value;
    }
    const bases = basesOf(row);
    totals.inferred += Number(bases.includes('inferred'));
    totals.unknown += Number(bases.includes('unknown'));
    for (const { outcome, endedAt, failures } of row.rotations) {
      if (outcome === 'succeeded') this.#count('completed', endedAt);
      for (const { at } of failures) this.#count('failures', at);
    }
  }

  /** The end of the report. */
  summary({
    population,
    notSwept,
    unwatchedPrimaries,
    noHub = [],
    exceptions,
    calls,
  }: SummaryFacts): AuditSummary {
    const coverage: Coverage = {
      checked: this.#checked,
      unverifiable: this.#unverifiable,
      unverifiableCount: this.#unverifiableCount,
      excluded: this.#excluded,
      notSwept,
      unwatchedPrimaries,
    };
    const soon = later(this.#period.to, SOON_MS);
    return {
      population,
      coverage,
      controls: this.#controls,
      securityHub: this.#hub,
      totals: this.#totals,
      trend: this.#totals.rotationsCompleted === undefined ? [] : this.#months,
      expiringExceptions: exceptions.filter(({ until }) => until > this.#period.to && until <= soon),
      notVerifiable: [...NOT_VERIFIABLE, ...noHub],
      calls,
    };
  }

  #countHub(control: ControlId, result: string): void {
    const counts = this.#hub[control] ?? {};
    counts[result] = (counts[result] ?? 0) + 1;
    this.#hub[control] = counts;
  }

  #cover({ coverage, secretArn, coverageReason = 'No reason is known.' }: SecretAudit): void {
    if (coverage === 'checked') this.#checked += 1;
    if (coverage === 'excluded') this.#excluded += 1;
    if (coverage !== 'unverifiable') return;
    this.#unverifiableCount += 1;
    if (this.#unverifiable.length < MOST_NAMED) {
      this.#unverifiable.push({ what: secretArn, because: coverageReason });
    }
  }

  #count(what: 'completed' | 'failures', at: Instant | undefined): void {
    if (at === undefined || at < this.#period.from || at >= this.#period.to) return;
    const month = this.#months.findLast(({ from }) => from <= at);
    if (month !== undefined) month[what] += 1;
  }
}

/** The figures that totals sum up. */
const SUMMED = ['windowsDue', 'rotationsCompleted', 'windowsMissed', 'failures'] as const;

const basesOf = (row: SecretAudit): readonly Basis[] => SUMMED.map((name) => row[name].basis);

/** Questions that auditors ask and no API answers. */
const NOT_VERIFIABLE: readonly Uncovered[] = [
  {
    what: 'The old credential no longer works.',
    because: 'Only the system that it logs in to knows. No AWS API shows that.',
  },
  {
    what: 'The new credential differs from the old one and is strong enough.',
    because: 'The monitor never reads a value.',
  },
  {
    what: 'Nobody has copied a credential.',
    because: 'CloudTrail shows who read a value, not where it went.',
  },
];
