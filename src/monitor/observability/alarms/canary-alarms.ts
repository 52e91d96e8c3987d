import { ofFunction } from '../aws-metrics.ts';
import { ownBy } from '../metric-reference.ts';
import type { Watched } from '../watched.ts';
import type { AlarmDefinition } from './alarm.ts';
import { outOf } from './service-alarms.ts';

/** One hour. */
const HOUR_SECONDS = 3600;
/** A call is made every hour; one lost event and one that slips into the next hour are no silence yet. */
const CALL_HOURS = 3;
/** Rotations begin at most five hours apart, every four hours within an hour: two of them were not reported. */
const ROTATION_HOURS = 10;

/** Alarms on the silence of the canary; none where there is no canary. An event that is an hour late is as good as lost. */
export function canaryAlarms(watched: Watched): readonly AlarmDefinition[] {
  const { canaryFunction, functions } = watched;
  const labelFunction = functions['on-label-updated'];
  if (canaryFunction === undefined || labelFunction === undefined) return [];
  const delayOf = (Kind: string) => ({
    measure: { kind: 'metric', metric: ownBy(watched, 'CanaryEventDelay', { Kind }) } as const,
    badWhen: 'above' as const,
    threshold: HOUR_SECONDS,
  });
  const silence = {
    periodSeconds: HOUR_SECONDS,
    missingData: 'breaching' as const,
    tells: 'both-ends' as const,
  };
  return [
    {
      ...silence,
      ...delayOf('call'),
      ...outOf(CALL_HOURS, CALL_HOURS),
      key: 'canary-calls-silent',
      runbook: 'alarms#canary-calls-silent',
      meaning:
        'No API call of the canary has arrived for three hours: calls that change secrets go unnoticed.',
    },
    {
      ...silence,
      ...delayOf('rotation'),
      ...outOf(ROTATION_HOURS, ROTATION_HOURS),
      key: 'canary-rotations-silent',
      runbook: 'alarms#canary-rotations-silent',
      meaning: 'No rotation event of the canary has arrived for ten hours: only sweeps detect failures.',
    },
    {
      ...silence,
      measure: { kind: 'metric', metric: ofFunction(labelFunction, 'Invocations') },
      badWhen: 'below',
      threshold: 1,
      ...outOf(ROTATION_HOURS, ROTATION_HOURS),
      key: 'canary-labels-silent',
      runbook: 'alarms#canary-labels-silent',
      meaning:
        'No event for a move of AWSCURRENT has arrived for ten hours, although the canary moves it every four hours.',
    },
  ];
}
