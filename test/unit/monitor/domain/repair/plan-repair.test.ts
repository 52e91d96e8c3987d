import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import type { Facts } from '../../../../../src/monitor/domain/detect/detector.ts';
import { judge } from '../../../../../src/monitor/domain/detect/judge.ts';
import { planRepair, type RepairCase } from '../../../../../src/monitor/domain/repair/plan-repair.ts';
import { allProgress } from '../../../../../src/monitor/domain/rotation/progress.ts';
import {
  anEvidence,
  aPending,
  CURRENT,
  facts,
  NOW,
  PENDING,
  PREVIOUS,
} from '../../../../support/builders.ts';
import { anInspection } from '../../../../support/inspections.ts';

const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:rotate-orders-db';
const ROTATE = { arn: FUNCTION_ARN, codeSha256: 'abc', isUpdating: false, isWeighted: false };

const failedAt = (step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret') =>
  anEvidence('rotation-failed', HOUR, { step });
type GivenFacts = Parameters<typeof facts>[0];
const stuckAt = (step: Parameters<typeof failedAt>[0], given: GivenFacts = {}): Facts =>
  facts({ pending: aPending(2 * HOUR), evidence: [failedAt(step)], ...given });

const planned = (about: Facts, given: Partial<RepairCase> = {}) =>
  planRepair({
    facts: about,
    findings: judge(about, NOW),
    function: ROTATE,
    now: NOW,
    currentWorks: false,
    hearsAttempts: true,
    ...given,
  });

const kinds = (about: Facts, given: Partial<RepairCase> = {}): readonly string[] => {
  const proposal = planned(about, given);
  return proposal.kind === 'plan' ? proposal.plan.calls.map(({ kind }) => kind) : [JSON.stringify(proposal)];
};

const refused = (about: Facts, given: Partial<RepairCase> = {}): string => {
  const proposal = planned(about, given);
  return proposal.kind === 'refused' ? proposal.refusal.code : proposal.kind;
};

test.each(['setSecret', 'testSecret', 'finishSecret'] as const)(
  'what failed at %s is proven before it is promoted',
  (step) => {
    expect(kinds(stuckAt(step))).toEqual(['prove', 'finish', 'promote']);
    expect(planned(stuckAt(step))).toMatchObject({
      plan: {
        current: CURRENT,
        pending: PENDING,
        reached: step,
        function: { arn: FUNCTION_ARN, codeSha256: 'abc' },
        calls: [{ kind: 'prove' }, { kind: 'finish' }, { label: 'AWSCURRENT', to: PENDING, from: CURRENT }],
      },
    });
  },
);

test('what failed at createSecret is kept and given up, without a function being asked', () => {
  expect(kinds(stuckAt('createSecret'))).toEqual(['keep', 'remove']);
  expect(kinds(stuckAt('createSecret', { secret: { rotationEnabled: false } }))).toEqual(['keep', 'remove']);
  expect(kinds(stuckAt('createSecret'), { function: undefined })).toEqual(['keep', 'remove']);
});

test('what failed at createSecret is not given up where a later attempt might be unheard', () => {
  expect(refused(stuckAt('createSecret'), { hearsAttempts: false })).toBe('step-unknown');
  expect(kinds(stuckAt('createSecret'), { hearsAttempts: false, currentWorks: true })).toEqual([
    'keep',
    'remove',
  ]);
});

test('whoever states that AWSCURRENT logs in may give any pending version up', () => {
  expect(kinds(stuckAt('testSecret'), { currentWorks: true })).toEqual(['keep', 'remove']);
  expect(kinds(facts({ pending: aPending(2 * HOUR) }), { currentWorks: true })).toEqual(['keep', 'remove']);
});

/** A version that was lost half an hour ago, after it had failed at testSecret. */
const LOST = [
  failedAt('testSecret'),
  anEvidence('pending-vanished', 30 * MINUTE, { pendingFrom: later(NOW, -2 * HOUR) }),
];

test('a version that lost its label gets it back before it is proven', () => {
  expect(kinds(facts({ evidence: LOST }))).toEqual(['keep', 'restore', 'prove', 'finish', 'promote']);
});

test('a label that the version in use carries is moved from there', () => {
  const versionStages = { [CURRENT]: ['AWSCURRENT', 'AWSPENDING'], [PENDING]: ['rotation-rescue'] };
  expect(planned(facts({ evidence: LOST, secret: { versionStages } }))).toMatchObject({
    plan: { calls: [{ kind: 'restore', label: 'AWSPENDING', to: PENDING, from: CURRENT }, {}, {}, {}] },
  });
});

/** Versions of which one was lost and another has been pending since. */
const lostBefore = (pendingMs: number, ...since: Facts['evidence']): Facts => {
  const versionStages = {
    [CURRENT]: ['AWSCURRENT'],
    [PREVIOUS]: ['AWSPENDING'],
    [PENDING]: ['rotation-rescue'],
  };
  const pending = aPending(pendingMs, { versionId: PREVIOUS });
  return facts({ evidence: [...LOST, ...since], pending, secret: { versionStages } });
};

test('while a version is pending it is repaired, and not one that was lost before', () => {
  const failed = anEvidence('rotation-failed', 20 * MINUTE, { step: 'setSecret', versionId: PREVIOUS });
  expect(planned(lostBefore(25 * MINUTE, failed))).toMatchObject({
    plan: { code: 'rotation-failed', pending: PREVIOUS, calls: [{ kind: 'prove' }, { kind: 'finish' }, {}] },
  });
});

test('a version that was lost is left alone while nothing is known to be wrong with the pending one', () => {
  expect(refused(lostBefore(25 * MINUTE))).toBe('under-way');
  const failed = anEvidence('rotation-failed', 5 * MINUTE, { step: 'setSecret', versionId: PREVIOUS });
  expect(planned(lostBefore(25 * MINUTE, failed))).toMatchObject({
    refusal: { code: 'other-pending', because: expect.stringMatching(/first\b.*\.$/) },
  });
});

test('a function that nobody finds cannot prove anything, whether or not it was inspected', () => {
  expect(planned(stuckAt('testSecret'), { function: undefined })).toMatchObject({
    refusal: { code: 'function-broken', because: expect.stringContaining('it does not exist') },
  });
});

test('a version that nobody is known to have filled is never promoted', () => {
  const unknown = facts({ pending: aPending(2 * HOUR) });
  expect(refused(unknown)).toBe('step-unknown');
  const filled = anEvidence('secret-changed', HOUR, { operation: 'PutSecretValue' });
  expect(kinds({ ...unknown, evidence: [filled] })).toEqual(['prove', 'finish', 'promote']);
});

test('nothing is planned where nothing is wrong', () => {
  expect(planned(facts())).toEqual({ kind: 'nothing' });
});

const OTHERS_FUNCTION = FUNCTION_ARN.replace('111122223333', '444455556666');

test.each<readonly [string, GivenFacts, Partial<RepairCase>]>([
  ['managed', { secret: { rotationFunctionArn: undefined, owningService: 'rds' } }, {}],
  ['replica', { secret: { primaryRegion: 'us-east-1' } }, {}],
  ['deleted', { secret: { deletedAt: NOW } }, {}],
  ['no-current-version', { secret: { versionStages: { [PENDING]: ['AWSPENDING'] } } }, {}],
  ['no-function', { secret: { rotationFunctionArn: undefined } }, { function: undefined }],
  ['rotation-off', { secret: { rotationEnabled: false } }, {}],
  ['foreign-function', { secret: { rotationFunctionArn: OTHERS_FUNCTION } }, {}],
  ['function-updating', {}, { function: { ...ROTATE, isUpdating: true } }],
  ['weighted-alias', {}, { function: { ...ROTATE, isWeighted: true } }],
  [
    'function-broken',
    { examination: { inspection: anInspection({ exists: false }), changes: [], changesUnseen: undefined } },
    {},
  ],
  ['under-way', { evidence: [failedAt('testSecret'), anEvidence('rotation-started', 5 * MINUTE)] }, {}],
  [
    'window-near',
    {
      secret: {
        rotationRules: {
          scheduleExpression: 'cron(0 10 * * ? *)',
          automaticallyAfterDays: 1,
          duration: '2h',
        },
      },
    },
    { now: later(NOW, -10 * MINUTE) },
  ],
  [
    'not-created-by-function',
    { evidence: [anEvidence('rotation-failed', HOUR, { step: 'testSecret', notCreatedByFunction: true })] },
    {},
  ],
  [
    'labels-full',
    {
      secret: {
        versionStages: {
          [CURRENT]: ['AWSCURRENT', ...Array.from({ length: 18 }, (_, index) => `label-${index}`)],
          [PENDING]: ['AWSPENDING'],
        },
      },
    },
    {},
  ],
  [
    'current-moved-back',
    {
      current: {
        versionId: CURRENT,
        seenAt: NOW,
        rotated: PENDING,
        earlier: [],
        outside: { kind: 'moved-back', from: PENDING, to: CURRENT, seenAt: later(NOW, -HOUR) },
      },
    },
    {},
  ],
])('planRepair refuses for %s', (code, about, given) => {
  expect(refused(stuckAt('testSecret', about), given)).toBe(code);
});

test('planRepair refuses what is not pending: neither a label nor the function can mend it', () => {
  const overdue = facts({ secret: { nextRotationAt: later(NOW, -DAY) } });
  expect(refused(overdue)).toBe('nothing-pending');
});

test('a rotation that has not failed is under way until it is stuck', () => {
  const young = facts({ pending: aPending(HOUR), evidence: [anEvidence('rotation-started', HOUR)] });
  expect(refused(young)).toBe('under-way');
  expect(refused(facts({ pending: aPending(HOUR + 1) }))).toBe('step-unknown');
});

test('a rotation of which only the progress is remembered is under way only after a later start', () => {
  const remembered = (startedAgo: number) =>
    facts({
      pending: aPending(HOUR),
      progress: allProgress({
        evidence: [
          anEvidence('rotation-failed', 6 * MINUTE, { step: 'testSecret' }),
          anEvidence('rotation-started', startedAgo),
        ],
      }),
    });
  expect(refused(remembered(5 * MINUTE))).toBe('under-way');
  expect(kinds(remembered(7 * MINUTE))).toContain('prove');
});

test('what was cancelled is under way until its last attempt must have ended', () => {
  const cancelled = (agoMs: number) =>
    facts({
      secret: { rotationEnabled: false },
      pending: aPending(30 * MINUTE),
      evidence: [anEvidence('secret-changed', agoMs, { operation: 'CancelRotateSecret' })],
    });
  expect(refused(cancelled(15 * MINUTE - 1), { currentWorks: true })).toBe('under-way');
  expect(kinds(cancelled(15 * MINUTE), { currentWorks: true })).toEqual(['keep', 'remove']);
});

test('what is left to do about a version that was given up is said to whoever knows that AWSCURRENT logs in', () => {
  expect(planned(facts({ evidence: LOST }), { currentWorks: true })).toMatchObject({
    refusal: { because: expect.stringMatching(/given up.*then rotate/) },
  });
});

test('a version that lost its label is left alone once AWSCURRENT is known to log in', () => {
  expect(refused(facts({ evidence: LOST }), { currentWorks: true })).toBe('nothing-pending');
});

test('a refusal says that a pending version can be given up without the function', () => {
  const off = planned(stuckAt('testSecret', { secret: { rotationEnabled: false } }));
  expect(off).toMatchObject({
    refusal: { because: expect.stringMatching(/ repeat with --current-works\.$/) },
  });
});

test('a version of a function that did not pass its token is given up once AWSCURRENT is known to log in', () => {
  const evidence = [anEvidence('rotation-failed', HOUR, { step: 'testSecret', notCreatedByFunction: true })];
  const about = stuckAt('testSecret', { evidence });
  expect(kinds(about, { currentWorks: true })).toEqual(['keep', 'remove']);
});

test('a window that opens in ten minutes and a millisecond is far enough', () => {
  const rotationRules = {
    scheduleExpression: 'cron(0 10 * * ? *)',
    automaticallyAfterDays: 1,
    duration: '2h',
  };
  const about = stuckAt('testSecret', { secret: { rotationRules } });
  expect(kinds(about, { now: later(NOW, -10 * MINUTE - 1) })).toEqual(['prove', 'finish', 'promote']);
});
