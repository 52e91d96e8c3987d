import { expect, test } from 'vitest';
import {
  memoryStageMover,
  memoryStepRunner,
} from '../../../../../src/monitor/adapters/memory/memory-repair.ts';
import {
  type ApplyingRepair,
  applyRepair,
} from '../../../../../src/monitor/application/operate/apply-repair.ts';
import type { RepairCall, RepairPlan } from '../../../../../src/monitor/domain/repair/repair-plan.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { StageMoverError } from '../../../../../src/monitor/ports/repair/stage-mover.ts';
import type { FunctionCode, StepAnswer } from '../../../../../src/monitor/ports/repair/step-runner.ts';
import { CURRENT, NOW, PENDING } from '../../../../support/builders.ts';
import { FUNCTION } from '../../../../support/inspections.ts';
import { named, pendingSince } from '../../../../support/secrets.ts';
import { aService } from '../../../../support/service.ts';

const CODE: FunctionCode = { codeSha256: 'abc', isUpdating: false, isWeighted: false };
const FAILED: StepAnswer = { kind: 'failed', errorType: 'OperationalError' };
const KEEP: RepairCall = { kind: 'keep', label: 'rotation-rescue', to: PENDING };
const REMOVE: RepairCall = { kind: 'remove', label: 'AWSPENDING', from: PENDING };
const RESTORE: RepairCall = { kind: 'restore', label: 'AWSPENDING', to: PENDING };
const PROMOTE: RepairCall = { kind: 'promote', label: 'AWSCURRENT', to: PENDING, from: CURRENT };
const FINISHING: readonly RepairCall[] = [{ kind: 'prove' }, { kind: 'finish' }, PROMOTE];
const LOST: Secret['versionStages'] = { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['rotation-rescue'] };

const planOf = (calls: readonly RepairCall[]): RepairPlan => ({
  secretArn: named('prod/db').arn,
  secretName: 'prod/db',
  account: '111122223333',
  region: 'eu-west-1',
  code: 'stuck-pending',
  current: CURRENT,
  pending: PENDING,
  reached: 'testSecret',
  function: { arn: FUNCTION, codeSha256: 'abc' },
  calls,
});

/** A stuck secret whose function answers as given, and what was said of each call. */
function stuck(answers: { readonly test?: StepAnswer; readonly finish?: StepAnswer } = {}) {
  const { catalog, clock } = aService();
  catalog.put(pendingSince('prod/db', NOW));
  const steps = memoryStepRunner();
  const stages = memoryStageMover(catalog);
  const run = async ({ step }: { readonly step: string }): Promise<StepAnswer> => {
    const answer = (step === 'testSecret' ? answers.test : answers.finish) ?? { kind: 'succeeded' };
    if (step === 'finishSecret' && answer.kind === 'succeeded')
      await stages.move({
        secretArn: named('prod/db').arn,
        label: 'AWSCURRENT',
        to: PENDING,
        from: CURRENT,
      });
    return answer;
  };
  steps.put(FUNCTION, { code: CODE, run });
  const said: string[] = [];
  const service: ApplyingRepair = {
    catalog,
    clock,
    steps,
    stages,
    isInterrupted: () => false,
    onCall: async ({ kind }, state) => void said.push(`${kind} ${state}`),
  };
  const change = async (given: Partial<Secret>): Promise<void> => {
    const secret = await catalog.describe('prod/db');
    if (secret !== undefined) catalog.put({ secret: { ...secret, ...given }, createdAt: {} });
  };
  return { service, said, change, catalog, clock, steps, run };
}

test('a proven credential is finished by the function, and the label is not moved again', async () => {
  const { service, said } = stuck();
  expect(await applyRepair(service, planOf(FINISHING))).toMatchObject({
    outcome: 'repaired',
    because: undefined,
    stages: { [PENDING]: ['AWSPENDING', 'AWSCURRENT'] },
  });
  expect(said).toEqual(['prove sending', 'prove done', 'finish sending', 'finish done']);
});

test('a credential that is not proven ends the repair before anything is changed', async () => {
  const { service, said } = stuck({ test: FAILED });
  const { outcome, because, stages } = await applyRepair(service, planOf(FINISHING));
  expect({ outcome, stages }).toEqual({
    outcome: 'disproven',
    stages: { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['AWSPENDING'] },
  });
  expect(because).toMatch(/testSecret with OperationalError.* first.*--current-works/);
  expect(said).toEqual(['prove sending', 'prove failed']);
});

test('where the function cannot finish, the label is moved behind the same proof', async () => {
  const { service, said } = stuck({ finish: FAILED });
  expect(await applyRepair(service, planOf(FINISHING))).toMatchObject({ outcome: 'repaired' });
  expect(said.slice(2)).toEqual(['finish sending', 'finish failed', 'promote sending', 'promote done']);
});

test('a version that is given up keeps a label of our own', async () => {
  const { service } = stuck();
  expect(await applyRepair(service, planOf([KEEP, REMOVE]))).toMatchObject({
    outcome: 'repaired',
    stages: { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['rotation-rescue'] },
  });
});

test('a version that was restored in vain loses AWSPENDING again', async () => {
  const { service, said, change } = stuck({ test: FAILED });
  await change({ versionStages: LOST });
  const report = await applyRepair(service, planOf([RESTORE, ...FINISHING]));
  expect(report).toMatchObject({ outcome: 'disproven', stages: LOST });
  expect(report.because).not.toContain('--current-works');
  expect(said.slice(-2)).toEqual(['remove sending', 'remove done']);
});

const ON_CURRENT: Secret['versionStages'] = {
  [CURRENT]: ['AWSCURRENT', 'AWSPENDING'],
  [PENDING]: ['rotation-rescue'],
};

test('a label that was moved in vain goes back to where it was', async () => {
  const { service, change } = stuck({ test: FAILED });
  await change({ versionStages: ON_CURRENT });
  const report = await applyRepair(service, planOf([{ ...RESTORE, from: CURRENT }, ...FINISHING]));
  expect(report).toMatchObject({ outcome: 'disproven', stages: ON_CURRENT });
});

test('a label that was put on the version in use since the plan was made stops the repair', async () => {
  const { service, change, said } = stuck();
  await change({ versionStages: ON_CURRENT });
  expect(await applyRepair(service, planOf([RESTORE, ...FINISHING]))).toMatchObject({
    outcome: 'stopped',
    because: 'AWSPENDING was moved or taken off.',
  });
  expect(said).toEqual([]);
});

test.each<readonly [string, Partial<Secret>]>([
  ['scheduled for deletion', { deletedAt: NOW }],
  ['AWSCURRENT was moved', { versionStages: { [CURRENT]: ['AWSPREVIOUS'], other: ['AWSCURRENT'] } }],
  ['another rotation function', { rotationFunctionArn: `${FUNCTION}-2` }],
  ['AWSPENDING was moved or taken off', { versionStages: { [CURRENT]: ['AWSCURRENT'] } }],
])('a secret that changed in between stops the repair: %s', async (why, given) => {
  const { service, said, change } = stuck();
  const onCall = async (call: RepairCall, state: string): Promise<void> => {
    said.push(`${call.kind} ${state}`);
    if (state === 'done') await change(given);
  };
  const report = await applyRepair({ ...service, onCall }, planOf(FINISHING));
  expect(report).toMatchObject({ outcome: 'stopped', because: expect.stringContaining(why) });
  expect(said).toEqual(['prove sending', 'prove done']);
});

test.each<readonly [string, FunctionCode | undefined]>([
  ['no longer exists', undefined],
  ['was changed', { ...CODE, codeSha256: 'other' }],
  ['was changed', { ...CODE, isUpdating: true }],
  ['sends a part elsewhere', { ...CODE, isWeighted: true }],
])('a function that changed behind the proof stops the repair: %s', async (why, code) => {
  const { service, steps, run } = stuck();
  const onCall = async (_call: RepairCall, state: string): Promise<void> => {
    if (state === 'done') steps.put(FUNCTION, code && { code, run });
  };
  const report = await applyRepair({ ...service, onCall }, planOf(FINISHING));
  expect(report).toMatchObject({ outcome: 'stopped', because: expect.stringContaining(why) });
  expect(report.sent).toHaveLength(1);
});

test('a secret that is gone stops the repair, and nothing is known of its labels', async () => {
  const { service, catalog } = stuck();
  catalog.remove(named('prod/db').arn);
  expect(await applyRepair(service, planOf(FINISHING))).toEqual({
    outcome: 'stopped',
    because: 'The secret no longer exists.',
    sent: [],
    stages: undefined,
  });
});

test('a lost answer leaves the outcome of its call unknown, and the labels tell what is true', async () => {
  const { service } = stuck({ finish: FAILED });
  const { stages } = service;
  const move: typeof stages.move = async (given) => {
    await stages.move(given);
    throw new StageMoverError('There was no answer', { reason: 'timeout', retryable: true });
  };
  const report = await applyRepair({ ...service, stages: { move } }, planOf(FINISHING));
  expect(report).toMatchObject({ outcome: 'repaired', because: 'There was no answer' });
  expect(report.sent.at(-1)).toMatchObject({ call: { kind: 'promote' }, state: 'unknown' });
});

test('what is not seen for 30 seconds stops the repair', async () => {
  const { service, clock } = stuck();
  const report = await applyRepair({ ...service, stages: { move: async () => undefined } }, planOf([KEEP]));
  expect(report).toMatchObject({ outcome: 'stopped', because: expect.stringContaining('30 seconds') });
  expect(clock.now() - NOW).toBe(30_000);
});

test('an interruption before the first call sends nothing', async () => {
  const { service, said } = stuck();
  const report = await applyRepair({ ...service, isInterrupted: () => true }, planOf(FINISHING));
  expect(report).toMatchObject({ outcome: 'stopped', because: 'It was interrupted.', sent: [] });
  expect(said).toEqual([]);
});
