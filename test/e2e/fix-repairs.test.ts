import { expect, test } from 'vitest';
import type { RefusalCode } from '../../src/monitor/domain/repair/refusal.ts';
import { currentLogsIn } from '../../src/proving/court/truth/ground-truth.ts';
import { NAME } from '../support/failure-mode-stage.ts';
import { PLAYS } from '../support/failure-modes.ts';
import { played } from '../support/played.ts';
import { aRepairer } from '../support/repairing.ts';
import type { TestSimulator } from '../support/simulated.ts';

/** Repaired by a proof and the function's own finish, once the cause is gone. */
const FINISHED = ['F2', 'F5b', 'F5d', 'F5e'];
/** The target was not changed: the version is given up, and AWSCURRENT stays as good as it was. */
const GIVEN_UP = ['F1', 'F11', 'F11b', 'F12b', 'F13', 'F15', 'F16', 'F30', 'N6'];
/** The target refuses the pending credential: nothing is promoted, and the operator has to prove AWSCURRENT. */
const DISPROVEN = ['F3', 'F3b', 'F3c', 'F4', 'F5', 'F5c', 'F6', 'F14', 'F17', 'F31'];
/** Something has to be repaired first. */
const REFUSED: Readonly<Record<string, RefusalCode>> = {
  F7: 'step-unknown',
  F8: 'rotation-off',
  F8b: 'rotation-off',
  F9: 'deleted',
  F18: 'not-created-by-function',
  F19: 'no-current-version',
  F23: 'nothing-pending',
  F24: 'nothing-pending',
  F25: 'managed',
  F26: 'managed',
  F27: 'nothing-pending',
  F28: 'nothing-pending',
  F32: 'step-unknown',
  N5: 'replica',
};

const lastOf = ({ secretsManager }: TestSimulator) => secretsManager.history(NAME).at(-1);
const truthOf = (simulator: TestSimulator): boolean | undefined => {
  const last = lastOf(simulator);
  return last && currentLogsIn(last);
};
const labelsOf = (simulator: TestSimulator): readonly string[] =>
  Object.values(lastOf(simulator)?.stages ?? {}).flat();

/** Plays a mode to its end, and repairs the code of the function. */
async function mended(id: string) {
  const { simulator } = await played(id);
  simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  const repairer = aRepairer(simulator);
  const apply = async (currentWorks = false) => {
    const { proposal } = await repairer.propose(NAME, { currentWorks });
    if (proposal.kind !== 'plan') throw new Error(`${id} is not planned: ${JSON.stringify(proposal)}`);
    return repairer.apply(proposal.plan);
  };
  return { simulator, repairer, apply };
}

test.each(FINISHED)('%s is repaired: AWSCURRENT logs in again', async (id) => {
  const { simulator, repairer, apply } = await mended(id);
  expect(truthOf(simulator)).toBe(false);
  expect(await apply()).toMatchObject({ outcome: 'repaired', because: undefined });
  expect(truthOf(simulator)).toBe(true);
  expect((await repairer.propose(NAME)).proposal).toEqual({ kind: 'nothing' });
});

test.each(GIVEN_UP)(
  '%s is repaired: the version is kept and given up, and AWSCURRENT still logs in',
  async (id) => {
    const { simulator, apply } = await mended(id);
    expect(await apply()).toMatchObject({ outcome: 'repaired' });
    expect(truthOf(simulator)).toBe(true);
    expect(labelsOf(simulator)).not.toContain('AWSPENDING');
    expect(labelsOf(simulator)).toContain('rotation-rescue');
  },
);

test.each(DISPROVEN)('%s is not promoted, because the target refuses the pending credential', async (id) => {
  const { simulator, apply } = await mended(id);
  const before = { truth: truthOf(simulator), stages: lastOf(simulator)?.stages };
  expect(await apply()).toMatchObject({
    outcome: 'disproven',
    sent: [{ call: { kind: 'prove' }, state: 'failed' }],
  });
  expect({ truth: truthOf(simulator), stages: lastOf(simulator)?.stages }).toEqual(before);
});

test.each(DISPROVEN.filter((id) => id !== 'F4' && id !== 'F5'))(
  '%s is repaired once somebody has proven that AWSCURRENT logs in',
  async (id) => {
    const { simulator, apply } = await mended(id);
    expect(await apply(true)).toMatchObject({ outcome: 'repaired' });
    expect(truthOf(simulator)).toBe(true);
    expect(labelsOf(simulator)).not.toContain('AWSPENDING');
  },
);

test.each(Object.entries(REFUSED))('%s is refused for %s, and nothing is changed', async (id, code) => {
  const { simulator, repairer } = await mended(id);
  const before = lastOf(simulator);
  expect((await repairer.propose(NAME)).proposal).toMatchObject({ kind: 'refused', refusal: { code } });
  expect(lastOf(simulator)).toEqual(before);
});

test.each(
  Object.keys(PLAYS).filter(
    (id) => ![...FINISHED, ...GIVEN_UP, ...DISPROVEN, ...Object.keys(REFUSED)].includes(id),
  ),
)('%s shows nothing that is to be repaired', async (id) => {
  const { repairer } = await mended(id);
  expect((await repairer.propose(NAME)).proposal).toEqual({ kind: 'nothing' });
});

test('a function that cannot finish is helped by moving the label, behind the same proof', async () => {
  const { simulator } = await played('F5b');
  const repairer = aRepairer(simulator);
  const { proposal } = await repairer.propose(NAME);
  if (proposal.kind !== 'plan') throw new Error('It is not planned');
  const report = await repairer.apply(proposal.plan);
  expect(report.sent.map(({ call, state }) => `${call.kind} ${state}`)).toEqual([
    'prove done',
    'finish failed',
    'promote done',
  ]);
  expect(report.outcome).toBe('repaired');
  expect(truthOf(simulator)).toBe(true);
});
