import { plural } from '../../calendar/plural.ts';
import type { PushResult } from '../../monitor/application/report/push-findings.ts';
import { printable, printableJson } from '../terminal/output.ts';
import { hanging } from '../terminal/wrap.ts';

/** Prints a push for programs; `docs/schemas/audit-push.json` describes the format. */
export const pushJson = (result: PushResult, isDryRun: boolean): string =>
  printableJson({
    schemaVersion: 1,
    dryRun: isDryRun,
    created: result.created,
    updated: result.updated,
    archived: result.archived,
    left: result.left,
    failed: result.failed,
    unverifiable: result.unverifiable.map(({ id, because }) => ({ secretArn: id, because })),
    unreached: result.unreached.map(({ target, error }) => ({ ...target, because: error.message })),
    brokeOff: brokeOffText(result) ?? null,
  });

/** Says why a push ended before its time; undefined where it did not. */
function brokeOffText({ brokeOff }: PushResult): string | undefined {
  if (brokeOff === undefined) return undefined;
  const why = brokeOff === 'interrupted' ? 'It was interrupted' : `It broke off: ${brokeOff.message}`;
  return `${why}. What had been read before was sent, and the same command sends the rest.`;
}

/** Prints a push for a person. */
export function pushText(result: PushResult, isDryRun: boolean, columns: number): string {
  const { created, updated, archived, left, failed, unverifiable, unreached } = result;
  const brokeOff = brokeOffText(result);
  const verb = isDryRun ? 'Would be sent: ' : 'Sent: ';
  const lines = [
    `${verb}${plural(created, 'new finding')}, ${plural(updated, 'update')}, ${archived.length} archived.`,
    ...archived.map(({ id, because }) => `- archived ${id}: ${because}`),
    ...(left.length === 0 ? [] : [`${plural(left.length, 'active finding')} left as they are:`]),
    ...left.map(({ id, because }) => `- ${id}: ${because}`),
    ...(failed.length === 0 ? [] : [`${plural(failed.length, 'finding')} refused by Security Hub:`]),
    ...failed.map(({ id, code, message }) => `- ${id}: ${code}: ${message}`),
    ...(unverifiable.length === 0 ? [] : [`${plural(unverifiable.length, 'secret')} could not be checked:`]),
    ...unverifiable.map(({ id, because }) => `- ${id}: ${because}`),
    ...unreached.map(
      ({ target, error }) =>
        `- not reached: ${target.account} ${target.region}: ${error.message}. Nothing was sent there.`,
    ),
    ...(brokeOff === undefined ? [] : [brokeOff]),
  ];
  return `${lines.flatMap((line) => hanging(printable(line), columns, '')).join('\n')}\n`;
}
