import { type Instant, later, SECOND } from '../../../../calendar/instant.ts';
import {
  parseRotationSchedule,
  type RotationSchedule,
  type Window,
} from '../../../../calendar/rotation-schedule.ts';
import { rulesOfText } from '../../history/schedule-text.ts';
import type { LifeSpan } from './secret-life.ts';

/** A rotation window that closed, and whether a rotation was completed for it. */
export interface ClosedWindow extends Window {
  readonly isMissed: boolean;
  /** Whether the schedule it follows from is inferred. */
  readonly isInferred: boolean;
}

/** More windows than six a day over 400 days are none that AWS knows. */
const MOST_WINDOWS = 4000;

/**
 * The windows that closed while rotation was on, in order. A window follows from the rotation before it, as
 * NextRotationDate does: a rotation or a new value ahead of a window of days moves it; one that was missed is followed by
 * the next one of the schedule.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export function closedWindows(
  spans: readonly LifeSpan[],
  completedAt: readonly Instant[],
  replacedAt: readonly Instant[] = [],
): readonly ClosedWindow[] {
  return spans.flatMap((span) => {
    const schedule = scheduleOf(span.state);
    if (schedule === undefined) return [];
    return windowsIn(joinedStart(span, spans), { schedule, completedAt, replacedAt });
  });
}

/** A span that differs from the one before in owner or silence alone goes on with its windows. */
function joinedStart(span: LifeSpan, spans: readonly LifeSpan[]): LifeSpan & { readonly setAt: Instant } {
  let setAt = span.from;
  for (const each of [...spans].reverse()) {
    if (each.to !== setAt) continue;
    const { isThere, rotationOn, schedule } = each.state;
    const { state } = span;
    const isSame =
      isThere === state.isThere && rotationOn === state.rotationOn && schedule === state.schedule;
    if (!isSame) break;
    setAt = each.from;
  }
  return { ...span, setAt };
}

/** Whether a window has opened by `at` that follows from the rotation before it. */
export function hasOpened({ from, state }: LifeSpan, completedAt: readonly Instant[], at: Instant): boolean {
  const next = scheduleOf(state)?.next(completedAt.findLast((end) => end < at) ?? from);
  return next !== undefined && next.opensAt < at;
}

/** Undefined where nothing rotates by a schedule that can be read. */
function scheduleOf({
  isThere,
  rotationOn,
  schedule: text,
}: LifeSpan['state']): RotationSchedule | undefined {
  const rules = text === undefined ? undefined : rulesOfText(text);
  const schedule = rules && parseRotationSchedule(rules);
  const isOn = isThere && rotationOn;
  return !isOn || schedule === undefined || 'fault' in schedule ? undefined : schedule;
}

interface Course {
  readonly schedule: RotationSchedule;
  readonly completedAt: readonly Instant[];
  readonly replacedAt: readonly Instant[];
}

function windowsIn(
  { from, to, setAt, isInferred }: LifeSpan & { readonly setAt: Instant },
  { schedule, completedAt, replacedAt }: Course,
): readonly ClosedWindow[] {
  const moves = [...completedAt, ...replacedAt].sort((a, b) => a - b);
  const closed: ClosedWindow[] = [];
  let window = firstWindow(
    schedule,
    completedAt.findLast((at) => at <= setAt),
    setAt,
  );
  let cursor = setAt;
  for (let count = 0; count < MOST_WINDOWS; count++) {
    const end = later(window.closesAt, SECOND);
    const move = moves.find((at) => at > cursor && at < end);
    if (move !== undefined && move < window.opensAt) {
      [cursor, window] = [move, schedule.next(move)];
      continue;
    }
    if (window.closesAt >= to) break;
    if (window.closesAt >= from) closed.push({ ...window, isMissed: move === undefined, isInferred });
    const last = moves.findLast((at) => at > cursor && at < end);
    [cursor, window] =
      last === undefined ? [cursor, schedule.next(window.opensAt)] : [last, schedule.next(last)];
  }
  return closed;
}

/** The window that a schedule leads to when it is set: counted from the last rotation if there was one. */
function firstWindow({ next }: RotationSchedule, last: Instant | undefined, setAt: Instant): Window {
  const planned = next(last ?? setAt);
  return planned.closesAt > setAt ? planned : next(setAt);
}
