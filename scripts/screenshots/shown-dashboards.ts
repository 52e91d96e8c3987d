import { drillStage } from '../../src/cli/preview/drill-stage.ts';
import { type RunningPreview, servePreview } from '../../src/cli/preview/serve-preview.ts';
import type { Stage } from '../../src/cli/preview/stage.ts';
import { checkScenario } from '../../src/proving/scenario/read-scenario.ts';
import type { Scenario } from '../../src/proving/scenario/scenario.ts';
import { BAD_WEEK } from './bad-week.ts';

/** Two hours after the last night of the week: the credential has been dead for that long. */
const DAYS = 7.1;

/** Dashboards after a drill, served for a browser. */
export interface ShownDashboards extends RunningPreview {
  readonly stage: Stage;
}

/** Plays the drill to the hour that shows most, and serves its dashboards; changes to the scenario are up to the caller. */
export async function showDashboards(changes: Partial<Scenario> = {}): Promise<ShownDashboards> {
  const { stage, play, stop } = await drillStage({ ...checkScenario(BAD_WEEK), days: DAYS, ...changes });
  await play(Number.POSITIVE_INFINITY);
  const preview = await servePreview(stage, 0);
  return {
    ...preview,
    stage,
    close: async () => {
      await preview.close();
      await stop();
    },
  };
}
