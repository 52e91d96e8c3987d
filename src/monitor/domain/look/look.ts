import type { Instant } from '../../../calendar/instant.ts';
import type { Telling } from '../alert/say.ts';
import type { Examination } from '../examine/examination.ts';
import type { Evidence } from '../rotation/evidence.ts';
import type { VersionDates } from '../rotation/previous-version.ts';
import type { ConsumerLease } from '../secret/consumer-lease.ts';
import type { PolicyDefaults } from '../secret/policy.ts';
import type { Secret } from '../secret/secret.ts';

/** The result of looking at a secret. */
export type Look =
  /** DescribeSecret answered; `createdAt` by version id as far as asked for, `requests` if the daily check asked. */
  | {
      readonly kind: 'confirmed';
      readonly secret: Secret;
      readonly createdAt: Readonly<Record<string, Instant>>;
      readonly requests?: Readonly<Record<string, VersionDates>> | undefined;
    }
  /** Only the list was read: enough to foresee, not to report. */
  | { readonly kind: 'listed'; readonly secret: Secret }
  /** DescribeSecret found no such secret; `listed` while the list still has it. */
  | { readonly kind: 'gone'; readonly listed: boolean }
  /**
   * DescribeSecret or ListSecretVersionIds failed; `conclusive` when trying again soon cannot help, `ofTarget` when the
   * secret has no part in it: its account cannot be reached.
   */
  | {
      readonly kind: 'failed';
      readonly secret: Secret | undefined;
      readonly reason: string;
      readonly conclusive: boolean;
      readonly ofTarget: boolean;
    };

/** The context of a judgement, apart from the look. */
export interface JudgingContext extends Telling {
  /** Facts from events or from comparing sweeps; known ones are dropped. */
  readonly evidence: readonly Evidence[];
  readonly policyDefaults: PolicyDefaults;
  readonly eventsArrive: boolean;
  /** Whether nothing is remembered from look to look, as in a sweep from the command line. */
  readonly isSingleLook?: true | undefined;
  /** The leases of the secret's consumers; undefined when they were not read. */
  readonly leases?: readonly ConsumerLease[] | undefined;
  /** Circumstances of an earlier judgement's findings; undefined when no closer look was made. */
  readonly examination?: Examination | undefined;
}
