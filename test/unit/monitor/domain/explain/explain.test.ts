import { describe, expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import type { Facts } from '../../../../../src/monitor/domain/detect/detector.ts';
import { judge } from '../../../../../src/monitor/domain/detect/judge.ts';
import type { Examination } from '../../../../../src/monitor/domain/examine/examination.ts';
import { explain } from '../../../../../src/monitor/domain/explain/explain.ts';
import type { Explanation } from '../../../../../src/monitor/domain/finding/finding.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import { allProgress } from '../../../../../src/monitor/domain/rotation/progress.ts';
import { anEvidence, aPending, aPolicy, CURRENT, facts, NOW, PENDING } from '../../../../support/builders.ts';
import { anExamination } from '../../../../support/inspections.ts';

function explained(given: Facts): Explanation {
  const [finding] = judge(given, NOW);
  if (finding === undefined) throw new Error('Nothing was found');
  return explain(finding, given, NOW);
}

const failed = (step: Evidence['step']) => anEvidence('rotation-failed', HOUR, step && { step });
const stuck = { pending: aPending(2 * HOUR) };

test('explain says why a version counts as stuck', () => {
  expect(explained(facts({ ...stuck, evidence: [failed('setSecret')] })).why).toEqual([
    'AWSCURRENT is on version 11111111-1111-4111-8111-111111111111 and AWSPENDING on version 22222222-2222-4222-8222-222222222222.',
    "It has been pending since 2026-11-21T08:00:00Z (2 h; the version's creation date); the threshold is 1 h.",
    '1 RotationFailed event arrived, the last at 2026-11-21T09:00:00Z (event rotation-failed@3600000). The last step named is setSecret.',
    'Last rotated: at 2026-11-02T00:20:00Z; next rotation: by 2026-12-02T23:59:59Z; rotation is on.',
    'The rotation function is arn:aws:lambda:eu-west-1:111122223333:function:rotate-orders-db.',
  ]);
});

test('the last rotation of a secret whose rotation is off is what the record says, for AWS shows no date', () => {
  const secret = { rotationEnabled: false, lastRotatedAt: undefined, nextRotationAt: undefined };
  const dated = {
    at: later(NOW, -HOUR),
    of: 'put',
    before: later(NOW, -DAY),
    seenAt: NOW,
    from: CURRENT,
  } as const;
  const current = { versionId: CURRENT, seenAt: NOW, rotated: CURRENT, earlier: [], dated };
  const evidence = [anEvidence('secret-changed', HOUR, { operation: 'CancelRotateSecret' })];
  const why = (known: Pick<Facts, 'current'>) =>
    explained(facts({ secret, evidence, ...known })).why.join(' ');
  expect(why({})).toContain('Last rotated: unknown while rotation is off;');
  expect(why({ current })).toContain('Last rotated: at 2026-11-20T10:00:00Z;');
  expect(why({ current: { ...current, dated: { ...dated, of: 'rotation' } } })).toContain(
    'at 2026-11-21T09:00:00Z;',
  );
});

test('explain says how far a version came whose failures are remembered one by one no longer', () => {
  const lost = { at: later(NOW, -HOUR), kind: 'pending-vanished' } as const;
  const version = { versionId: PENDING, failures: 5, givenUp: lost };
  const why = (reached: 'testSecret' | undefined) =>
    explain(
      { code: 'pending-abandoned', severity: 'CRITICAL', since: NOW, pendingVersionId: PENDING, what: '' },
      facts({ progress: [{ ...version, reached }] }),
      NOW,
    ).why.join(' ');
  expect(why('testSecret')).toContain(
    'The rotation to it failed at least 5 times; it had reached testSecret.',
  );
  expect(why(undefined)).toContain('failed at least 5 times; no event named the step.');
});

test('explain says what it does not know', () => {
  const given = facts({
    pending: aPending(2 * HOUR, { sinceFrom: 'first-seen' }),
    evidence: [failed(undefined), anEvidence('rotation-failed', MINUTE, { notCreatedByFunction: true })],
    secret: { lastRotatedAt: undefined, nextRotationAt: undefined },
    eventsArrive: false,
  });
  const text = explained(given).why.join('\n');
  expect(text).toContain('the first check that found it, so it may be older');
  expect(text).toContain('2 RotationFailed events');
  expect(text).toContain(
    'No event names the step. According to the event, the version was not created by the rotation function.',
  );
  expect(text).toContain('Last rotated: never; next rotation: none');
  expect(text).toContain('a missing event proves nothing');
});

test('explain names who switched rotation off', () => {
  const secret = { rotationEnabled: false };
  const by = (given: Partial<Evidence>) =>
    explained(facts({ secret, evidence: [anEvidence('rotation-disabled', HOUR, given)] })).why.join('\n');
  expect(by({ actor: 'arn:aws:iam::111122223333:user/alex' })).toContain(
    'switched off by arn:aws:iam::111122223333:user/alex',
  );
  expect(by({})).toContain('switched off by an unknown caller');
});

test('explain says who rotates a managed secret, and that a lost version carries no stage', () => {
  const given = facts({
    secret: { rotationFunctionArn: undefined, owningService: 'rds', rotationEnabled: true },
    evidence: [failed('setSecret'), anEvidence('pending-vanished', 3 * MINUTE)],
  });
  const text = explained(given).why.join('\n');
  expect(text).toContain('rotated by rds, without a rotation function');
  expect(text).toContain('version 22222222-2222-4222-8222-222222222222 carries no stage');
});

test.each<[Evidence['step'], Explanation['credentialInUse'], Explanation['credentialInUse']]>([
  ['createSecret', 'good', 'good'],
  ['setSecret', 'unknown', 'good'],
  ['testSecret', 'may-be-dead', 'good'],
  ['finishSecret', 'may-be-dead', 'good'],
  [undefined, 'unknown', 'unknown'],
])(
  'after %s failed the credential in use is %s for a single user and %s for alternating ones',
  (step, single, alternating) => {
    const given = facts({ ...stuck, evidence: [failed(step)] });
    expect(explained(given).credentialInUse).toBe(single);
    expect(explained({ ...given, policy: aPolicy({ strategy: 'single-user' }) }).credentialInUse).toBe(
      single,
    );
    expect(explained({ ...given, policy: aPolicy({ strategy: 'alternating-users' }) }).credentialInUse).toBe(
      alternating,
    );
  },
);

test('the credential in use is good while a rotation is only overdue, and broken where there is none', () => {
  expect(explained(facts({ secret: { nextRotationAt: later(NOW, -HOUR) } })).credentialInUse).toBe('good');
  const none = facts({ secret: { versionStages: { old: ['AWSPREVIOUS'] } } });
  expect(explained(none)).toMatchObject({ credentialInUse: 'broken' });
  expect(explained(none).why[0]).toBe('No version is AWSCURRENT; no other version is pending.');
});

test('a target that was not touched is reported with how that is known', () => {
  const given = (eventsArrive: boolean) =>
    explained(facts({ pending: aPending(2 * HOUR), evidence: [failed('createSecret')], eventsArrive }));
  expect(given(true).blastRadius).toMatch(/^The target was not changed/);
  expect(given(false).blastRadius).toMatch(
    /^No rotation events are known to arrive here, so the target may or may not have been changed/,
  );
  expect([given(true), given(false)].map(({ credentialInUse }) => credentialInUse)).toEqual([
    'good',
    'unknown',
  ]);
});

test('the credential in use may be dead after a version was given up', () => {
  const given = facts({ evidence: [failed('setSecret'), anEvidence('rotation-abandoned', 3 * MINUTE)] });
  expect(explained(given).credentialInUse).toBe('may-be-dead');
});

describe('while nothing is pending, the credential in use', () => {
  const overdue = (given: Parameters<typeof facts>[0] = {}) =>
    explained(facts({ ...given, secret: { nextRotationAt: later(NOW, -HOUR), ...given.secret } }))
      .credentialInUse;
  const succeeded = anEvidence('rotation-succeeded', MINUTE);

  test('is good', () => {
    expect(overdue()).toBe('good');
    expect(overdue({ evidence: [failed('createSecret')] })).toBe('good');
  });

  test('may be wrong after a failure that reached the target', () => {
    expect(overdue({ evidence: [failed('setSecret')] })).toBe('unknown');
    const before = anEvidence('rotation-succeeded', 2 * HOUR);
    expect(overdue({ evidence: [before, failed('finishSecret')] })).toBe('unknown');
  });

  test('is good again once a rotation has succeeded', () => {
    expect(overdue({ evidence: [failed('setSecret'), succeeded] })).toBe('good');
    expect(overdue({ evidence: [failed('setSecret')], secret: { lastRotatedAt: NOW } })).toBe('good');
  });

  test.each([
    ['good', [failed('createSecret')]],
    ['unknown', [failed('setSecret')]],
    ['unknown', [anEvidence('rotation-succeeded', 2 * HOUR), failed('testSecret')]],
    ['good', [failed('setSecret'), anEvidence('rotation-succeeded', MINUTE, { versionId: CURRENT })]],
  ] as const)('is %s also where other facts have taken the places of its own: %#', (verdict, evidence) => {
    const progress = allProgress({ evidence });
    expect([overdue({ evidence }), overdue({ progress })]).toEqual([verdict, verdict]);
  });

  test('is good where users alternate', () => {
    const policy = aPolicy({ strategy: 'alternating-users' });
    expect(overdue({ evidence: [failed('setSecret')], policy })).toBe('good');
  });
});

describe('what changed', () => {
  const put = anEvidence('secret-changed', HOUR, { operation: 'PutSecretValue', actor: 'arn:alex' });
  const seen = { at: put.at, who: 'arn:alex', what: 'put a value into the secret prod/orders/db' };
  const changes = (examination: Examination | undefined) => {
    const { changes: found, changesSeenFrom } = explained(facts({ ...stuck, evidence: [put], examination }));
    return { found, changesSeenFrom };
  };

  test('is known from events where nobody could look, and that is said', () => {
    expect(changes(undefined)).toEqual({ found: [seen], changesSeenFrom: 'events' });
  });

  test('is named once where the history and an event report it', () => {
    expect(changes(anExamination({ changes: [seen] })).found).toEqual([seen]);
  });

  test('is not nothing where an event reported what the history does not show yet', () => {
    expect(changes(anExamination({ changes: [], changesSeenFrom: NOW }))).toEqual({
      found: [seen],
      changesSeenFrom: NOW,
    });
  });

  test('is not known of the last minutes before it began', () => {
    const seenUntil = (ms: number) => {
      const finding = { code: 'rotation-failed', severity: 'CRITICAL', what: '' } as const;
      const about = { ...finding, since: later(NOW, -ms), pendingVersionId: PENDING };
      return explain(about, facts({ examination: anExamination({ changes: [] }) }), NOW).changesSeenUntil;
    };
    expect(seenUntil(3 * MINUTE)).toBe(later(NOW, -10 * MINUTE));
    expect(seenUntil(10 * MINUTE)).toBeUndefined();
  });

  test('does not hold what the rotation function did', () => {
    const own = 'arn:aws:sts::111122223333:assumed-role/role/rotate-orders-db';
    const evidence = [{ ...put, actor: own }];
    expect(explained(facts({ ...stuck, evidence })).changes).toBeUndefined();
  });
});
