import { expect, test } from 'vitest';
import { later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import {
  isConfirmed,
  type RepairRecord,
  withIntent,
  withResult,
} from '../../../../../src/monitor/domain/state/repair-record.ts';
import { NOW } from '../../../../support/builders.ts';

const begun = (id: string) => ({ id, startedAt: NOW, by: 'alex', intent: ['Removes AWSPENDING.'] });
const call = { at: NOW, what: 'Removes AWSPENDING.', state: 'done', movesLabel: true } as const;
const move = (at: number) => ({ at: later(NOW, at), operation: 'UpdateSecretVersionStage' });

test('a repair begins once, and only the last ten are kept', () => {
  let known: readonly RepairRecord[] = [];
  for (let run = 0; run < 12; run++) known = withIntent(known, begun(`run-${run}`));
  expect(known.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_each, index) => `run-${index + 2}`));
  expect(withIntent(known, begun('run-5'))).toBe(known);
});

test('results and the outcome go to the run that they belong to', () => {
  const known = withIntent(withIntent([], begun('a')), begun('b'));
  const after = withResult(withResult(known, 'b', { call }), 'b', { outcome: 'repaired' });
  expect(after).toEqual([
    { ...begun('a'), calls: [] },
    { ...begun('b'), calls: [call], outcome: 'repaired' },
  ]);
});

test('calls of one run are bounded', () => {
  let known = withIntent([], begun('a'));
  for (let each = 0; each < 30; each++) known = withResult(known, 'a', { call });
  expect(known[0]?.calls).toHaveLength(20);
});

test('a stated move is confirmed by a recorded one around its time, and by no other', () => {
  expect(isConfirmed(call, [move(-5 * MINUTE)], [])).toBe(true);
  expect(isConfirmed(call, [], [move(30 * SECOND)])).toBe(true);
  expect(isConfirmed(call, [move(-5 * MINUTE - 1)], [move(30 * SECOND + 1)])).toBe(false);
  expect(isConfirmed(call, [{ ...move(0), operation: 'PutSecretValue' }], [])).toBe(false);
  expect(isConfirmed({ ...call, movesLabel: false }, [move(0)], [])).toBe(false);
});
