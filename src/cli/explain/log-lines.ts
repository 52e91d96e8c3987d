import { formatInstant, HOUR, type Instant, instant } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import type { TimeSpan } from '../../calendar/time-span.ts';
import type { SecretView } from '../../monitor/application/operate/view-secret.ts';
import { recordOf } from '../../monitor/domain/detect/pending-record.ts';
import {
  type FailingRun,
  failingRuns,
  type LoggedAttempt,
  wordsOfAttempt,
} from '../../monitor/domain/examine/logged-run.ts';
import { showLogs } from '../../monitor/domain/explain/function-commands.ts';
import { shownLine } from '../../monitor/domain/shown.ts';
import {
  type FoundLines,
  type FunctionLog,
  FunctionLogError,
} from '../../monitor/ports/look/function-log.ts';

/** Most lines of a log that are shown. */
const MOST_LINES = 20;
/** An attempt and its retries end within a day. */
const ATTEMPTS_MS: number = 24 * HOUR;

/** Lines of the failing attempt, redacted; or the reason that there are none, with the command to type. */
export async function logLines(view: SecretView, log: FunctionLog | undefined): Promise<readonly string[]> {
  const { at, secret } = view;
  const place = view.findings[0]?.logs;
  if (place === undefined) return [];
  const { group, since } = place;
  const command = showLogs(secret, group, since);
  if (log === undefined) return ['Read it with --logs, or type:', command];
  const attempt = attemptOf(view);
  const span: TimeSpan = { from: since, until: instant(Math.min(at + 1, since + ATTEMPTS_MS)) };
  try {
    const found = await log.lines(group, span, wordsOfAttempt(attempt));
    if (found === undefined) return [`There is no log group ${group}: the function has not logged.`];
    const runs = latestOf(failingRuns(found.lines, attempt));
    const shown =
      runs.length === 0 ? [absence(group, since), command] : [headOf(group, runs), ...runs.flatMap(runLines)];
    return [...shown, ...unreadLines(found)];
  } catch (error) {
    if (!(error instanceof FunctionLogError)) throw error;
    return [`${error.message}. Somebody with that right may type:`, command];
  }
}

/** The attempt to rotate that the findings are about. */
function attemptOf({ secret, facts, remembered }: SecretView): LoggedAttempt {
  const versionId = facts.pending?.versionId;
  const attempts = (remembered?.attempts ?? []).filter((attempt) => attempt.versionId === versionId);
  const failures = [
    ...recordOf(facts).filter(({ kind }) => kind === 'rotation-failed'),
    ...attempts.flatMap((attempt) => attempt.failures),
  ];
  return { secretArn: secret.arn, versionId, failedAt: failures.map((failure) => failure.at) };
}

/** The latest lines of the runs, so many as are shown. */
function latestOf(runs: readonly FailingRun[]): readonly FailingRun[] {
  const latest: FailingRun[] = [];
  let left = MOST_LINES;
  for (const run of runs.toReversed()) {
    if (left === 0) break;
    const lines = run.lines.slice(-left);
    latest.unshift({ ...run, lines });
    left -= lines.length;
  }
  return latest;
}

const headOf = (group: string, runs: readonly FailingRun[]): string =>
  `${group}: the latest ${plural(runs.flatMap(({ lines }) => lines).length, 'error line')} of this attempt, redacted.`;

const absence = (group: string, since: Instant): string =>
  `${group} has no error line since ${formatInstant(since)} that is known to be of this attempt. For the lines of all secrets, type:`;

function runLines({ requestId, lines, by }: FailingRun): readonly string[] {
  const [first] = lines;
  const request = requestId === undefined ? 'A request without an id' : `Request ${requestId}`;
  const reason =
    by === 'name'
      ? requestId === undefined
        ? ', by the secret or version that the line names'
        : ''
      : ', the only one naming no secret that ended when the failure was recorded';
  const time = first === undefined ? '' : `, ${formatInstant(first.at)}`;
  return [`${request}${time}${reason}:`, ...lines.map(({ text }) => `  ${redactLine(text)}`)];
}

const unreadLines = ({ isWhole }: FoundLines): readonly string[] =>
  isWhole ? [] : ['The log is long and was not read to its end, so later lines are missing.'];

/** Longest line that is shown. */
const LONGEST_LINE = 300;
const REDACTED = '<redacted>';

/** Values behind the name of a credential, in `name=value`, `name: value` and JSON; a line may end within one. */
const NAMED =
  /((?:[\w-]*(?:pass(?:word|wd|phrase)?|pwd|secret[_-]?(?:string|value|key|access)|token|api[_-]?key|private[_-]?key|credential|authorization|auth))["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*\\?(?:"|$)|'(?:[^'\\]|\\.)*\\?(?:'|$)|[^\s,;&}\]]+(?:\s+(?<=bearer\s)\S+)?)/gi;
/** User and password in an address. */
const IN_URL = /(:\/\/)[^\s/@]+@/g;
/** Access keys of AWS. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const ACCESS_KEY = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g;
/** Words of a length and mixture that names do not have; ids of versions and requests, and ARNs, are left alone. */
const WORD = /(?<![\w/:.-])[A-Za-z0-9+/=_!@#$%^&*~-]{16,}(?![\w])/g;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns a line of a log as people may see it: bounded, without what steers a terminal, and without what may be a credential. */
export const redactLine = (line: string): string => {
  const text = line
    .slice(0, 10 * LONGEST_LINE)
    .replaceAll(NAMED, (_all, name: string) => `${name}${REDACTED}`)
    .replaceAll(IN_URL, (_all, slashes: string) => `${slashes}${REDACTED}@`)
    .replaceAll(ACCESS_KEY, REDACTED)
    .replaceAll(WORD, (word) => (isCredentialLike(word) ? REDACTED : word));
  return shownLine(text).slice(0, LONGEST_LINE);
};

/** Whether a word mixes letters of both cases and digits, as made passwords do. */
const isCredentialLike = (word: string): boolean =>
  !ID.test(word) &&
  /[a-z]/.test(word) &&
  /[A-Z]/.test(word) &&
  /\d/.test(word) &&
  !/^\d{4}-\d\d-\d\dT/.test(word);
