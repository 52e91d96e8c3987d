import { expect, test } from 'vitest';
import { DAY, later } from '../../../../../src/calendar/instant.ts';
import { memoryEventHistory } from '../../../../../src/monitor/adapters/memory/memory-event-history.ts';
import { pacedHistory } from '../../../../../src/monitor/application/look/paced-history.ts';
import { EventHistoryError } from '../../../../../src/monitor/ports/look/event-history.ts';
import { NOW } from '../../../../support/builders.ts';
import { aService } from '../../../../support/service.ts';

const SPAN = { from: later(NOW, -DAY), until: NOW };
const RESOURCE = { name: 'rotate', isGlobal: false };

test('questions come a second apart, also those asked at once', async () => {
  const { clock } = aService();
  const at: number[] = [];
  const history = { ...memoryEventHistory(), callsOn: noting(at, () => clock.now()) };
  const paced = pacedHistory(history, clock);
  await Promise.all([paced.callsOn(RESOURCE, SPAN), paced.callsOn(RESOURCE, SPAN)]);
  clock.advance(5000);
  await paced.callsOn(RESOURCE, SPAN);
  await paced.callsOn(RESOURCE, SPAN);
  expect(at.map((each) => each - NOW)).toEqual([0, 1000, 6000, 7000]);
});

const noting = (at: number[], now: () => number) => async () => {
  at.push(now());
  return { found: [], next: undefined, oldestAt: undefined };
};

test('a refusal reaches whoever asked, and the next question is asked all the same', async () => {
  const { clock } = aService();
  const callsOn = async (): Promise<never> => {
    throw new EventHistoryError('Cannot look up', { reason: 'throttled', retryable: true });
  };
  const paced = pacedHistory({ ...memoryEventHistory(), callsOn }, clock);
  await expect(paced.callsOn(RESOURCE, SPAN)).rejects.toThrow('Cannot look up');
  expect((await paced.envelopes('RotationFailed', SPAN)).found).toEqual([]);
});

test('a question that is never answered, as of a run that was killed, holds up no other', async () => {
  const { clock } = aService();
  const callsOn = () => new Promise<never>(() => undefined);
  const paced = pacedHistory({ ...memoryEventHistory(), callsOn }, clock);
  void paced.callsOn(RESOURCE, SPAN);
  expect((await paced.envelopes('RotationFailed', SPAN)).found).toEqual([]);
});
