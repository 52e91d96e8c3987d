import { SECOND } from '../../calendar/instant.ts';
import { type AuditReport, auditSecrets } from '../../monitor/application/audit/audit-secrets.ts';
import type { SweepReport } from '../../monitor/application/sweep/sweep-report.ts';
import { type Sweeping, sweepSecrets } from '../../monitor/application/sweep/sweep-secrets.ts';
import type { ReadySweep } from '../../monitor/compose/operator/compose-dry-sweep.ts';
import type { Secret } from '../../monitor/domain/secret/secret.ts';
import { CatalogError, type SecretCatalog } from '../../monitor/ports/look/secret-catalog.ts';
import type { Place } from '../aws/aws-fault.ts';
import { hearCredentials } from '../aws/hear-credentials.ts';
import type { Progress } from './progress.ts';
import { listingFault, silenceFault } from './sweep-fault.ts';
import { resultOf, type SweepResult } from './sweep-result.ts';

/** Longest time for the first page, retries included. */
const FIRST_PAGE_WITHIN_MS: number = 8 * SECOND;

/** The place of a look, its progress line, and its depth. */
export interface Looking {
  readonly place: Place;
  readonly progress: Progress;
  /** Whether to look closer, and for what audits ask for, too. */
  readonly isAudit: boolean;
}

/** Sweeps once; fails when the secrets cannot be listed, or when the session ends on the way. */
export async function look(ready: ReadySweep, { place, progress, isAudit }: Looking): Promise<SweepResult> {
  const { onPage, end } = progress;
  const { region } = ready;
  const service = isAudit ? closer(ready.service) : ready.service;
  const at = service.clock.now();
  const first = firstPage(place);
  let seenAccount: string | undefined;
  const hearing = hearCredentials();
  const heard = hearing.ports(service, 'catalog');
  const catalog = watchedCatalog(heard.catalog, ([secret]) => {
    seenAccount ??= secret?.account;
    first.arrived();
  });
  let report: SweepReport;
  try {
    report = await Promise.race([sweepSecrets({ ...service, catalog }, { onPage }), first.missing]);
  } finally {
    first.arrived();
    end();
  }
  if (report.failure !== undefined) throw listingFault(report.failure, place, report.tally.observed);
  const account = (await ready.account) ?? seenAccount;
  const audit = isAudit ? await auditOf(heard, place, report.tally.observed) : undefined;
  hearing.check();
  const { runbookBaseUrl, acknowledgeFunctionArn } = service.settings;
  const links = { runbookBaseUrl, acknowledgeFunctionArn };
  return resultOf(report, { account, region, at, store: service.store, audit, ...links });
}

const closer = (service: Sweeping): Sweeping => ({
  ...service,
  settings: { ...service.settings, dailyChecks: Number.POSITIVE_INFINITY },
});

async function auditOf(service: Sweeping, place: Place, observed: number): Promise<AuditReport> {
  try {
    return await auditSecrets(service);
  } catch (error) {
    throw error instanceof CatalogError ? listingFault(error, place, observed) : error;
  }
}

interface FirstPage {
  /** Stops the waiting. */
  arrived(): void;
  /** Rejects when it has not arrived in time; never fulfils. */
  readonly missing: Promise<never>;
}

function firstPage(place: Place): FirstPage {
  let timer: NodeJS.Timeout | undefined;
  const missing = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(silenceFault(place, FIRST_PAGE_WITHIN_MS)), FIRST_PAGE_WITHIN_MS);
  });
  return { arrived: () => clearTimeout(timer), missing };
}

/** A catalog that lets `onPage` see every page of the list as it arrives. */
export const watchedCatalog = (
  catalog: SecretCatalog,
  onPage: (page: readonly Secret[]) => void,
): SecretCatalog => ({
  async *list(options) {
    for await (const page of catalog.list(options)) {
      onPage(page.secrets);
      yield page;
    }
  },
  describe: (id) => catalog.describe(id),
  listed: (arn) => catalog.listed(arn),
  versions: (arn) => catalog.versions(arn),
});
