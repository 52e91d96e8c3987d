import type { Datapoint } from '../../domain/metric.ts';
import { mayUsePrevious, previousUse } from '../../domain/rotation/previous-version.ts';
import { policyFor } from '../../domain/secret/policy.ts';
import { hasReplicas, type Secret } from '../../domain/secret/secret.ts';
import { isDateWanted, isValueOld } from '../../domain/secret/value-date.ts';
import { CatalogError, type SecretCatalog } from '../../ports/look/secret-catalog.ts';
import { forEachLimited } from '../for-each-limited.ts';
import { type Checking, type CheckRequest, checkSecret } from '../look/check-secret.ts';
import { requestsOf } from '../look/look-at-secret.ts';
import type { Service } from '../service.ts';
import { countingCatalog } from './counting-catalog.ts';
import type { SuspectReport } from './sweep.ts';

/** Parts of the service that run the daily checks. */
type CheckingDaily = Checking & Pick<Service, 'log'>;

/** The results of a sweep's daily checks. */
export interface DailyChecks {
  /** Secrets about which something was found worth a look. */
  readonly suspects: readonly SuspectReport[];
  /** Calls to Secrets Manager; they do not count as the sweep's. */
  readonly apiCalls: number;
  readonly datapoints: readonly Datapoint[];
  /** The errors that kept single secrets from being checked. */
  readonly errors: readonly unknown[];
}

/** Secrets checked in parallel: at some 50 ms a call far below ListSecretVersionIds' 50 a second. */
const SECRETS_AT_ONCE = 2;

/** Secrets to ask about. */
export interface ToAsk {
  /** Those whose time of day has come. */
  readonly asked: readonly Secret[];
  /** Those that changed: whether the value did, only its date shows. */
  readonly changed: readonly Secret[];
}

/**
 * Asks about replicas and about requests for AWSPREVIOUS, one call for each of the two questions that a secret raises,
 * and once for the date of a value that may be older than expected; what looks wrong is then looked at like any
 * suspect. A secret that cannot be asked about waits until the next day.
 */
export async function checkDaily(
  service: CheckingDaily,
  { asked, changed }: ToAsk,
  given: Pick<CheckRequest, 'baseline' | 'eventsArrive'>,
): Promise<DailyChecks> {
  const arns = new Set(asked.map(({ arn }) => arn));
  const secrets = [...asked, ...changed.filter(({ arn }) => !arns.has(arn))];
  const catalog = countingCatalog(service.catalog);
  const suspects: SuspectReport[] = [];
  const failed: CatalogError[] = [];
  const errors = await forEachLimited(secrets, SECRETS_AT_ONCE, async (secret) => {
    const isWrong = arns.has(secret.arn) && (await looksWrong(catalog, secret, failed));
    if (!isWrong && !(await mayBeOld(service, secret))) return;
    const request = { arn: secret.arn, evidence: [], listed: secret, known: undefined, ...given };
    const isDaily = arns.has(secret.arn);
    const { after, findings } = await checkSecret({ ...service, catalog }, { ...request, isDaily });
    suspects.push({ secretArn: secret.arn, secretName: after.name, findings });
  });
  return {
    suspects,
    apiCalls: catalog.calls(),
    datapoints: [...costing(catalog.calls()), ...counting(service, failed)],
    errors,
  };
}

/** Whether the value is older than expected, or whether its date has still to be asked for. */
async function mayBeOld({ store, settings, clock }: CheckingDaily, secret: Secret): Promise<boolean> {
  const policy = policyFor(secret, settings.policyDefaults);
  if (!isDateWanted({ secret, policy }, clock.now())) return false;
  const { valueDate } = (await store.read(secret.arn)) ?? {};
  const dated = { secret, policy, valueDate };
  return isDateWanted(dated, clock.now()) || isValueOld(dated, clock.now());
}

async function looksWrong(catalog: SecretCatalog, secret: Secret, failed: CatalogError[]): Promise<boolean> {
  try {
    return (await isBehind(catalog, secret)) || (await isLate(catalog, secret));
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    failed.push(error);
    return false;
  }
}

async function isBehind(catalog: SecretCatalog, secret: Secret): Promise<boolean> {
  if (!hasReplicas(secret)) return false;
  const { replicas = [] } = (await catalog.describe(secret.arn)) ?? {};
  return replicas.some(({ status }) => status !== 'InSync');
}

const isLate = async (catalog: SecretCatalog, secret: Secret): Promise<boolean> =>
  mayUsePrevious(secret) && previousUse(secret, await requestsOf(catalog, secret.arn)) !== undefined;

const costing = (value: number): readonly Datapoint[] =>
  value === 0 ? [] : [{ name: 'DailyCheckApiCalls', value }];

function counting({ log }: CheckingDaily, failed: readonly CatalogError[]): readonly Datapoint[] {
  const [first] = failed;
  if (first === undefined) return [];
  const details = { secrets: failed.length, error: first.message };
  log({ level: 'warn', message: 'Cannot make daily checks', details });
  return failed.map(({ reason }) => ({
    name: 'DailyChecksFailed',
    value: 1,
    dimensions: { Reason: reason },
  }));
}
