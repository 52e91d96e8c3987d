import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { watchAudit } from '../../../../../src/monitor/application/sweep/watch-audit.ts';
import {
  type AuditRecord,
  type CompletedAudit,
  NO_AUDITS,
} from '../../../../../src/monitor/domain/report/audit-record.ts';
import { AuditStarterError } from '../../../../../src/monitor/ports/report/audit-starter.ts';
import { NOW } from '../../../../support/builders.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

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
  const underWay = { from: readAt, to: readAt, readAt, parts: [], isRead: false, runs: 1 };
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
