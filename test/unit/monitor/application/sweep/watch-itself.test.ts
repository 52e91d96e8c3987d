import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { watchAudit } from '../../../../../src/monitor/application/sweep/watch-itself.ts';
import {
  type AuditRecord,
  type CompletedAudit,
  NO_AUDITS,
} from '../../../../../src/monitor/domain/report/audit-record.ts';
import { CatalogError } from '../../../../../src/monitor/ports/look/secret-catalog.ts';
import { AuditStarterError } from '../../../../../src/monitor/ports/report/audit-starter.ts';
import { DeadLetterWatchError } from '../../../../../src/monitor/ports/watch/dead-letter-watch.ts';
import { HeartbeatError } from '../../../../../src/monitor/ports/watch/heartbeat.ts';
import { SubscriptionWatchError } from '../../../../../src/monitor/ports/watch/subscription-watch.ts';
import { NOW } from '../../../../support/builders.ts';
import { pendingSince } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

const values = ({ metrics }: MemoryService, metric: string): readonly number[] =>
  metrics.datapoints.filter(({ name }) => name === metric).map(({ value }) => value);
const health = ({ healthNotifier }: MemoryService): readonly string[] =>
  healthNotifier.messages.map(({ attributes: { code, transition } }) => `${code} ${transition}`);

async function sweeps(service: MemoryService, count: number): Promise<void> {
  for (let sweep = 0; sweep < count; sweep++) {
    service.clock.advance(5 * MINUTE);
    await sweepSecrets(service);
  }
}

test('a topic without confirmed subscriptions is published as 0 and reported once, and once when it is over', async () => {
  const service = aService();
  service.subscriptions.set({ confirmed: 0, pending: 2 });
  await sweeps(service, 3);
  expect(values(service, 'SubscriptionsConfirmed')).toEqual([0, 0, 0]);
  expect(health(service)).toEqual(['no-subscriber opened']);
  expect(service.healthNotifier.messages[0]?.text).toContain(
    'The alert topic has no confirmed subscription. 2 subscriptions have not been confirmed yet.',
  );
  service.subscriptions.set({ confirmed: 1, pending: 0 });
  await sweeps(service, 3);
  expect(health(service)).toEqual(['no-subscriber opened', 'no-subscriber resolved']);
  expect(values(service, 'HealthAlertsSent')).toEqual([1, 1]);
});

test('without a health topic nothing is sent there and nothing remembered; the gauges are published', async () => {
  const service = aService();
  service.subscriptions.set({ confirmed: 0, pending: 0 });
  await sweepSecrets({ ...service, healthNotifier: undefined });
  expect(values(service, 'SubscriptionsConfirmed')).toEqual([0]);
  expect((await service.store.readTarget(service.settings.target))?.health).toEqual([]);
});

test('subscriptions that cannot be counted are counted as a failure and stop nothing', async () => {
  const service = aService();
  const failure = { reason: 'denied', retryable: false } as const;
  const subscriptions = {
    count: () => Promise.reject(new SubscriptionWatchError('Cannot count', failure)),
  };
  const { failure: stopped } = await sweepSecrets({ ...service, subscriptions });
  expect(stopped).toBeUndefined();
  expect(values(service, 'SubscriptionsConfirmed')).toEqual([]);
  expect(values(service, 'SweepHeartbeat')).toEqual([1]);
  expect(service.metrics.datapoints).toContainEqual({
    name: 'SelfChecksFailed',
    value: 1,
    dimensions: { Reason: 'denied' },
  });
  expect(service.records).toMatchObject([{ level: 'error', details: { reason: 'denied' } }]);
  expect(health(service)).toEqual([]);
});

test('what is not known of the subscriptions ends nothing that was reported', async () => {
  const service = aService();
  service.subscriptions.set({ confirmed: 0, pending: 0 });
  await sweepSecrets(service);
  const failure = { reason: 'throttled', retryable: true } as const;
  const subscriptions = {
    count: () => Promise.reject(new SubscriptionWatchError('Cannot count', failure)),
  };
  await sweepSecrets({ ...service, subscriptions });
  expect(health(service)).toEqual(['no-subscriber opened']);
});

test('an escalation topic without confirmed subscriptions is reported once, and once when it is over', async () => {
  const service = aService();
  service.escalationSubscriptions.set({ confirmed: 0, pending: 1 });
  const escalationTopicArn = 'arn:aws:sns:eu-west-1:111122223333:rotation-escalations';
  const escalating = { ...service, settings: { ...service.settings, escalationTopicArn } };
  await sweepSecrets(escalating);
  await sweepSecrets(escalating);
  service.escalationSubscriptions.set({ confirmed: 1, pending: 0 });
  await sweepSecrets(escalating);
  expect(health(service)).toEqual(['no-escalation-subscriber opened', 'no-escalation-subscriber resolved']);
  expect(service.healthNotifier.messages[0]?.text).toContain(
    `aws sns subscribe --topic-arn ${escalationTopicArn} --region eu-west-1`,
  );
});

const letters = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).map(([name, count]) => ({
    queueArn: `arn:aws:sqs:eu-west-1:111122223333:${name}`,
    count,
  }));

test('dead letters are reported once, with how to put them back, and once when they are gone', async () => {
  const service = aService();
  await sweeps(service, 1);
  service.deadLetters.set(letters({ 'a-dlq': 0, 'b-dlq': 2, 'c-dlq': 1 }));
  await sweeps(service, 2);
  service.deadLetters.set(letters({ 'a-dlq': 0, 'b-dlq': 0, 'c-dlq': 0 }));
  await sweeps(service, 2);
  expect(health(service)).toEqual(['dead-letters opened']);
  await sweeps(service, 24);
  expect(health(service)).toEqual(['dead-letters opened', 'dead-letters resolved']);
  const text = service.healthNotifier.messages[0]?.text;
  expect(text).toContain('Dead-letter queues hold messages: b-dlq 2, c-dlq 1.');
  const moves = text?.split('\n').filter((line) => line.includes('aws sqs'));
  expect(moves).toEqual(
    ['b-dlq', 'c-dlq'].map(
      (name) =>
        `   aws sqs start-message-move-task --source-arn arn:aws:sqs:eu-west-1:111122223333:${name} --region eu-west-1`,
    ),
  );
});

test('dead letters that cannot be counted end nothing that was reported', async () => {
  const service = aService();
  service.deadLetters.set(letters({ 'a-dlq': 1 }));
  await sweepSecrets(service);
  const failure = { reason: 'denied', retryable: false } as const;
  const fail = () => Promise.reject(new DeadLetterWatchError('Cannot count', failure));
  const deadLetters = { count: fail, driveOn: fail };
  await sweepSecrets({ ...service, deadLetters });
  expect(health(service)).toEqual(['dead-letters opened']);
  expect(service.records).toMatchObject([
    { message: 'Cannot drive dead letters on' },
    { message: 'Cannot count the dead letters' },
  ]);
  expect(values(service, 'SelfChecksFailed')).toEqual([1]);
});

test('dead letters are reported first and driven on by the next sweep that works', async () => {
  const service = aService();
  service.deadLetters.set(letters({ 'a-dlq': 3 }));
  await sweepSecrets(service);
  expect(service.deadLetters.driven()).toBe(0);
  const list = () => {
    throw new CatalogError('Cannot list', { reason: 'throttled', retryable: true, ofTarget: true });
  };
  const failing = { ...service, catalog: { ...service.catalog, list } };
  service.clock.advance(5 * MINUTE);
  await sweepSecrets(failing).catch(() => undefined);
  expect(service.deadLetters.driven()).toBe(0);
  await sweeps(service, 2);
  expect(service.deadLetters.driven()).toBe(3);
  expect(health(service)).toEqual(['dead-letters opened']);
  await sweeps(service, 24);
  expect(health(service)).toEqual(['dead-letters opened', 'dead-letters resolved']);
});

test('dead letters that fail once more when they are tried again are no news', async () => {
  const service = aService();
  service.deadLetters.set(letters({ 'a-dlq': 3 }));
  await sweeps(service, 2);
  expect(service.deadLetters.driven()).toBe(3);
  await sweeps(service, 6);
  service.deadLetters.set(letters({ 'a-dlq': 3 }));
  await sweeps(service, 2);
  expect(health(service)).toEqual(['dead-letters opened']);
});

test('what nobody delivers is a gauge after 15 minutes and reported on the other path', async () => {
  const service = aService();
  await sweepSecrets(service);
  service.catalog.put(pendingSince('prod/db', later(NOW, -2 * HOUR)));
  await sweeps(service, 5);
  expect(values(service, 'UndeliveredNotifications')).toEqual([0, 0, 0, 0, 0, 1]);
  expect(health(service)).toEqual(['undeliverable opened']);
});

test('a baseline that waits for its sweep is not undelivered', async () => {
  const service = aService();
  service.catalog.put(pendingSince('old', later(NOW, -DAY)));
  service.catalog.put(pendingSince('bad', later(NOW, -DAY)));
  const store = {
    ...service.store,
    read: (subject: string) =>
      subject.includes('bad') ? Promise.reject(new Error('broken')) : service.store.read(subject),
  };
  for (let sweep = 0; sweep < 6; sweep++) {
    await expect(sweepSecrets({ ...service, store })).rejects.toThrow(AggregateError);
    service.clock.advance(5 * MINUTE);
  }
  expect(values(service, 'UndeliveredNotifications')).toEqual([0, 0, 0, 0, 0, 0]);
});

test('a health topic that refuses is tried again by every sweep until it takes the message', async () => {
  const service = aService();
  service.subscriptions.set({ confirmed: 0, pending: 0 });
  const refusing = {
    ...service,
    healthNotifier: {
      deliver: async () => ({ kind: 'failed' as const, retryable: false, reason: 'denied' as const }),
    },
  };
  await sweepSecrets(refusing);
  await sweepSecrets(refusing);
  expect(values(service, 'HealthAlertsFailed')).toEqual([1, 1]);
  await sweepSecrets(service);
  await sweepSecrets(service);
  expect(health(service)).toEqual(['no-subscriber opened']);
});

test('of two that look at once, one reports', async () => {
  const service = aService();
  service.subscriptions.set({ confirmed: 0, pending: 0 });
  const now = service.clock.now();
  await service.store.acquireLock({ name: 'health', holder: 'deliver', now, until: later(now, MINUTE) });
  await sweepSecrets(service);
  expect(health(service)).toEqual([]);
  await sweeps(service, 1);
  expect(health(service)).toEqual(['no-subscriber opened']);
});

test('a complete sweep beats once, after it has published everything', async () => {
  const service = aService();
  await sweeps(service, 2);
  expect(service.heartbeat.beats()).toBe(2);
});

test('a sweep that is not complete does not beat', async () => {
  const service = aService();
  service.catalog.put(pendingSince('bad', later(NOW, -2 * HOUR)));
  const store = { ...service.store, read: () => Promise.reject(new Error('broken')) };
  await expect(sweepSecrets({ ...service, store })).rejects.toThrow();
  expect(service.heartbeat.beats()).toBe(0);
});

/** Lets the watcher refuse every heartbeat. */
const unheard = (service: ReturnType<typeof aService>, status: number) => ({
  ...service,
  settings: { ...service.settings, heartbeatUrlParameter: '/rotation-monitor/heartbeat-url' },
  heartbeat: {
    beat: () =>
      Promise.reject(
        new HeartbeatError(`Cannot send the heartbeat: HTTP ${status}`, {
          reason: status === 500 ? 'server' : 'not-found',
          retryable: status === 500,
        }),
      ),
  },
});

test('a watcher that does not take the heartbeat is counted and logged, and stops nothing', async () => {
  const service = aService();
  await sweepSecrets(unheard(service, 500));
  expect(service.metrics.datapoints.at(-1)).toEqual({
    name: 'HeartbeatsFailed',
    value: 1,
    dimensions: { Reason: 'server' },
  });
  expect(service.records).toMatchObject([
    { level: 'warn', message: 'Cannot send the heartbeat: HTTP 500', details: { reason: 'server' } },
  ]);
});

test('a heartbeat that goes nowhere is reported once at once, names its parameter, and its end is reported', async () => {
  const service = aService();
  for (let sweep = 0; sweep < 3; sweep++) await sweepSecrets(unheard(service, 404));
  expect(health(service)).toEqual(['heartbeat-unheard opened']);
  const [told] = service.healthNotifier.messages;
  expect(told?.text).toMatch(/^Cannot send the heartbeat: HTTP 404\.\n/);
  expect(told?.text).toContain('aws ssm get-parameter --name /rotation-monitor/heartbeat-url ');
  await sweepSecrets(service);
  expect(health(service)).toEqual(['heartbeat-unheard opened', 'heartbeat-unheard resolved']);
});

test('a watcher that is away is reported only when it stays away', async () => {
  const service = aService();
  await sweepSecrets(unheard(service, 500));
  service.clock.advance(10 * MINUTE);
  await sweepSecrets(unheard(service, 500));
  expect(health(service)).toEqual([]);
  service.clock.advance(5 * MINUTE);
  await sweepSecrets(unheard(service, 500));
  expect(health(service)).toEqual(['heartbeat-unheard opened']);
});

const LINK = { key: 'manifests/m.json', sha256: 'ab', versionId: undefined };
const EVERY = 7 * DAY;
const audit = (readAt: Instant, isTold = true): CompletedAudit => ({
  ...{ from: readAt, to: readAt, readAt, completedAt: readAt, manifest: LINK, page: LINK },
  ...{ results: [], before: [], notRead: 0, isTold },
});

/** A service with scheduled audits at a moment of the day that is not its first five minutes. */
async function scheduled(record: Partial<AuditRecord>): Promise<MemoryService> {
  const service = aService();
  service.clock.set(later(NOW, 30 * MINUTE));
  await service.changes.writeAudits(TARGET, { ...NO_AUDITS, ...record });
  return { ...service, settings: { ...service.settings, auditEveryMs: EVERY } };
}
const before = (ms: number): Instant => later(NOW, 30 * MINUTE - ms);
const watch = (service: MemoryService, since: Instant | undefined = undefined) => watchAudit(service, since);

test('an audit that is recent is left alone, and its age is not published all day', async () => {
  const service = await scheduled({ last: audit(before(EVERY + DAY)) });
  expect(await watch(service)).toEqual([]);
  expect(service.auditStarter.started).toBe(0);
});

test('a day and a millisecond after it was due, an audit is started and its age published by every sweep', async () => {
  const service = await scheduled({ last: audit(before(EVERY + DAY + 1)) });
  expect(await watch(service)).toEqual([{ name: 'AuditAge', value: (EVERY + DAY + 1) / 1000 }]);
  expect(service.auditStarter.started).toBe(1);
});

test('the first sweep of a day publishes the age', async () => {
  const service = await scheduled({ last: audit(before(2 * DAY)) });
  service.clock.set(later((Math.floor(NOW / DAY) * DAY) as Instant, DAY + 5 * MINUTE - 1));
  expect(await watch(service)).toHaveLength(1);
  service.clock.advance(1);
  expect(await watch(service)).toEqual([]);
});

test.each([
  [20 * MINUTE, 0],
  [20 * MINUTE + 1, 1],
])('an audit begun %i ms ago and not complete is started %i times', async (age, times) => {
  const readAt = before(age);
  const underWay = { from: readAt, to: readAt, readAt, parts: [], isRead: false, runs: 1, basis: '' };
  const service = await scheduled({ last: audit(before(DAY)), underWay });
  await watch(service);
  expect(service.auditStarter.started).toBe(times);
});

test('a summary that was not sent has the audit run', async () => {
  const service = await scheduled({ last: audit(before(HOUR), false) });
  await watch(service);
  expect(service.auditStarter.started).toBe(1);
});

test('one that was given up is tried again half a day later', async () => {
  const last = audit(before(DAY));
  const fresh = await scheduled({ last, gaveUpAt: before(12 * HOUR) });
  await watch(fresh);
  expect(fresh.auditStarter.started).toBe(0);
  const old = await scheduled({ last, gaveUpAt: before(12 * HOUR + 1) });
  await watch(old);
  expect(old.auditStarter.started).toBe(1);
});

test('before the first audit its age counts from the first sweep', async () => {
  const service = await scheduled({});
  expect(await watch(service, before(EVERY + DAY + 1))).toHaveLength(1);
  expect(await watch(service)).toEqual([]);
});

test('without scheduled audits nothing is published', async () => {
  const service = { ...(await scheduled({})), settings: aService().settings };
  expect(await watch(service, before(100 * DAY))).toEqual([]);
});

test('a function that cannot be started fails no sweep', async () => {
  const service = await scheduled({ last: audit(before(EVERY + 2 * DAY)) });
  const start = () =>
    Promise.reject(new AuditStarterError('Cannot start "audit"', { reason: 'denied', retryable: false }));
  expect(await watchAudit({ ...service, auditStarter: { start } }, undefined)).toHaveLength(1);
  expect(service.records).toContainEqual(expect.objectContaining({ level: 'error' }));
});
