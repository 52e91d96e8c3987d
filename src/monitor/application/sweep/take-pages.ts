import { CatalogError, type SecretCatalog, type SecretPage } from '../../ports/look/secret-catalog.ts';
import type { Service } from '../service.ts';
import type { KeptLease } from './kept-lease.ts';
import type { Sweep } from './sweep.ts';
import type { SweepRun } from './sweep-run.ts';

/** How far the reading of a list got. */
export type PassEnd =
  | { readonly kind: 'all' }
  /** Time runs out. */
  | { readonly kind: 'hand-over'; readonly nextToken: string }
  /** Another sweep of the target has begun. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'failed'; readonly failure: CatalogError };

/** What reading a list goes by. */
export interface Reading {
  readonly catalog: SecretCatalog;
  readonly lease: KeptLease;
  readonly run: SweepRun;
  /** Where the list goes on. */
  readonly from: string | undefined;
}

/** Takes the pages of the list one by one, without the canary: to the end, or as long as there is time. */
export async function takePages(
  { clock, settings }: Pick<Service, 'clock' | 'settings'>,
  sweep: Sweep,
  { catalog, lease, run, from }: Reading,
): Promise<PassEnd> {
  try {
    for await (const { secrets, nextToken } of catalog.list({ from })) {
      await sweep.takePage(secrets.filter(({ arn }) => arn !== settings.canarySecretArn));
      run.onPage({ observed: sweep.tally.observed, suspects: sweep.suspects.length });
      const end = await stops(nextToken);
      if (end !== undefined) return end;
    }
    return { kind: 'all' };
  } catch (failure) {
    if (failure instanceof CatalogError) return { kind: 'failed', failure };
    throw failure;
  }

  async function stops(nextToken: SecretPage['nextToken']): Promise<PassEnd | undefined> {
    if (nextToken === undefined) return undefined;
    if (!(await lease.keep())) return { kind: 'lost' };
    const isLate = run.handOverAt !== undefined && clock.now() >= run.handOverAt;
    return isLate ? { kind: 'hand-over', nextToken } : undefined;
  }
}
