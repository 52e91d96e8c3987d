import type { OwnerResult } from '../report/audit-record.ts';
import type { SecretAudit } from '../report/secret-audit.ts';
import { shownLine } from '../shown.ts';
import { WorstSecrets } from './worst-secrets.ts';

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

  add(row: SecretAudit): void {
    const has = (status: string): boolean => row.controls.some((each) => each.status === status);
    if (has('alarm')) {
      this.#failed += 1;
      this.#worst.add(row, lineOf);
    } else if (has('error') || row.coverage === 'unverifiable') this.#unknown += 1;
    else this.#passed += 1;
  }

  get result(): Omit<OwnerResult, 'owner'> {
    const [passed, failed, unknown] = [this.#passed, this.#failed, this.#unknown];
    return { secrets: passed + failed + unknown, passed, failed, unknown, worst: this.#worst.drawn };
  }
}

const lineOf = ({ secretName, controls }: SecretAudit): string => {
  const failed = controls.filter(({ status }) => status === 'alarm').map(({ control }) => control);
  return shownLine(`${secretName}: ${failed.join(', ')}`, LONGEST_LINE);
};
