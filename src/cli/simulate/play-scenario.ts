import { DAY, type Instant, instant, later, MINUTE } from '../../calendar/instant.ts';
import { JUDGING_SETTINGS } from '../../monitor/config/judging-settings.ts';
import type { Environment } from '../../monitor/config/read-config.ts';
import { SERVICE_SETTINGS } from '../../monitor/config/service-settings.ts';
import { variableOf } from '../../monitor/config/setting.ts';
import { type OpenDrill, openDrill } from '../../proving/drill/run-drill.ts';
import type { StoryListener } from '../../proving/drill/story.ts';
import { READERS } from '../../proving/embedded/side-topics.ts';
import type { Scenario } from '../../proving/scenario/scenario.ts';
import { networkPost } from '../../simulator/sns/http-post.ts';
import { RealClock } from '../../simulator/time/clock.ts';
import { LiveClock } from '../../simulator/time/live-clock.ts';

/** A scenario to be played until now. */
export interface PlayRequest {
  readonly scenario: Scenario;
  /** How much of its timeline is played, in milliseconds from its start; all of it when undefined. */
  readonly untilMs: number | undefined;
  /** Of the environment, the settings by which the monitor judges and works take effect; where it runs is given. */
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

/** How far time moves between two looks at what is new. */
const STEP_MS: number = 60 * MINUTE;
/** How often what is new is told once time is real. */
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
  const drill = await openDrill(shifted(scenario, clock.now(), spanMs), {
    clock,
    listener,
    readers: READERS,
    environment: settingsIn(request.environment),
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

function settingsIn(environment: Environment): Readonly<Record<string, string>> {
  const variables = Object.values({ ...JUDGING_SETTINGS, ...SERVICE_SETTINGS }).map(variableOf);
  return Object.fromEntries(
    variables.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  );
}

const shifted = (scenario: Scenario, start: Instant, spanMs: number): Scenario => ({
  ...scenario,
  start,
  days: Math.max(1, Math.ceil(spanMs / DAY)),
  timeline: scenario.timeline.filter((entry) => entry.do !== 'advice' && entry.atMs <= spanMs),
});
