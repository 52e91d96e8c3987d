import type { Instant } from '../../../../calendar/instant.ts';
import { arnHashHalves, mixed } from '../../arn-hash.ts';
import type { Target } from '../../secret/secret.ts';
import type { AuditPeriod, Population } from '../audit-report.ts';
import type { SecretAudit } from '../secret-audit.ts';

/** The number of secrets that a complete list showed at a moment. */
export interface CountedSecrets {
  readonly at: Instant;
  readonly secrets: number;
}

/** A change of one to the number of secrets of a target. */
export interface PopulationStep {
  readonly at: Instant;
  readonly kind: 'created' | 'restored' | 'deleted';
}

/**
 * The numbers of secrets of one target over a period. Opening and closing come from lists that were counted at some
 * moment near, and all between them from the rows: where the rows do not add up, the difference says by how many.
 */
export class PopulationTally {
  readonly #target: Target;
  readonly #period: AuditPeriod;
  readonly #steps: PopulationStep[];

  constructor(target: Target, period: AuditPeriod, known: readonly PopulationStep[] = []) {
    this.#target = target;
    this.#period = period;
    this.#steps = [...known];
  }

  /** The changes that were taken into account, in no particular order. */
  get steps(): readonly PopulationStep[] {
    return this.#steps;
  }

  /** Takes the life of a secret into account: one that was there at any time since the opening was counted. */
  add({ createdAt, changes }: Pick<SecretAudit, 'createdAt' | 'changes'>): void {
    if (createdAt !== undefined) this.#steps.push({ at: createdAt, kind: 'created' });
    for (const { kind, at } of changes) {
      if (kind === 'restored') this.#steps.push({ at, kind });
      if (kind === 'deletion-scheduled' || kind === 'deleted') this.#steps.push({ at, kind: 'deleted' });
    }
  }

  /** The population by the counts that lie nearest to the ends of the period; either may be unknown. */
  between(first: CountedSecrets | undefined, last: CountedSecrets | undefined): Population {
    const { from, to } = this.#period;
    const opening = first && first.secrets + this.#net(first.at, from);
    const closing = last && last.secrets - this.#net(to, last.at);
    const created = this.#count('created', from, to);
    const restored = this.#count('restored', from, to);
    const deleted = this.#count('deleted', from, to);
    const isKnown = opening !== undefined && closing !== undefined;
    return {
      account: this.#target.account,
      region: this.#target.region,
      opening,
      created,
      restored,
      deleted,
      closing,
      difference: isKnown ? opening + created + restored - deleted - closing : undefined,
    };
  }

  #count(kind: PopulationStep['kind'], from: Instant, to: Instant): number {
    return this.#steps.filter((step) => step.kind === kind && step.at >= from && step.at < to).length;
  }

  /** Secrets more at the second moment than at the first; less than nothing when the second is earlier. */
  #net(from: Instant, to: Instant): number {
    if (to < from) return -this.#net(to, from);
    return (
      this.#count('created', from, to) + this.#count('restored', from, to) - this.#count('deleted', from, to)
    );
  }
}

/** A number that decides the order of a secret in a sample: the same for the same seed and ARN, wherever it is computed. */
const placeOf = (seed: string, arn: string): number => {
  const { high, low } = arnHashHalves(`${seed}\n${arn}`);
  return mixed(high ^ mixed(low, 1), 2);
};

/** Draws a reproducible sample of secrets, one by one, with no more than `size` in hand. */
export class Sample<T extends { readonly secretArn: string }> {
  readonly #size: number;
  readonly #seed: string;
  readonly #drawn: { readonly place: number; readonly row: T }[] = [];

  constructor(size: number, seed: string) {
    this.#size = size;
    this.#seed = seed;
  }

  /** The rows that are drawn, by name of their ARN. */
  get rows(): readonly T[] {
    return this.#drawn.map(({ row }) => row).sort((a, b) => (a.secretArn < b.secretArn ? -1 : 1));
  }

  /** Takes a row into account. */
  offer(row: T): void {
    const place = placeOf(this.#seed, row.secretArn);
    const at = this.#drawn.findLastIndex((each) => each.place <= place) + 1;
    this.#drawn.splice(at, 0, { place, row });
    if (this.#drawn.length > this.#size) this.#drawn.pop();
  }
}
