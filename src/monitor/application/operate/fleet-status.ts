import type { Instant } from '../../../calendar/instant.ts';
import { type ExplainedFinding, rankOf, type Severity } from '../../domain/finding/finding.ts';
import { policyFor } from '../../domain/secret/policy.ts';
import { isReplica, type Secret } from '../../domain/secret/secret.ts';
import { currentVersion, pendingApart } from '../../domain/secret/version-stage.ts';
import type { CatalogError, SecretCatalog } from '../../ports/look/secret-catalog.ts';
import type { OnPage } from '../sweep/sweep-run.ts';
import { type Sweeping, sweepSecrets } from '../sweep/sweep-secrets.ts';

/** The state of one secret. */
export interface SecretStatus
  extends Pick<
    Secret,
    'arn' | 'name' | 'account' | 'region' | 'rotationEnabled' | 'lastRotatedAt' | 'nextRotationAt' | 'tags'
  > {
  /** Whether a version is in use. */
  readonly hasCurrent: boolean;
  /** Whether another version than the one in use carries AWSPENDING. */
  readonly inProgress: boolean;
  /** Start of the rotation in progress; undefined where there is none, or no monitor was asked. */
  readonly pendingSince: Instant | undefined;
  readonly owner: string | undefined;
  /** The gravest of what is wrong; undefined when nothing is. */
  readonly finding: Pick<ExplainedFinding, 'code' | 'severity' | 'since' | 'what'> | undefined;
}

/** The state of all secrets in an account and region. */
export interface FleetStatus {
  readonly at: Instant;
  /** Worst first. */
  readonly secrets: readonly SecretStatus[];
  /** The reason why the secrets could not be listed; undefined when they were. */
  readonly failure: CatalogError | undefined;
}

/** Looks at all secrets once, replicas left out; stores nothing and sends nothing. */
export async function fleetStatus(service: Sweeping, onPage: OnPage): Promise<FleetStatus> {
  const at = service.clock.now();
  const listed = new Map<string, SecretStatus>();
  const { policyDefaults } = service.settings;
  const catalog = seenBy(service.catalog, (secret) => {
    if (!isReplica(secret)) listed.set(secret.arn, statusOf(secret, policyFor(secret, policyDefaults).owner));
  });
  const { suspects, failure } = await sweepSecrets({ ...service, catalog }, { onPage });
  for (const { secretArn, findings } of suspects) {
    const known = listed.get(secretArn);
    if (known === undefined) continue;
    const { pending } = (await service.store.read(secretArn)) ?? {};
    const pendingSince = known.inProgress ? (pending?.createdAt ?? pending?.firstSeenAt) : undefined;
    listed.set(secretArn, { ...known, pendingSince, finding: findings[0] });
  }
  return { at, secrets: [...listed.values()].sort(worstFirst()), failure };
}

const statusOf = (secret: Secret, owner: string | undefined): SecretStatus => ({
  arn: secret.arn,
  name: secret.name,
  account: secret.account,
  region: secret.region,
  rotationEnabled: secret.rotationEnabled,
  lastRotatedAt: secret.lastRotatedAt,
  nextRotationAt: secret.nextRotationAt,
  tags: secret.tags,
  hasCurrent: currentVersion(secret.versionStages) !== undefined,
  inProgress: pendingApart(secret.versionStages) !== undefined,
  pendingSince: undefined,
  owner,
  finding: undefined,
});

/** A catalog that lets every listed secret be seen as it arrives. */
const seenBy = (catalog: SecretCatalog, onSecret: (secret: Secret) => void): SecretCatalog => ({
  ...catalog,
  async *list(options) {
    for await (const page of catalog.list(options)) {
      page.secrets.forEach(onSecret);
      yield page;
    }
  },
});

/** The gravest open alert of a secret, as a monitor remembers it; undefined where none is known. */
export type GravestAlertOf = (secretArn: string) => Severity | undefined;

/**
 * Orders secrets: gravest first, by what is found now or by an open alert, which may rest on more than a list shows.
 * Then comes what has lasted longest, then what is in progress, then the name.
 */
export const worstFirst =
  (alertOf: GravestAlertOf = () => undefined) =>
  (a: SecretStatus, b: SecretStatus): number =>
    weightOf(b, alertOf) - weightOf(a, alertOf) ||
    (a.finding?.since ?? 0) - (b.finding?.since ?? 0) ||
    Number(b.inProgress) - Number(a.inProgress) ||
    (a.name < b.name ? -1 : 1);

const weightOf = ({ arn, finding }: SecretStatus, alertOf: GravestAlertOf): number =>
  Math.max(...[finding?.severity, alertOf(arn)].map((each) => (each === undefined ? -1 : rankOf(each))));
