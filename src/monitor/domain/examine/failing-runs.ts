import type { Instant } from '../../../calendar/instant.ts';
import { framing, type LoggedRun, type LogLine, runsOf } from './logged-run.ts';

/** The attempt that is looked for in a log. */
export interface LoggedAttempt {
  readonly secretArn: string;
  /** The version that the attempt is to put in use; undefined where it is not known. */
  readonly versionId: string | undefined;
  /** The recorded failures of the attempt. */
  readonly failedAt: readonly Instant[];
}

/** The error lines of one request, and the reason to count it to the attempt. */
export interface FailingRun extends LoggedRun {
  /** `time`: no line of it names any secret, and it is the only one that ended when the failure was recorded. */
  readonly by: 'name' | 'time';
}

/** Words of errors in the runtimes of Lambda. */
const ERROR_WORDS = ['ERROR', 'Error', 'error', 'Exception', 'Traceback', 'CRITICAL', 'FATAL', 'timed out'];
/** The lines with which Lambda begins and ends a request, in its two formats. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html */
const FRAME_WORDS = ['START RequestId', 'END RequestId', 'platform.start', 'platform.report'];
const ANY_SECRET = ':secret:';

/** Returns the words of all lines that {@link failingRuns} has to see. */
export const wordsOfAttempt = ({ versionId }: LoggedAttempt): readonly string[] => [
  ...ERROR_WORDS,
  ...FRAME_WORDS,
  ANY_SECRET,
  ...(versionId === undefined ? [] : [versionId]),
];

/**
 * Returns the requests with error lines that belong to an attempt, oldest first, out of the lines of a function that
 * rotates other secrets, too.
 */
export function failingRuns(lines: readonly LogLine[], attempt: LoggedAttempt): readonly FailingRun[] {
  const runs = runsOf(lines);
  const failing = runs.filter((run) => errorsOf(run).length > 0);
  const named = failing.filter((run) => run.lines.some(({ text }) => isNamed(text, attempt)));
  const nameless = failing.filter((run) => !run.lines.some(({ text }) => text.includes(ANY_SECRET)));
  const timed = attempt.failedAt.flatMap((at) => onlyOne(nameless.filter((run) => endsBefore(run, at))));
  return failing.flatMap((run) => {
    const by = named.includes(run) ? 'name' : timed.includes(run) ? 'time' : undefined;
    return by === undefined ? [] : [{ requestId: run.requestId, lines: errorsOf(run), by }];
  });
}

const onlyOne = <T>(all: readonly T[]): readonly T[] => (all.length === 1 ? all : []);

/** A failure is recorded within moments of the end of the request. */
const RECORDED_WITHIN_MS = 30_000;

const endsBefore = ({ lines }: LoggedRun, at: Instant): boolean => {
  const endedAt = lines.at(-1)?.at ?? 0;
  return endedAt <= at && at - endedAt <= RECORDED_WITHIN_MS;
};

/** The lines about errors; an ARN may have such a word in its name. */
const errorsOf = ({ lines }: LoggedRun): readonly LogLine[] =>
  lines.filter(({ text }) => {
    const said = text.replaceAll(ARNS, '');
    return framing(text).frame === undefined && ERROR_WORDS.some((word) => said.includes(word));
  });

const ARNS = /arn:[\w:/+=.@-]+/g;

/** Whether a line names the version, or the secret by its whole ARN. */
const isNamed = (text: string, { secretArn, versionId }: LoggedAttempt): boolean =>
  (versionId !== undefined && wholeWord(text, versionId)) || wholeWord(text, secretArn);

/** Whether a text has a word that does not go on before or behind; a full stop may end a sentence. */
function wholeWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const before = text.slice(0, at);
    const behind = text.slice(at + word.length);
    if (!/[\w/+=@-]$/.test(before) && !/^\.?[\w/+=@-]/.test(behind)) return true;
  }
  return false;
}
