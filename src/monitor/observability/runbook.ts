import type { Watched } from './watched.ts';

/**
 * Returns the place of a runbook (`page` or `page#section`): its address, or its path in the repository where none is
 * known.
 */
export function runbookPlace({ runbookBaseUrl }: Pick<Watched, 'runbookBaseUrl'>, runbook: string): string {
  const [page, anchor] = runbook.split('#');
  return `${runbookBaseUrl ?? 'docs/runbooks'}/${page}.md${anchor === undefined ? '' : `#${anchor}`}`;
}

/** A link to a runbook in Markdown; the bare name where no address is known. */
export const runbookLink = (
  watched: Pick<Watched, 'runbookBaseUrl'>,
  runbook: string,
  text: string = runbook,
): string =>
  watched.runbookBaseUrl === undefined ? `\`${text}\`` : `[${text}](${runbookPlace(watched, runbook)})`;
