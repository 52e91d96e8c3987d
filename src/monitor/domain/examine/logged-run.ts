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
