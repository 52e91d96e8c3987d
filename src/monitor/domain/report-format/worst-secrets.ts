import { rankOf } from '../finding/finding.ts';
import type { OwnerResult } from '../report/audit-record.ts';
import { CONTROLS } from '../report/control.ts';
import type { SecretAudit } from '../report/secret-audit.ts';
import { shownLine } from '../shown.ts';

/** Most secrets that an HTML report shows one by one; all are in the CSV. */
const MOST_SHOWN = 500;

interface Ranked {
  readonly badness: readonly number[];
  readonly order: number;
  readonly drawn: string;
}

/** Keeps the worst secrets, worst first, and forgets the others, so that its memory is bounded. */
export class WorstSecrets {
  readonly #most: number;
  readonly #kept: Ranked[] = [];
  #seen = 0;

  constructor(most: number = MOST_SHOWN) {
    this.#most = most;
  }

  /** Number of secrets added. */
  get seen(): number {
    return this.#seen;
  }

  /** Their drawings, worst first; of equals the one that came first. */
  get drawn(): readonly string[] {
    return this.#kept.map(({ drawn }) => drawn);
  }

  /** Takes a secret; it is drawn only if it is among the worst so far. */
  add(secret: SecretAudit, draw: (secret: SecretAudit) => string): void {
    const candidate = { badness: badnessOf(secret), order: this.#seen++ };
    const last = this.#kept.at(-1);
    if (this.#kept.length >= this.#most && last !== undefined && compare(candidate, last) > 0) return;
    const ranked = { ...candidate, drawn: draw(secret) };
    const place = this.#kept.findIndex((each) => compare(ranked, each) < 0);
    this.#kept.splice(place === -1 ? this.#kept.length : place, 0, ranked);
    if (this.#kept.length > this.#most) this.#kept.pop();
  }
}

/** Measures of a secret's badness, the most important first; larger is worse. */
function badnessOf(secret: SecretAudit): readonly number[] {
  const failed = secret.controls.filter(({ status }) => status === 'alarm');
  return [
    failed.reduce((sum, { control }) => sum + rankOf(CONTROLS[control].severity), 0),
    secret.windowsMissed.value ?? 0,
    secret.longestExposureMs.value ?? 0,
    secret.controls.filter(({ status }) => status === 'error').length,
    secret.failures.value ?? 0,
    secret.findings.length,
    secret.currentAgeMs.value ?? 0,
  ];
}

type Place = Pick<Ranked, 'badness' | 'order'>;

/** Negative when `a` is worse than `b`, or as bad and earlier. */
function compare(a: Place, b: Place): number {
  const differing = a.badness.findIndex((value, index) => value !== b.badness[index]);
  if (differing === -1) return a.order - b.order;
  return (b.badness[differing] ?? 0) - (a.badness[differing] ?? 0);
}

/** So many secrets are named. */
const MOST_NAMED = 3;
/** Longest line about a secret. */
const LONGEST_LINE = 300;

/** Sums up the rows of a report for those who are answerable for them; holds no row. */
export class OwnerResults {
  readonly #owners: ReadonlySet<string>;
  readonly #all = new Tally();
  readonly #byOwner = new Map<string, Tally>();

  /** Only these owners have results of their own: anybody who writes tags may name others. */
  constructor(owners: readonly string[]) {
    this.#owners = new Set(owners);
  }

  /** Takes a row into account; a replica is audited with its primary. */
  add(row: SecretAudit): void {
    if (row.coverage === 'excluded') return;
    this.#all.add(row);
    const { owner } = row;
    if (owner === undefined || !this.#owners.has(owner)) return;
    const tally = this.#byOwner.get(owner) ?? new Tally();
    this.#byOwner.set(owner, tally);
    tally.add(row);
  }

  /** All secrets first, then owner by owner in the order of their names. */
  get results(): readonly OwnerResult[] {
    const owners = [...this.#byOwner].sort(([a], [b]) => (a < b ? -1 : 1));
    return [
      { owner: undefined, ...this.#all.result },
      ...owners.map(([owner, tally]) => ({ owner, ...tally.result })),
    ];
  }
}

class Tally {
  readonly #worst = new WorstSecrets(MOST_NAMED);
  #passed = 0;
  #failed = 0;
  #unknown = 0;
  #skipped = 0;

  add(row: SecretAudit): void {
    const has = (status: string): boolean => row.controls.some((each) => each.status === status);
    if (has('alarm')) {
      this.#failed += 1;
      this.#worst.add(row, lineOf);
    } else if (has('error') || row.coverage === 'unverifiable') this.#unknown += 1;
    else if (isSkipped(row)) this.#skipped += 1;
    else this.#passed += 1;
  }

  get result(): Omit<OwnerResult, 'owner'> {
    const counts = {
      passed: this.#passed,
      failed: this.#failed,
      unknown: this.#unknown,
      skipped: this.#skipped,
    };
    const secrets = Object.values(counts).reduce((sum, each) => sum + each, 0);
    return { secrets, ...counts, worst: this.#worst.drawn };
  }
}

const isSkipped = ({ deletedAt, controls }: SecretAudit): boolean =>
  deletedAt !== undefined || controls.some(({ exception }) => exception !== undefined);

const lineOf = ({ secretName, controls }: SecretAudit): string => {
  const failed = controls.filter(({ status }) => status === 'alarm').map(({ control }) => control);
  return shownLine(`${secretName}: ${failed.join(', ')}`, LONGEST_LINE);
};
