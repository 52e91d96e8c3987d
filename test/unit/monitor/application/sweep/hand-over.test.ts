import { expect, test } from 'vitest';
import { HOUR, instant, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import { memorySecretCatalog } from '../../../../../src/monitor/adapters/memory/memory-secret-catalog.ts';
import { sweepMessage } from '../../../../../src/monitor/adapters/sqs/sweep-message.ts';
import type { Service } from '../../../../../src/monitor/application/service.ts';
import { sweepOnRequest } from '../../../../../src/monitor/application/sweep/sweep-on-request.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { NOW } from '../../../../support/builders.ts';
import { killing } from '../../../../support/killing.ts';
import { healthy, pendingSince } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';
import { drainSweeps, withSlowPages } from '../../../../support/sweeping.ts';

const PAGE_MS = 10 * SECOND;
const STUCK = ['prod/00007', 'prod/00150', 'prod/00299'];

const SECRETS = [
  ...Array.from({ length: 300 }, (_, index) => healthy(`prod/${String(index).padStart(5, '0')}`)),
  ...STUCK.map((name) => pendingSince(name, later(NOW, -2 * HOUR))),
];

const aLargeTarget = (): MemoryService =>
  withSlowPages({ ...aService(), catalog: memorySecretCatalog(SECRETS) }, PAGE_MS);

/** One sweep of a page an invocation; a message is gone from the queue once it was dealt with. */
async function sweepByHandOver(service: Service, { requests }: MemoryService['sweepQueue']): Promise<void> {
  const handOverAt = () => instant(service.clock.now() + PAGE_MS - 1);
  await sweepSecrets(service, { id: 'first', handOverAt: handOverAt() });
  for (let hop = 1; requests.length > 0; hop++) {
    const [request] = requests;
    if (request === undefined) return;
    await sweepOnRequest(service, sweepMessage(request), { id: `hop-${hop}`, handOverAt: handOverAt() });
    requests.splice(requests.indexOf(request), 1);
  }
}

/** Plays the work of schedule and queue in the next quarter of an hour. */
async function lifeGoesOn(service: MemoryService): Promise<void> {
  for (let sweep = 0; sweep < 4; sweep++) {
    service.clock.advance(5 * MINUTE);
    await sweepSecrets(service, { id: `later-${sweep}` });
    await drainSweeps(service, service.sweepQueue, HOUR);
  }
}

const openNames = async ({ store }: MemoryService): Promise<readonly string[]> =>
  (await store.open(TARGET)).map(({ name }) => name).sort();

const opened = async ({ store }: MemoryService): Promise<readonly string[]> =>
  (await store.undelivered()).flatMap(({ outbox }) =>
    outbox.map(({ secretName, transition }) => `${secretName} ${transition}`),
  );

async function callsOf(run: (service: Service, queue: MemoryService['sweepQueue']) => Promise<void>) {
  const counter = killing(aLargeTarget(), { call: 0, when: 'before' });
  await run(counter.service, counter.service.sweepQueue);
  return counter.calls();
}

test.each(['before', 'after'] as const)(
  'killed %s any call of any invocation, a sweep is made up for, and what was found is reported once',
  async (when) => {
    const calls = await callsOf(sweepByHandOver);
    expect(calls).toBeGreaterThan(30);
    for (let call = 1; call <= calls; call++) {
      const service = aLargeTarget();
      const mortal = killing(service, { call, when });
      const sweeping = sweepByHandOver(mortal.service, service.sweepQueue).then(() => 'ended' as const);
      const ended = await Promise.race([sweeping, mortal.died]);
      expect(ended, `dies ${when} call ${call}`).toBe('died');
      await lifeGoesOn(service);
      const where = `killed ${when} call ${call}`;
      expect(await openNames(service), where).toEqual(STUCK);
      expect([...(await opened(service))].sort(), where).toEqual(STUCK.map((name) => `${name} opened`));
      const last = (await service.store.readSweep(TARGET))?.last;
      expect(last?.tally, where).toMatchObject({ observed: 300, pendingStuck: 3, alertsOpen: 3 });
      expect(service.sweepQueue.requests, where).toEqual([]);
    }
  },
);
