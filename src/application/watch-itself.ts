import type { HealthSight } from '../domain/health.ts';
import type { Datapoint } from '../domain/metric.ts';
import type { SecretState, TargetRecord } from '../domain/secret-state.ts';
import { type SubscriptionCount, SubscriptionWatchError } from '../ports/subscription-watch.ts';
import { lateNotifications } from './late-notifications.ts';
import { noteHealth } from './note-health.ts';
import type { Service } from './service.ts';

/** What watching itself needs of the service. */
type Watching = Pick<
  Service,
  'clock' | 'store' | 'metrics' | 'subscriptions' | 'healthNotifier' | 'log' | 'settings'
>;

/** What a sweep knows of the alert path. */
interface AlertPathSeen {
  readonly record: TargetRecord;
  readonly undelivered: readonly SecretState[];
}

/** Looks at the alert path itself: whether anybody is subscribed to it, and whether what is said gets out. Answers the gauges. */
export async function watchItself(
  service: Watching,
  { record, undelivered }: AlertPathSeen,
): Promise<readonly Datapoint[]> {
  const subscribed = await countSubscriptions(service);
  const unsaid = undelivered.flatMap(({ outbox }) => outbox);
  const late = (await lateNotifications(service, unsaid, record)).length;
  const sights: readonly HealthSight[] = [
    ...subscriberSight(subscribed),
    ...(late > 0 || unsaid.length === 0 ? [deliverySight(late)] : []),
  ];
  await noteHealth(service, { by: 'sweep', sights, record });
  return [
    ...(typeof subscribed === 'object'
      ? [{ name: 'SubscriptionsConfirmed' as const, value: subscribed.confirmed }]
      : []),
    ...(typeof subscribed === 'string'
      ? [{ name: 'SelfChecksFailed' as const, value: 1, dimensions: { Reason: subscribed } }]
      : []),
    { name: 'UndeliveredNotifications', value: late },
  ];
}

/** The count; or why there is none; undefined where there is no topic to watch. */
async function countSubscriptions({
  subscriptions,
  log,
}: Watching): Promise<SubscriptionCount | SubscriptionWatchError['reason'] | undefined> {
  try {
    return await subscriptions?.count();
  } catch (error) {
    if (!(error instanceof SubscriptionWatchError)) throw error;
    const { reason } = error;
    log({
      level: 'error',
      message: 'Cannot count the subscriptions of the alert topic',
      details: { reason },
    });
    return reason;
  }
}

function subscriberSight(subscribed: SubscriptionCount | string | undefined): readonly HealthSight[] {
  if (typeof subscribed !== 'object') return [];
  if (subscribed.confirmed > 0) return [{ code: 'no-subscriber', holds: false }];
  const waiting = subscribed.pending === 0 ? '' : ` ${subscribed.pending} wait for their confirmation.`;
  const seen = `The alert topic has no confirmed subscription.${waiting}`;
  return [{ code: 'no-subscriber', holds: true, seen }];
}

const deliverySight = (late: number): HealthSight =>
  late === 0
    ? { code: 'undeliverable', holds: false }
    : {
        code: 'undeliverable',
        holds: true,
        seen: `${late} notification${late === 1 ? '' : 's'} of the alert topic should have been delivered 15 minutes ago or earlier.`,
      };
