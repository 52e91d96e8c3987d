import { expect, test } from 'vitest';
import { HOUR, type Instant, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import { deliverAlerts } from '../../../../../src/monitor/application/tell/deliver-alerts.ts';
import { lateNotifications } from '../../../../../src/monitor/application/tell/late-notifications.ts';
import { grouped } from '../../../../../src/monitor/domain/alert/group.ts';
import { memberOf, newRecord, recordKey } from '../../../../../src/monitor/domain/alert/group-record.ts';
import type { Notification } from '../../../../../src/monitor/domain/alert/notification.ts';
import { freshState, freshTarget } from '../../../../../src/monitor/domain/state/secret-state.ts';
import { aNotification } from '../../../../support/alerts.ts';
import { NOW } from '../../../../support/builders.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

/** Something to say about one secret behind the function of all. */
function about(secretName: string, given: Partial<Notification> = {}): Notification {
  const made = aNotification({ secretName, notBefore: given.at ?? NOW, ...given });
  const fingerprint = `${made.secretArn}#version`;
  return { ...made, fingerprint, id: `${fingerprint}@${made.transition}` };
}

async function remember({ store }: MemoryService, said: Notification): Promise<void> {
  await store.write({ ...freshState(said.secretArn, said.secretName, TARGET), outbox: [said] });
}

/** A service that reported `first` just now, so that its group holds `second` for an hour and a half. */
async function holding(): Promise<MemoryService> {
  const service = aService();
  await service.store.writeTarget({ ...freshTarget(TARGET), baselineAt: NOW });
  await remember(service, about('first'));
  await deliverAlerts(service, 'first');
  await remember(service, about('second', { at: later(NOW, MINUTE) }));
  return service;
}

/** Runs the delivery as its queue would, at every time it asks for, until `until`. */
async function runWoken(service: MemoryService, until: Instant): Promise<readonly Instant[]> {
  const runs: Instant[] = [];
  let read = 0;
  const due: Instant[] = [];
  for (;;) {
    due.push(
      ...service.queue.wakes.slice(read).map((seconds) => later(service.clock.now(), seconds * SECOND)),
    );
    read = service.queue.wakes.length;
    due.sort((a, b) => a - b);
    const next = due.shift();
    if (next === undefined || next > until) return runs;
    service.clock.set(next);
    runs.push(next);
    await deliverAlerts(service, `run ${runs.length}`);
  }
}

test('what a group holds is sent when its hold ends, though no sweep and no event wakes the delivery', async () => {
  const service = await holding();
  service.clock.advance(5 * MINUTE);
  await deliverAlerts(service, 'event');
  const runs = await runWoken(service, later(NOW, 3 * HOUR));
  expect(service.queue.wakes.every((seconds) => seconds <= 900)).toBe(true);
  expect(runs.at(-1)).toBe(later(NOW, 90 * MINUTE + SECOND));
  expect(service.notifier.messages).toHaveLength(2);
  expect(runs.length).toBeLessThan(10);
});

test('many runs during a hold ask once for the same wake', async () => {
  const service = await holding();
  service.clock.advance(5 * MINUTE);
  for (let run = 0; run < 20; run++) {
    service.clock.advance(SECOND);
    await deliverAlerts(service, `event ${run}`);
  }
  expect(service.queue.wakes).toHaveLength(1);
});

test('a wake that the queue did not take is asked for again', async () => {
  const service = await holding();
  const refused = { wake: () => Promise.reject(new Error('the queue is down')) };
  await expect(deliverAlerts({ ...service, queue: refused }, 'a')).rejects.toThrow('the queue is down');
  await deliverAlerts(service, 'b');
  expect(service.queue.wakes).toHaveLength(1);
});

test('what was held until the others of its group were over is not late when their end is found', async () => {
  const service = aService();
  const [first, second] = [about('first'), about('second', { at: later(NOW, MINUTE) })];
  const [group] = grouped([first]);
  if (group === undefined) throw new Error('The group is missing');
  const member = { severity: first.severity, at: NOW };
  const members = { [memberOf(first)]: member };
  await service.store.writeGroup({ ...newRecord(recordKey(group)), members, toldAt: NOW, peak: 1 });
  const overAt = later(NOW, HOUR);
  const over = about('first', { transition: 'resolved', reason: 'resolved', at: overAt });
  const late = (at: Instant) => {
    service.clock.set(at);
    return lateNotifications(service, [second, over]);
  };
  expect(await late(later(overAt, 15 * MINUTE - 1))).toEqual([]);
  expect(await late(later(overAt, 15 * MINUTE))).toEqual([second]);
});

test('the baseline of a member whose first sweep takes long is not late', async () => {
  const service = aService();
  const member = { account: '444455556666', region: TARGET.region };
  await service.store.writeTarget({ ...freshTarget(TARGET), baselineAt: NOW });
  const said = about('old', { ...member, baseline: true });
  service.clock.advance(HOUR);
  expect(await lateNotifications(service, [said])).toEqual([]);
  await service.store.writeTarget({ ...freshTarget(member), baselineAt: service.clock.now() });
  service.clock.advance(15 * MINUTE);
  expect(await lateNotifications(service, [said])).toEqual([]);
  service.clock.advance(1);
  expect(await lateNotifications(service, [said])).toEqual([said]);
});
