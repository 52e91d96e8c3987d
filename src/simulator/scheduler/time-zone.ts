import { DAY, type Instant, instant } from '../../calendar/instant.ts';

/** The time that clocks of a zone show, as the epoch milliseconds at which clocks in UTC show it. */
export type WallTime = number;

/** Turns the time of a zone's clocks into instants and back. */
export interface TimeZone {
  wallTime(at: Instant): WallTime;
  /** The first instant at which the clocks show `wall`; undefined when they skip it. */
  instantOf(wall: WallTime): Instant | undefined;
}

/** Zones whose clocks show UTC. */
const UTC_NAMES: readonly string[] = ['UTC', 'Etc/UTC', 'Etc/GMT', 'GMT'];

/** The zone of this name in the IANA database; undefined when there is none. */
export function timeZone(name: string): TimeZone | undefined {
  if (UTC_NAMES.includes(name)) return { wallTime: (at) => at, instantOf: instant };
  const clock = clockOf(name);
  if (clock === undefined) return undefined;
  const wallTime = (at: Instant): WallTime => shown(clock, at);
  return { wallTime, instantOf: (wall) => firstShowing(wall, wallTime) };
}

function clockOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const number = 'numeric';
  const fields = {
    year: number,
    month: number,
    day: number,
    hour: number,
    minute: number,
    second: number,
  } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...fields });
  } catch {
    return undefined;
  }
}

function shown(clock: Intl.DateTimeFormat, at: Instant): WallTime {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const seconds = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return seconds + (at % 1000);
}

/** Clocks are put on or back at most once within two days. */
function firstShowing(wall: WallTime, wallTime: (at: Instant) => WallTime): Instant | undefined {
  const offsets = [-DAY, DAY].map((ms) => wallTime(instant(wall + ms)) - (wall + ms));
  const candidates = offsets.map((offset) => instant(wall - offset)).filter((at) => wallTime(at) === wall);
  return candidates.sort((a, b) => a - b)[0];
}
