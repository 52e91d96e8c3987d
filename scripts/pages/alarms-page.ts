import type { AlarmDefinition } from '../../src/monitor/observability/alarms/alarm.ts';
import { alarmDefinitions } from '../../src/monitor/observability/alarms/alarm-definitions.ts';
import { sampleWithEverything } from '../../src/proving/player/sample-deployment.ts';
import { code, page, table } from './markdown.ts';

/** Every alarm, from its definition; one for each queue and each function stands for the others. */
export function alarmsPage(): string {
  const watched = sampleWithEverything();
  const { service, findings, composite } = alarmDefinitions(watched);
  const withoutAlarm = new Intl.ListFormat('en-GB').format(watched.failuresSeenOtherwise.map(code));
  return page(
    '# Alarms',
    'CloudWatch alarms of a deployment that sweeps every 5 minutes. What to do about each: [runbooks/alarms.md](runbooks/alarms.md).',
    '"2 of 3 × 5 min" means that two of the last three datapoints, five minutes each, have to be bad. A datapoint that does not come is bad (`breaching`), good (`notBreaching`) or leaves the alarm as it was (`ignore`).',
    '## About the monitor',
    `All notify the health topic when they begin. Those that report the end as well say once, soon after they are created, that all is well. Of the alarms that exist for both dead-letter queues, for queues or for functions, one is listed: every queue has one, and every function but ${withoutAlarm}, whose failures are seen otherwise. That of \`check-secret\`, which no queue feeds, rings when it is throttled, too. Those named \`canary-…\` exist where there is a canary; \`agent-unavailable\` where \`localAgents\` is set; \`target-unreachable\`, \`queue-late-sweeps\` and \`function-failing-sweep-target\` where there are members.`,
    alarmTable(service.filter(isFirstOfItsKind)),
    '## Over these alarms',
    table(
      ['Alarm', 'Rings when', 'Meaning'],
      composite.map(({ key, anyOf, meaning }) => [
        code(key),
        `any of ${anyOf.map(code).join(', ')} rings`,
        meaning,
      ]),
    ),
    '## About the secrets',
    'They are there to be seen on dashboards and notify nobody: the alerts do.',
    alarmTable(findings),
  );
}

/** Whether an alarm is the first of those that exist for each queue or function, or has no likes. */
const isFirstOfItsKind = (
  { runbook }: AlarmDefinition,
  index: number,
  all: readonly AlarmDefinition[],
): boolean => all.findIndex((each) => each.runbook === runbook) === index;

const alarmTable = (alarms: readonly AlarmDefinition[]): string =>
  table(
    ['Alarm', 'Rings when', 'Datapoints', 'Missing', 'Reports', 'Meaning'],
    alarms.map((alarm) => [
      code(alarm.key),
      condition(alarm),
      `${alarm.datapointsToAlarm} of ${alarm.evaluationPeriods} × ${alarm.periodSeconds / 60} min`,
      code(alarm.missingData),
      TELLS[alarm.tells],
      alarm.meaning,
    ]),
  );

const TELLS: Readonly<Record<AlarmDefinition['tells'], string>> = {
  'both-ends': 'beginning and end',
  beginning: 'beginning',
  nothing: '–',
};

function condition({ measure, badWhen, threshold }: AlarmDefinition): string {
  const measured =
    measure.kind === 'metric'
      ? `${measure.metric.statistic} of ${code(measure.metric.name)}`
      : Object.values(measure.metrics)
          .map(({ name }) => code(name))
          .join(' + ');
  return `${measured} is ${badWhen} ${threshold}`;
}
