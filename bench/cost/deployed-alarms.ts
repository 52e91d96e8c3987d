import { alarmDefinitions } from '../../src/monitor/observability/alarms/alarm-definitions.ts';
import type { Watched } from '../../src/monitor/observability/watched.ts';
import { SAMPLE_WITH_EVERYTHING } from '../../src/proving/embedded/sample-deployment.ts';

/** What is billed of the alarms. */
export interface AlarmCounts {
  readonly alarms: number;
  /** Metrics that they look at: an alarm on a formula is billed for each. */
  readonly metrics: number;
  readonly composite: number;
}

/** What is deployed for Slack alone; the bench posts to none. */
const OF_SLACK: readonly string[] = ['notify-slack', 'chat'];

const withoutSlack = (named: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(named).filter(([key]) => !OF_SLACK.includes(key)));

/** Queues that feed functions. */
export const FED_QUEUES: readonly string[] = Object.keys(withoutSlack(SAMPLE_WITH_EVERYTHING.queues));

/** The alarms that infra deploys with a canary. */
export function deployedAlarms({ hasMembers }: Pick<Watched, 'hasMembers'>): AlarmCounts {
  const watched: Watched = {
    ...SAMPLE_WITH_EVERYTHING,
    functions: withoutSlack(SAMPLE_WITH_EVERYTHING.functions),
    queues: withoutSlack(SAMPLE_WITH_EVERYTHING.queues),
    hasMembers,
  };
  const { service, findings, composite } = alarmDefinitions(watched);
  const alarms = [...service, ...findings];
  const metrics = alarms.map(({ measure }) =>
    measure.kind === 'metric' ? 1 : Object.keys(measure.metrics).length,
  );
  return {
    alarms: alarms.length,
    metrics: metrics.reduce((sum, count) => sum + count, 0),
    composite: composite.length,
  };
}
