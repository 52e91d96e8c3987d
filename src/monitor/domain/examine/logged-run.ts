import type { Instant } from '../../../calendar/instant.ts';

/** A line of a function's log, as it was written. */
export interface LogLine {
  readonly at: Instant;
  /** The runs of one environment of the function follow each other in its stream. */
  readonly stream: string;
  readonly text: string;
}

/** The lines of one request to a function; of a line whose request is not known, the line alone. */
export interface LoggedRun {
  readonly requestId: string | undefined;
  readonly lines: readonly LogLine[];
}

/** Puts lines together by request: the id in the line counts, else the request that its stream is in. */
export function runsOf(lines: readonly LogLine[]): readonly LoggedRun[] {
  const runs = new Map<string, { requestId: string | undefined; lines: LogLine[] }>();
  const running = new Map<string, string>();
  const read = lines.map((line) => ({ line, ...framing(line.text) }));
  const started = new Set(read.flatMap(({ frame, stated }) => (frame === 'start' ? (stated ?? []) : [])));
  for (const [index, { line, frame, stated }] of read.entries()) {
    if (frame === 'start' && stated !== undefined) running.set(line.stream, stated);
    const told = line.text.match(UUIDS)?.find((id) => started.has(id));
    const requestId = stated ?? told ?? running.get(line.stream);
    const key = requestId ?? `line ${index}`;
    const run = runs.get(key) ?? { requestId, lines: [] };
    run.lines.push(line);
    runs.set(key, run);
    if (frame === 'end') running.delete(line.stream);
  }
  return [...runs.values()];
}

/** The part of a line that Lambda and its runtimes write themselves. */
interface Framing {
  readonly frame: 'start' | 'end' | 'report' | undefined;
  /** The id of the request. */
  readonly stated: string | undefined;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const UUIDS = new RegExp(UUID, 'g');
const FRAME = new RegExp(`^(START|END|REPORT) RequestId: (${UUID})`);
/** Beginnings of lines by the runtimes of Python and Node.js, and of Lambda's line about a time-out. */
const STATED = new RegExp(`^(?:\\[[A-Z]+\\]\\t)?\\S+(?:\\t(${UUID})\\t| (${UUID}) Task timed out)`);

/** Reads the frame of a request, or the id that the runtime puts before a line of the code. */
export function framing(text: string): Framing {
  if (text.startsWith('{')) return jsonFraming(text);
  const [, frame, framed] = FRAME.exec(text) ?? [];
  if (frame !== undefined) return { frame: FRAMES[frame], stated: framed };
  const [, stated, timedOut] = STATED.exec(text) ?? [];
  return { frame: undefined, stated: stated ?? timedOut };
}

const FRAMES: Readonly<Record<string, Framing['frame']>> = {
  START: 'start',
  END: 'end',
  REPORT: 'report',
  'platform.start': 'start',
  'platform.report': 'end',
};

function jsonFraming(text: string): Framing {
  const { type, record, requestId } = fieldsOf(text);
  const stated = requestId ?? (isFields(record) ? record['requestId'] : undefined);
  return {
    frame: FRAMES[String(type)],
    stated: typeof stated === 'string' ? stated : undefined,
  };
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return isFields(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

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
