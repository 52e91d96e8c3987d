import { directoryReportStore } from '../../monitor/adapters/directory/directory-report-store.ts';
import { type ReportStore, ReportStoreError } from '../../monitor/ports/report/report-store.ts';
import type { Called } from '../aws/calling.ts';
import { CliError } from '../terminal/cli-error.ts';

/** A bucket and the beginning of its keys, as `s3://example-audits/rotation` names them; undefined for a directory. */
export function bucketOf(place: string): { readonly name: string; readonly prefix: string } | undefined {
  const [, name, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(place) ?? [];
  if (name === undefined) return undefined;
  return { name, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}

/** The store that a directory or an address such as `s3://example-audits/rotation` names. */
export async function reportStoreAt(
  place: string,
  { connected }: Pick<Called, 'connected'>,
): Promise<ReportStore> {
  const bucket = bucketOf(place);
  if (bucket === undefined) return directoryReportStore(place);
  const { composeReportStore } = await import('../../monitor/compose/operator/compose-audit.ts');
  return composeReportStore(connected, bucket);
}

/** Makes an error for the operator of a directory that cannot be used; what AWS refuses passes. */
export const unusable =
  (place: string, { what, example }: { readonly what: string; readonly example: string }) =>
  (error: unknown): never => {
    if (!(error instanceof ReportStoreError) || bucketOf(place) !== undefined) throw error;
    const details = [`${error.message}.`];
    const solve = ['Check that the directory is there and that you may use it.'];
    throw new CliError({ what, details, solve, example }, { cause: error });
  };
