import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../../src/calendar/instant.ts';
import { CallAnswers } from '../../../../src/proving/drill/call-answers.ts';
import type { FaultRule } from '../../../../src/simulator/call/faults.ts';
import { createSimulator } from '../../../../src/simulator/simulator.ts';
import { VirtualClock } from '../../../../src/simulator/time/clock.ts';
import { at } from '../../../support/builders.ts';

const START = at('2026-03-02T00:00:00Z');
const ROLE = 'the monitor';

function open() {
  const clock = new VirtualClock(START);
  const simulator = createSimulator({ clock, seed: 1 });
  const { arn } = simulator.secretsManager.seed({ name: 'app/db', kind: 'none' });
  const answers = new CallAnswers(simulator, [ROLE]);
  const call = (operation: string, role = ROLE): Promise<unknown> => {
    const input = operation === 'ListSecrets' ? {} : { SecretId: arn };
    return simulator.call('secretsmanager', operation, input, role).catch(() => undefined);
  };
  /** Calls once while the rule holds and, half an hour later, once more. */
  const failsOnce = async (operation: string, kind: FaultRule['kind'], role = ROLE): Promise<void> => {
    const heal = simulator.faults.add({ kind, probability: 1 });
    await call(operation, role);
    heal();
    await clock.advance(30 * MINUTE);
    await call(operation, role);
  };
  const found = () =>
    answers.conditions(new Map([['app/db', { arn }]])).map(({ secret, code, since, tellableAt, until }) => ({
      secret,
      code,
      forMs: (until ?? Number.NaN) - since,
      patienceMs: tellableAt - since,
    }));
  return { clock, call, failsOnce, found };
}

test.each(['DescribeSecret', 'ListSecretVersionIds'])(
  'a secret cannot be looked at from a %s that fails to the next that does not',
  async (operation) => {
    const { failsOnce, found } = open();
    await failsOnce(operation, 'denied');
    expect(found()).toEqual([{ secret: 'app/db', code: 'unverifiable', forMs: 30 * MINUTE, patienceMs: 0 }]);
  },
);

test.each<FaultRule['kind']>(['denied', 'throttled', 'server-error', 'timeout'])(
  'a target is out of reach 15 minutes after a list that was %s',
  async (kind) => {
    const { failsOnce, found } = open();
    await failsOnce('ListSecrets', kind);
    const secret = '111122223333 eu-west-1';
    expect(found()).toEqual([
      { secret, code: 'target-unreachable', forMs: 30 * MINUTE, patienceMs: 15 * MINUTE },
    ]);
  },
);

test('calls that succeed, those of others and those about something else say nothing', async () => {
  const { clock, call, failsOnce, found } = open();
  await call('ListSecrets');
  await failsOnce('DescribeSecret', 'denied', 'an operator');
  await failsOnce('TagResource', 'denied');
  await clock.advance(HOUR);
  expect(found()).toEqual([]);
});
