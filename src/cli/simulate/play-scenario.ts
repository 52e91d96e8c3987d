import { DAY, type Instant, instant, later, MINUTE } from '../../calendar/instant.ts';
import type { Environment } from '../../monitor/config/read-config.ts';
import { variableOf } from '../../monitor/config/setting.ts';
import { SETTINGS } from '../../monitor/config/settings.ts';
import { type OpenDrill, openDrill } from '../../proving/drill/run-drill.ts';
import type { StoryListener } from '../../proving/drill/story.ts';
import { settingParameters } from '../../proving/player/monitor.ts';
import type { Scenario } from '../../proving/scenario/scenario.ts';
import { networkPost } from '../../simulator/sns/http-post.ts';
import { LiveClock, RealClock } from '../../simulator/time/clock.ts';

/** A scenario to be played until now. */
export interface PlayRequest {
  readonly scenario: Scenario;
  /** The part of its timeline to play, in milliseconds from its start; all of it when undefined. */
  readonly untilMs: number | undefined;
  /**
   * Environment of the functions, of which the sweep interval and the settings that are parameters of the template take
   * effect.
   */
  readonly environment: Environment;
  /** Hears what happens, in order of time, and goes on hearing it. */
  readonly listener: StoryListener;
}

/** A scenario whose timeline has come to now. */
export interface Played {
  readonly drill: OpenDrill;
  /** Lets time go on as the machine's. */
  goLive(): Promise<void>;
  stop(): Promise<void>;
}

/** Simulated time between two looks for news. */
const STEP_MS: number = 60 * MINUTE;
/** Time between two looks for news once the clock is real, in milliseconds. */
const LOOK_MS = 250;

/**
 * Plays the timeline of a scenario with the monitor deployed, as fast as it goes, and on until now. It is shifted by
 * whole days, so that everything keeps its hour, and ends within the last day. What its operator would do by the advice
 * of alerts is left out: that is for whoever has started it.
 */
export async function playUntilNow(request: PlayRequest): Promise<Played> {
  const { scenario, untilMs, listener } = request;
  const spanMs = untilMs ?? scenario.days * DAY;
  const machine = new RealClock();
  const now = machine.now();
  const days = Math.floor((now - scenario.start - spanMs) / DAY);
  const clock = new LiveClock(later(scenario.start, days * DAY), machine);
  const sweepEveryMs = intervalIn(request.environment) ?? scenario.sweepEveryMs;
  const drill = await openDrill(shifted({ ...scenario, sweepEveryMs }, clock.now(), spanMs), {
    clock,
    listener,
    parameters: settingParameters(request.environment),
    post: networkPost,
  });
  while (clock.now() < now) {
    await clock.advanceTo(instant(Math.min(later(clock.now(), STEP_MS), now)));
    drill.look();
  }
  let looking: NodeJS.Timeout | undefined;
  return {
    drill,
    goLive: async () => {
      await clock.goLive();
      looking = setInterval(() => drill.look(), LOOK_MS);
    },
    stop: async () => {
      clearInterval(looking);
      clock.stop();
      await drill.close();
    },
  };
}

/** Variables of settings that an environment holds in vain: the template of the drill decides them. */
export const decidedByTemplate = (environment: Environment): readonly string[] =>
  Object.values(SETTINGS)
    .map(variableOf)
    .filter((variable) => {
      const text = environment[variable];
      if (!text || variable === variableOf(SETTINGS.sweepIntervalMs)) return false;
      return Object.keys(settingParameters({ [variable]: text })).length === 0;
    });

/** Returns the interval between sweeps; it belongs to the template, so it is no parameter of it. */
const intervalIn = (environment: Environment): number | undefined => {
  const { kind, ...setting } = SETTINGS.sweepIntervalMs;
  return kind.parse(environment[variableOf(setting)] ?? '');
};

const shifted = (scenario: Scenario, start: Instant, spanMs: number): Scenario => ({
  ...scenario,
  start,
  days: Math.max(1, Math.ceil(spanMs / DAY)),
  timeline: scenario.timeline.filter((entry) => entry.do !== 'advice' && entry.atMs <= spanMs),
});
