import { setTimeout } from 'node:timers/promises';
import { DAY, formatInstant, SECOND } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import { dashboardsInProcess } from '../../monitor/compose/operator/compose-dashboards.ts';
import { type OpenDrill, openDrill } from '../../proving/drill/run-drill.ts';
import { ofType } from '../../proving/player/deployed-resources.ts';
import type { Scenario } from '../../proving/scenario/scenario.ts';
import type { Stage } from './stage.ts';

/** A drill that somebody watches. */
export interface DrillStage {
  readonly stage: Stage;
  /** Plays on, so many simulated hours a second at most, until the scenario ends or `stop` is called. */
  play(hoursPerSecond: number): Promise<void>;
  stop(): Promise<void>;
}

/** Deploys the monitor with its dashboards and alarms into an embedded AWS, and plays the scenario there. */
export async function drillStage(scenario: Scenario): Promise<DrillStage> {
  const drill = await openDrill(scenario, { observability: true });
  const { simulator, deployment, endsAt } = drill;
  const source = dashboardsInProcess(simulator.home.region, simulator.requestHandler('operator'));
  const now = () => simulator.clock.now();
  const daysLeft = () => Math.ceil((endsAt - now()) / DAY);
  let stopped = false;
  let playing: Promise<void> = Promise.resolve();
  return {
    stage: {
      source,
      dashboards: ofType(deployment.resources, 'AWS::CloudWatch::Dashboard').map(({ properties }) =>
        String(properties['DashboardName']),
      ),
      now,
      status: () =>
        `Drill "${scenario.name}", ${formatInstant(now())}${daysLeft() > 0 ? `, ${plural(daysLeft(), 'day')} to go` : ', at its end'}`,
      mails: () => simulator.sns.inbox,
      refreshMs: 2 * SECOND,
    },
    play: (hoursPerSecond) => {
      playing = playOn(drill, SECOND / hoursPerSecond, () => stopped);
      return playing;
    },
    stop: async () => {
      stopped = true;
      await playing;
      await drill.close();
    },
  };
}

/** Plays hour by hour; between the hours requests are answered. */
async function playOn(drill: OpenDrill, pauseMs: number, isStopped: () => boolean): Promise<void> {
  while (!isStopped() && (await drill.step())) await setTimeout(pauseMs);
}
