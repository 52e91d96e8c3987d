import { type SweepReport, sweepSecrets } from '../../application/sweep-secrets.ts';
import type { ReadySweep } from '../../compose-sweep.ts';
import { SECOND } from '../../domain/instant.ts';
import type { Progress } from './progress.ts';
import { listingFault, type Place, silenceFault } from './sweep-fault.ts';
import { resultOf, type SweepResult } from './sweep-result.ts';
import { watchedCatalog } from './watched-catalog.ts';

/** How long the first page may take, retries included. */
const FIRST_PAGE_WITHIN_MS: number = 8 * SECOND;

/** Sweeps once; fails with a CliError when the secrets cannot be listed. */
export async function look(ready: ReadySweep, place: Place, { onPage, end }: Progress): Promise<SweepResult> {
  const { service, region } = ready;
  const at = service.clock.now();
  const first = firstPage(place);
  let seenAccount: string | undefined;
  const catalog = watchedCatalog(service.catalog, ([secret]) => {
    seenAccount ??= secret?.account;
    first.arrived();
  });
  let report: SweepReport;
  try {
    report = await Promise.race([sweepSecrets({ ...service, catalog }, onPage), first.missing]);
  } finally {
    first.arrived();
    end();
  }
  if (report.failure !== undefined) throw listingFault(report.failure, place, report.tally.observed);
  const account = (await ready.account) ?? seenAccount;
  return resultOf(report, { account, region, at, store: service.store });
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
