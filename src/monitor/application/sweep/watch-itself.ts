import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../../calendar/instant.ts';
import { plural } from '../../../calendar/plural.ts';
import type { HealthSight } from '../../domain/alert/health.ts';
import type { Notification } from '../../domain/alert/notification.ts';
import type { Datapoint } from '../../domain/metric.ts';
import { AUDIT_GRACE_MS, type AuditRecord, NO_AUDITS } from '../../domain/report/audit-record.ts';
import type { TargetRecord } from '../../domain/state/secret-state.ts';
import { PortError } from '../../ports/failure.ts';
import { AuditStarterError } from '../../ports/report/audit-starter.ts';
import type { DeadLetters } from '../../ports/watch/dead-letter-watch.ts';
import type { SubscriptionCount } from '../../ports/watch/subscription-watch.ts';
import type { Service } from '../service.ts';
import { lateNotifications } from '../tell/late-notifications.ts';
import { noteHealth } from '../tell/note-health.ts';

/** Parts of the service with which the monitor watches itself. */
type Watching = Pick<
  Service,
  | 'clock'
  | 'store'
  | 'metrics'
  | 'subscriptions'
  | 'escalationSubscriptions'
  | 'deadLetters'
  | 'healthNotifier'
  | 'log'
  | 'settings'
>;

/** A sweep's observations of the alert path. */
interface AlertPathSeen {
  readonly record: TargetRecord;
  /** Notifications that wait to be sent. */
  readonly unsaid: readonly Notification[];
}

/** The result of one look at the alert path. */
interface Look {
  readonly sights: readonly HealthSight[];
  readonly datapoints: readonly Datapoint[];
}

const NOTHING: Look = { sights: [], datapoints: [] };

/**
 * Looks at the alert path itself: whether anybody is subscribed to it, whether its queues gave up on anything, and
 * whether what is said gets out. Answers the gauges.
 */
export async function watchItself(service: Watching, seen: AlertPathSeen): Promise<readonly Datapoint[]> {
  const { subscriptions, escalationSubscriptions, deadLetters } = service;
  const looks = [
    await look(service, 'the subscriptions of the alert topic', async () =>
      subscribers(await subscriptions?.count()),
    ),
    await look(service, 'the subscriptions of the escalation topic', async () =>
      escalationSubscribers(service, await escalationSubscriptions?.count()),
    ),
    await look(service, 'the dead letters', async () => letters(await deadLetters?.count())),
    await deliveries(service, seen),
  ];
  const sights = looks.flatMap((each) => each.sights);
  await noteHealth(service, { by: 'sweep', sights, record: seen.record });
  return looks.flatMap(({ datapoints }) => datapoints);
}

/** A look that fails is counted, and changes nothing of what is known. */
async function look({ log }: Watching, what: string, count: () => Promise<Look>): Promise<Look> {
  try {
    return await count();
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    const { reason } = error;
    log({ level: 'error', message: `Cannot count ${what}`, details: { reason } });
    return {
      sights: [],
      datapoints: [{ name: 'SelfChecksFailed', value: 1, dimensions: { Reason: reason } }],
    };
  }
}

function subscribers(subscribed: SubscriptionCount | undefined): Look {
  if (subscribed === undefined) return NOTHING;
  const { confirmed } = subscribed;
  const seen = `The alert topic has no confirmed subscription.${waiting(subscribed)}`;
  return {
    sights: [{ code: 'no-subscriber', ...(confirmed > 0 ? { holds: false } : { holds: true, seen }) }],
    datapoints: [{ name: 'SubscriptionsConfirmed', value: confirmed }],
  };
}

function escalationSubscribers({ settings }: Watching, subscribed: SubscriptionCount | undefined): Look {
  if (subscribed === undefined) return NOTHING;
  const code = 'no-escalation-subscriber';
  const seen = `The escalation topic has no confirmed subscription.${waiting(subscribed)}`;
  const at = settings.escalationTopicArn === undefined ? [] : [settings.escalationTopicArn];
  return {
    sights: [{ code, ...(subscribed.confirmed > 0 ? { holds: false } : { holds: true, seen, at }) }],
    datapoints: [],
  };
}

const waiting = ({ pending }: SubscriptionCount): string =>
  pending === 0
    ? ''
    : ` ${plural(pending, 'subscription')} ${pending === 1 ? 'has' : 'have'} not been confirmed yet.`;

function letters(counted: readonly DeadLetters[] | undefined): Look {
  if (counted === undefined) return NOTHING;
  const held = counted.filter(({ count }) => count > 0);
  const at = held.map(({ queueArn }) => queueArn);
  const queues = held.map(({ queueArn, count }) => `${queueArn.split(':').at(-1)} ${count}`);
  const seen = `Dead-letter queues hold messages: ${queues.join(', ')}.`;
  return {
    sights: [{ code: 'dead-letters', ...(held.length === 0 ? { holds: false } : { holds: true, seen, at }) }],
    datapoints: [],
  };
}

async function deliveries(service: Watching, { unsaid }: AlertPathSeen): Promise<Look> {
  const late = (await lateNotifications(service, unsaid)).length;
  const sight: HealthSight =
    late === 0
      ? { code: 'undeliverable', holds: false }
      : {
          code: 'undeliverable',
          holds: true,
          seen: `${plural(late, 'notification')} to the alert topic ${late === 1 ? 'is' : 'are'} more than 15 minutes late.`,
        };
  return {
    sights: late > 0 || unsaid.length === 0 ? [sight] : [],
    datapoints: [{ name: 'UndeliveredNotifications', value: late }],
  };
}

/** Parts of the service that watch over the scheduled audits. */
type WatchingAudit = Pick<Service, 'changes' | 'auditStarter' | 'clock' | 'log' | 'settings'>;

/** Longest time from the beginning of an audit until its first invocation has ended, one way or the other. */
const LONGEST_RUN_MS: number = 20 * MINUTE;
/** One that was given up is tried again after this. */
const TRIED_AGAIN_MS: number = 12 * HOUR;

/**
 * Has an audit run that was missed, was left half done or was not reported. Answers the age of the last complete audit:
 * once a day, as CloudWatch is paid by the hour in which a metric is published, and at every sweep while it is too old.
 * `since` is the time that counts before the first audit; nothing is known without it.
 */
export async function watchAudit(
  service: WatchingAudit,
  since: Instant | undefined,
): Promise<readonly Datapoint[]> {
  const { changes, auditStarter, clock, settings } = service;
  const { auditEveryMs, sweepIntervalMs, target } = settings;
  if (auditEveryMs === undefined || auditStarter === undefined) return [];
  const record = (await changes.readAudits(target)) ?? NO_AUDITS;
  const now = clock.now();
  const from = record.last?.readAt ?? since;
  const ageMs = from === undefined ? 0 : now - from;
  const isOverdue = ageMs > auditEveryMs + AUDIT_GRACE_MS;
  if (isLeft(record, now) || isToBegin(record, isOverdue, now)) await start(service, auditStarter);
  const isFirstOfDay = now % DAY < sweepIntervalMs;
  return from !== undefined && (isOverdue || isFirstOfDay)
    ? [{ name: 'AuditAge', value: ageMs / SECOND }]
    : [];
}

const isLeft = ({ last, underWay }: AuditRecord, now: Instant): boolean =>
  (underWay !== undefined && now - underWay.readAt > LONGEST_RUN_MS) ||
  (last?.isTold === false && now - last.completedAt > LONGEST_RUN_MS);

/** One that was given up is tried again although the next is not due yet. */
const isToBegin = ({ gaveUpAt }: AuditRecord, isOverdue: boolean, now: Instant): boolean =>
  gaveUpAt === undefined ? isOverdue : now - gaveUpAt > TRIED_AGAIN_MS;

/** The next sweep tries again what failed. */
async function start(
  { log }: WatchingAudit,
  starter: NonNullable<WatchingAudit['auditStarter']>,
): Promise<void> {
  try {
    await starter.start();
    log({ level: 'info', message: 'Had the audit run' });
  } catch (error) {
    if (!(error instanceof AuditStarterError)) throw error;
    log({ level: 'error', message: error.message, details: { reason: error.reason } });
  }
}
