import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { recordRepair } from '../../../../../src/monitor/application/operate/record-repair.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { EventSinkError } from '../../../../../src/monitor/ports/tell/event-sink.ts';
import { NOW } from '../../../../support/builders.ts';
import { named, pendingSince } from '../../../../support/secrets.ts';
import { aService, type MemoryService } from '../../../../support/service.ts';

const RUN = { secretArn: named('prod/db').arn, id: 'run-1', by: 'arn:aws:iam::111122223333:user/alex' };
const intent = ['Removes AWSPENDING.'];
const call = { what: 'Removes AWSPENDING.', state: 'done', movesLabel: true } as const;

const repairs = async (service: Pick<MemoryService, 'store'>) =>
  (await service.store.read(RUN.secretArn))?.repairs;

test('intent, results and outcome are kept with the state, and sweeps keep them', async () => {
  const service = aService();
  service.catalog.put(pendingSince('prod/db', later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  await recordRepair(service, { ...RUN, intent });
  await recordRepair(service, { ...RUN, call });
  await recordRepair(service, { ...RUN, end: 'repaired' });
  service.clock.advance(HOUR);
  await sweepSecrets(service);
  expect(await repairs(service)).toMatchObject([
    { id: 'run-1', by: RUN.by, intent, calls: [{ ...call, at: NOW }], outcome: 'repaired' },
  ]);
});

test('one repair of a secret runs at a time, and a killed one blocks for 16 minutes at most', async () => {
  const service = aService();
  await recordRepair(service, { ...RUN, intent });
  const second = { ...RUN, id: 'run-2', by: 'sam', intent };
  expect(await recordRepair(service, second)).toEqual({ outcome: 'busy', by: RUN.by });
  service.clock.advance(16 * MINUTE - 1);
  expect(await recordRepair(service, second)).toMatchObject({ outcome: 'busy' });
  service.clock.advance(1);
  expect(await recordRepair(service, second)).toEqual({ outcome: 'recorded' });
});

test('each result keeps the others waiting for 16 minutes more', async () => {
  const service = aService();
  await recordRepair(service, { ...RUN, intent });
  service.clock.advance(15 * MINUTE);
  await recordRepair(service, { ...RUN, call });
  service.clock.advance(15 * MINUTE);
  const second = { ...RUN, id: 'run-2', by: 'sam', intent };
  expect(await recordRepair(service, second)).toEqual({ outcome: 'busy', by: RUN.by });
  service.clock.advance(MINUTE);
  expect(await recordRepair(service, second)).toEqual({ outcome: 'recorded' });
});

test('the end of a repair lets the next one begin', async () => {
  const service = aService();
  await recordRepair(service, { ...RUN, intent });
  await recordRepair(service, { ...RUN, end: 'stopped' });
  expect(await recordRepair(service, { ...RUN, id: 'run-2', intent })).toEqual({ outcome: 'recorded' });
});

test('the bus hears of it, and one that refuses keeps nothing from being recorded', async () => {
  const heard: string[] = [];
  const applicationBus = {
    publish: async ({ detailType }: { readonly detailType: string }) => {
      heard.push(detailType);
      throw new EventSinkError('Cannot publish', { reason: 'denied', retryable: false });
    },
  };
  const service = { ...aService(), applicationBus };
  expect(await recordRepair(service, { ...RUN, intent })).toEqual({ outcome: 'recorded' });
  expect(heard).toEqual(['Secret Repair Stated']);
  expect(await repairs(service)).toHaveLength(1);
});

test('what names no secret or no operator is refused, and long texts are cut', async () => {
  const service = aService();
  await expect(recordRepair(service, { ...RUN, by: '', intent })).rejects.toThrow(RangeError);
  await expect(recordRepair(service, { id: 'run', by: 'alex', intent })).rejects.toThrow(RangeError);
  await recordRepair(service, { ...RUN, intent: ['x'.repeat(1000)] });
  expect((await repairs(service))?.[0]?.intent[0]).toHaveLength(300);
});
