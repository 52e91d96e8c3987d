import type { Instant } from '../../../calendar/instant.ts';
import type { MemberHash } from '../../domain/alert/group-record.ts';
import { nextNames } from '../../domain/alert/naming.ts';
import { renderNames } from '../../domain/message/render-digest.ts';
import type { TargetRecord } from '../../domain/state/secret-state.ts';
import type { Service } from '../service.ts';
import { updateTarget } from '../target/update-target.ts';
import type { KnownGroups } from './known-groups.ts';

/** Parts of the service that name the secrets of a crowd. */
type Naming = Pick<Service, 'clock' | 'store' | 'notifier' | 'metrics' | 'settings'>;

/** The run's knowledge of groups. */
interface NamingStanding {
  readonly known: KnownGroups;
  /** Alerts whose end waits to be reported. */
  readonly over: ReadonlySet<MemberHash>;
}

/** The groups whose secrets are still to be named, with their times. */
type Due = TargetRecord['naming'];

/**
 * Names the secrets of crowds that messages have only counted, a message each time, until all are named; remembers which
 * groups have some left. Answers the errors: one group that fails stops no other.
 */
export async function nameOthers(
  service: Naming,
  { naming }: TargetRecord,
  standing: NamingStanding,
): Promise<readonly unknown[]> {
  const { known } = standing;
  const now = service.clock.now();
  const keys = new Set([...naming.filter(({ at }) => at <= now).map(({ key }) => key)]);
  const errors: unknown[] = [];
  for (const key of keys) {
    try {
      await nameSome(service, key, standing);
    } catch (error) {
      errors.push(error);
    }
  }
  const next = left(naming, known);
  if (JSON.stringify(next) !== JSON.stringify(naming)) {
    await updateTarget(service.store, service.settings.target, (record) => ({ ...record, naming: next }));
  }
  return errors;
}

async function nameSome(
  { notifier, metrics, clock }: Naming,
  key: string,
  { known, over }: NamingStanding,
): Promise<void> {
  const now = clock.now();
  const record = await known.byKey(key);
  if (record?.unnamed === undefined || record.unnamed.at > now) return;
  const naming = nextNames(record, record.unnamed, { over, now });
  if (naming.names.listed.length === 0) return known.write(naming.record);
  const delivery = await notifier.deliver(renderNames(record.unnamed, naming.names, now));
  if (delivery.kind === 'failed') {
    const { reason: Reason } = delivery;
    return metrics.record([{ name: 'NotificationsFailed', value: 1, dimensions: { Reason } }], now);
  }
  await known.write(naming.record);
  await metrics.record([{ name: 'NotificationsDelivered', value: 1 }], now);
}

/** Returns the groups that still have secrets to name, from the records of this run and those that are not due yet. */
function left(naming: Due, known: KnownGroups): Due {
  const seen = known.seen();
  const others = naming.filter(({ key }) => !seen.has(key));
  const own = [...seen].flatMap(([key, record]): Due => {
    const at: Instant | undefined = record?.unnamed?.at;
    return at === undefined ? [] : [{ key, at }];
  });
  return [...others, ...own].sort((a, b) => (a.key < b.key ? -1 : 1));
}
