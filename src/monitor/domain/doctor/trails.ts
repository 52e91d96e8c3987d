import { commandLine } from '../command-line.ts';
import type { Trail } from './deployed.ts';
import { type Diagnosis, diagnosing } from './diagnosis.ts';

const { ok, warn, fail, unknown } = diagnosing('trail');

const CREATE =
  'Create a trail that logs management events: EventBridge gets events of rotations from nothing else.';

/**
 * Whether EventBridge gets the events of Secrets Manager. An event data store of CloudTrail Lake is no trail.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function trailDiagnoses(
  trails: readonly Trail[],
  dataStores: readonly string[],
): readonly Diagnosis[] {
  const here = trails.filter(({ coversRegion }) => coversRegion);
  if (here.length === 0) return [fail('CloudTrail', noTrail(dataStores), CREATE)];
  const useful = here.filter((trail) => trail.isLogging && !MISSING.has(trail.managementEvents));
  const [best] = useful.toSorted((a, b) => rank(a) - rank(b));
  if (best === undefined) return here.map(useless);
  return [judged(best)];
}

const noTrail = (dataStores: readonly string[]): string =>
  dataStores.length === 0
    ? 'No trail records this region.'
    : `No trail records this region. Event data stores do not send events to EventBridge: ${dataStores.join(', ')}.`;

/** A trail that records reads alone has none of the calls and events of rotations. */
const MISSING: ReadonlySet<Trail['managementEvents']> = new Set(['none', 'read-only']);

const rank = ({ managementEvents, deliveryError }: Trail): number =>
  (managementEvents === 'unknown' ? 2 : 0) + (deliveryError === undefined ? 0 : 1);

const SELECT_ALL = '[{"ReadWriteType":"All","IncludeManagementEvents":true}]';

function useless({ name, isLogging }: Trail): Diagnosis {
  return isLogging
    ? fail(
        name,
        'The trail does not log management events that write.',
        `Let it log them: ${commandLine('aws', 'cloudtrail', 'put-event-selectors', ['--trail-name', name], ['--event-selectors', SELECT_ALL])}`,
      )
    : fail(
        name,
        'The trail does not log.',
        `Switch it on: ${commandLine('aws', 'cloudtrail', 'start-logging', ['--name', name])}`,
      );
}

function judged({ name, managementEvents, deliveryError }: Trail): Diagnosis {
  if (managementEvents === 'unknown')
    return unknown(
      name,
      'Which events the trail logs could not be read.',
      'Allow cloudtrail:GetEventSelectors.',
    );
  if (deliveryError !== undefined)
    return warn(
      name,
      `The trail could not deliver last: ${deliveryError}.`,
      'Check its bucket, its key and their policies.',
    );
  return ok(name, 'The trail logs management events of this region.');
}
