import { expect, test } from 'vitest';
import { DAY, type Instant, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import type { MoveRecord } from '../../../../../src/monitor/domain/rotation/move.ts';
import type { Secret, SecretArn } from '../../../../../src/monitor/domain/secret/secret.ts';
import type { ApplicationEvent } from '../../../../../src/monitor/ports/tell/event-sink.ts';
import { EventSinkError } from '../../../../../src/monitor/ports/tell/event-sink.ts';
import { CURRENT, NOW, PENDING } from '../../../../support/builders.ts';
import { healthy, named } from '../../../../support/secrets.ts';
import { aService, type MemoryService } from '../../../../support/service.ts';

const QUIET = { lastChangedAt: later(NOW, -DAY) };

/** A service past its first sweep. */
async function swept(...names: readonly string[]): Promise<MemoryService> {
  const service = aService();
  for (const name of names) service.catalog.put(healthy(name, QUIET));
  await sweepSecrets(service);
  return service;
}

const movedAt = (name: string, at: Instant, given: Partial<Secret> = {}) =>
  healthy(name, {
    lastChangedAt: at,
    versionStages: { [PENDING]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] },
    ...given,
  });

const toldMove = (name: string, given: Partial<MoveRecord> = {}): MoveRecord => ({
  secretArn: named(name).arn,
  versionId: PENDING,
  previousVersionId: CURRENT,
  changedAt: NOW,
  sequence: NOW,
  revision: 0,
  isTold: true,
  asOf: undefined,
  ...given,
});

async function sweepFor(service: MemoryService, sweeps: number): Promise<void> {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    service.clock.advance(5 * MINUTE);
    await sweepSecrets(service);
  }
}

const told = ({ applicationBus }: MemoryService) =>
  applicationBus.events.map(({ detail }) => `${detail['secretName']} ${detail['versionId']}`);

test('a move of which no event came is reported by the next sweep, once, at no further call to Secrets Manager', async () => {
  const service = await swept('prod/a', 'prod/b');
  service.catalog.put(movedAt('prod/a', later(NOW, MINUTE)));
  service.clock.advance(5 * MINUTE);
  expect((await sweepSecrets(service)).apiCalls).toBe(1);
  expect(told(service)).toEqual([`prod/a ${PENDING}`]);
  await sweepFor(service, 6);
  expect(told(service)).toHaveLength(1);
});

test('a move back by hand, of which no event came, is reported by the sweep', async () => {
  const service = await swept('prod/a');
  await service.moves.writeMove(toldMove('prod/a'));
  const back = { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['AWSPREVIOUS'] };
  service.catalog.put(movedAt('prod/a', later(NOW, 3 * MINUTE), { versionStages: back }));
  await sweepFor(service, 1);
  expect(service.applicationBus.events).toMatchObject([
    { detail: { versionId: CURRENT, previousVersionId: PENDING, changedAt: '2026-11-21T10:03:00.000Z' } },
  ]);
});

test('a list that lags never sends applications back', async () => {
  const service = await swept('prod/a');
  await service.moves.writeMove(
    toldMove('prod/a', { versionId: 'newer', changedAt: later(NOW, 3 * MINUTE) }),
  );
  service.catalog.put(movedAt('prod/a', later(NOW, MINUTE)));
  await sweepFor(service, 1);
  expect(told(service)).toEqual([]);
});

test('what a list shows longer than it can lag is the truth, whatever was reported', async () => {
  const service = await swept('prod/a');
  await service.moves.writeMove(
    toldMove('prod/a', { versionId: 'wrong', changedAt: later(NOW, 3 * MINUTE) }),
  );
  service.catalog.put(movedAt('prod/a', later(NOW, MINUTE)));
  await sweepFor(service, 2);
  expect(told(service)).toEqual([`prod/a ${PENDING}`]);
});

test('a change of tags, a first version and a secret that is to be deleted are no moves', async () => {
  const service = await swept('prod/a');
  const changed = { lastChangedAt: later(NOW, MINUTE) };
  await service.moves.writeMove(toldMove('prod/a'));
  service.catalog.put(movedAt('prod/a', later(NOW, MINUTE)));
  service.catalog.put(healthy('new', { ...changed, versionStages: { [CURRENT]: ['AWSCURRENT'] } }));
  service.catalog.put(movedAt('gone', later(NOW, MINUTE), { deletedAt: later(NOW, MINUTE) }));
  service.catalog.put(healthy('empty', { ...changed, versionStages: {} }));
  await sweepFor(service, 2);
  expect(told(service)).toEqual([]);
});

test('what changed before the first complete sweep is not reported', async () => {
  const service = aService();
  service.catalog.put(movedAt('prod/a', later(NOW, -20 * MINUTE)));
  await sweepSecrets(service);
  await sweepFor(service, 3);
  expect(told(service)).toEqual([]);
});

test('a move that the bus refuses is reported by the next sweep, and no other twice', async () => {
  const service = await swept('prod/a', 'prod/b', 'prod/c');
  for (const name of ['prod/a', 'prod/b', 'prod/c']) service.catalog.put(movedAt(name, later(NOW, MINUTE)));
  const refused = () => Promise.reject(new EventSinkError('no', { reason: 'throttled', retryable: true }));
  const { applicationBus } = service;
  const publish = (event: ApplicationEvent) =>
    event.detail['secretName'] === 'prod/b' ? refused() : applicationBus.publish(event);
  service.clock.advance(5 * MINUTE);
  await expect(sweepSecrets({ ...service, applicationBus: { publish } })).rejects.toThrow(
    '1 secret could not be checked',
  );
  await sweepFor(service, 3);
  expect([...told(service)].sort()).toEqual(
    ['prod/a', 'prod/b', 'prod/c'].map((name) => `${name} ${PENDING}`),
  );
});

test('at most 500 records are read a sweep, and the rest is reported by the next ones, all changed at one moment', async () => {
  const names = Array.from({ length: 1200 }, (_, index) => `app/${index}`);
  const service = await swept(...names);
  for (const name of names) service.catalog.put(movedAt(name, later(NOW, MINUTE)));
  const reads: SecretArn[] = [];
  const moves = {
    ...service.moves,
    readMove: (arn: SecretArn) => {
      reads.push(arn);
      return service.moves.readMove(arn);
    },
  };
  const seen: number[] = [];
  for (let sweep = 0; sweep < 3; sweep++) {
    service.clock.advance(5 * MINUTE);
    await sweepSecrets({ ...service, moves });
    seen.push(reads.length);
  }
  expect(seen).toEqual([500, 1000, 1200]);
  expect(new Set(told(service)).size).toBe(1200);
});

test('without an application bus no record is read', async () => {
  const service = await swept('prod/a');
  service.catalog.put(movedAt('prod/a', later(NOW, MINUTE)));
  const moves = { ...service.moves, readMove: () => Promise.reject(new Error('read')) };
  service.clock.advance(5 * MINUTE);
  await sweepSecrets({ ...service, moves, applicationBus: undefined });
  expect(await service.moves.readMove(named('prod/a').arn)).toBeUndefined();
});
