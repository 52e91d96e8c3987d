import { HOUR, instant } from '../../calendar/instant.ts';
import type { SecretView } from '../../monitor/application/operate/view-secret.ts';
import { showLogs } from '../../monitor/domain/explain/function-commands.ts';
import { redactLine } from '../../monitor/domain/redact-line.ts';
import { type FunctionLog, FunctionLogError } from '../../monitor/ports/look/function-log.ts';

/** Most lines of a log that are shown. */
const MOST_LINES = 20;
/** An attempt and its retries end within a day. */
const ATTEMPTS_MS: number = 24 * HOUR;

/** Lines of the failing attempt, redacted; or the reason that there are none, with the command to type. */
export async function logLines(
  { findings, at, secret }: SecretView,
  log: FunctionLog | undefined,
): Promise<readonly string[]> {
  const [finding] = findings;
  const place = finding?.logs;
  if (place === undefined) return [];
  const command = showLogs(secret, place.group, place.since);
  if (log === undefined) return ['Read it with --logs, or type:', command];
  const until = instant(Math.min(at, place.since + ATTEMPTS_MS));
  try {
    const lines = await log.errorLines(place.group, { from: place.since, until }, MOST_LINES);
    const head = `${place.group}: the latest ${lines.length} lines about errors, redacted.`;
    return lines.length === 0
      ? [`${place.group} has no line about errors since then. For all lines, type:`, command]
      : [head, ...lines.map((line) => `  ${redactLine(line)}`)];
  } catch (error) {
    if (!(error instanceof FunctionLogError)) throw error;
    return [`${error.message}. Somebody with that right may type:`, command];
  }
}
