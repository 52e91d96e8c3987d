import { expect, test } from 'vitest';
import { SECOND } from '../../../../../src/calendar/instant.ts';
import { wakesOfOneRun } from '../../../../../src/monitor/application/tell/wakes-of-one-run.ts';
import { DeliveryQueueError } from '../../../../../src/monitor/ports/tell/delivery-queue.ts';
import { aService } from '../../../../support/service.ts';

test('what is stored in one run is woken once for each delay', async () => {
  const { queue, clock } = aService();
  const wakes = wakesOfOneRun({ queue, clock });
  for (let secret = 0; secret < 50; secret++) {
    await wakes.wake(30);
    if (secret % 10 === 0) await wakes.wake(5);
  }
  expect(queue.wakes).toEqual([30, 5]);
});

test('a delivery that is expected between now and then will see to it, until it has run', async () => {
  const { queue, clock } = aService();
  const wakes = wakesOfOneRun({ queue, clock });
  await wakes.wake(30);
  clock.advance(28 * SECOND);
  await wakes.wake(30);
  expect(queue.wakes).toEqual([30]);
  clock.advance(1 * SECOND);
  await wakes.wake(30);
  expect(queue.wakes).toEqual([30, 30]);
});

test('a delivery that is expected later is too late', async () => {
  const { queue, clock } = aService();
  const wakes = wakesOfOneRun({ queue, clock });
  await wakes.wake(30);
  await wakes.wake(5);
  expect(queue.wakes).toEqual([30, 5]);
});

test('a wake that failed is not expected', async () => {
  const { queue, clock } = aService();
  let fails = true;
  const wake: typeof queue.wake = async (seconds) => {
    if (fails) throw new DeliveryQueueError('Cannot wake', { reason: 'throttled', retryable: true });
    await queue.wake(seconds);
  };
  const wakes = wakesOfOneRun({ queue: { wake }, clock });
  await expect(wakes.wake(30)).rejects.toThrow('Cannot wake');
  fails = false;
  await wakes.wake(30);
  expect(queue.wakes).toEqual([30]);
});
