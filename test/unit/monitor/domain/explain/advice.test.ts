import { expect, test } from 'vitest';
import { HOUR } from '../../../../../src/calendar/instant.ts';
import type { Facts } from '../../../../../src/monitor/domain/detect/detector.ts';
import { explain } from '../../../../../src/monitor/domain/explain/explain.ts';
import type { FindingCode } from '../../../../../src/monitor/domain/finding/finding.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import {
  anEvidence,
  aPending,
  aPolicy,
  CURRENT,
  facts,
  NOW,
  PENDING,
  PREVIOUS,
} from '../../../../support/builders.ts';
import { anExamination, anInspection } from '../../../../support/inspections.ts';

/** A finding about the pending version, or with null about none. */
const finding = (code: FindingCode, versionId: string | null = PENDING) =>
  ({ code, severity: 'HIGH', since: NOW, pendingVersionId: versionId ?? undefined, what: '' }) as const;

const failed = (step: Evidence['step'], given: Partial<Evidence> = {}) =>
  anEvidence('rotation-failed', HOUR, { ...(step && { step }), ...given });

/** The commands, each by the two or three words that name its effect. */
function does(code: FindingCode, given: Facts, versionId?: string | null): readonly string[] {
  return explain(finding(code, versionId), given, NOW).advice.flatMap(({ commands }) =>
    commands.map((command) => {
      const [, service, operation] = command.split(' ');
      const step = /"Step":"(\w+)"/.exec(command)?.[1];
      const stage = /--version-stage ([\w-]+) (--remove|--move)/.exec(command)?.slice(1).join(' ');
      return [service, operation, step ?? stage].filter((word) => word !== undefined).join(' ');
    }),
  );
}

const LOGS = ['logs filter-log-events', 'lambda get-function-configuration'];
const LABEL = 'secretsmanager update-secret-version-stage';
const KEEP = `${LABEL} rotation-rescue --move`;
const FREE = `${LABEL} rotation-rescue --remove`;
const REMOVE = `${LABEL} AWSPENDING --remove`;
const PUT_BACK = `${LABEL} AWSPENDING --move`;
const PROMOTE = `${LABEL} AWSCURRENT --move`;
const ROTATE = 'secretsmanager rotate-secret';
const TEST = 'lambda invoke testSecret';
const FINISH = 'lambda invoke finishSecret';
const pending = aPending(2 * HOUR);

test.each<[string, Evidence['step'], readonly string[]]>([
  ['before setSecret', 'createSecret', [...LOGS, KEEP, REMOVE, TEST, FINISH, ROTATE, FREE]],
  ['at setSecret', 'setSecret', [...LOGS, KEEP, REMOVE, TEST, FINISH, PROMOTE, ROTATE, FREE]],
  ['after setSecret', 'testSecret', [TEST, FINISH, PROMOTE, KEEP, REMOVE, ...LOGS, ROTATE, FREE]],
  ['at the last step', 'finishSecret', [TEST, FINISH, PROMOTE, KEEP, REMOVE, ...LOGS, ROTATE, FREE]],
  ['at an unknown step', undefined, [...LOGS, KEEP, REMOVE, TEST, FINISH, ROTATE, FREE]],
])('advice for a function that fails %s', (_case, step, expected) => {
  const given = facts({ pending, evidence: [failed(step)] });
  for (const code of ['stuck-pending', 'rotation-failed', 'rotation-retries-exhausted'] as const) {
    expect(does(code, given)).toEqual(expected);
  }
});

test('advice reads the log first where users alternate, because nothing is at risk', () => {
  const policy = aPolicy({ strategy: 'alternating-users' });
  const given = facts({ pending, policy, evidence: [failed('testSecret')] });
  expect(does('stuck-pending', given).slice(0, 3)).toEqual([...LOGS, TEST]);
});

test('advice names the log group that the function has', () => {
  const { configuration } = anInspection();
  const own = configuration && { ...configuration, logGroup: '/own/group' };
  const examination = anExamination({ inspection: anInspection({ configuration: own }) });
  const given = facts({ pending, evidence: [failed('createSecret')], examination });
  const [first] = explain(finding('stuck-pending'), given, NOW).advice;
  expect(first?.commands).toHaveLength(1);
  expect(first?.commands[0]).toContain('--log-group-name /own/group ');
});

test('every "only if" of an advice has its "if not"', () => {
  for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret', undefined] as const) {
    for (const rotationEnabled of [true, false]) {
      const given = facts({ pending, secret: { rotationEnabled }, evidence: [failed(step)] });
      const texts = explain(finding('stuck-pending'), given, NOW)
        .advice.map(({ text }) => text)
        .join('\n');
      expect(texts).toMatch(/prove that AWSCURRENT still logs in.*\. Only if it does/);
      expect(texts).toMatch(/If (AWSCURRENT does not log in, prove|testSecret fails, prove)/);
      expect(texts).toMatch(/If neither logs in, .*stopped.*locked.*host or port.*administrator/);
    }
  }
});

test('advice keeps a version by a label that is free, once', () => {
  const kept = (stages: Secret['versionStages']) =>
    explain(finding('stuck-pending'), facts({ pending, secret: { versionStages: stages } }), NOW)
      .advice.flatMap(({ commands }) => commands)
      .flatMap(
        (command) => /--version-stage (rotation-rescue\S*) (--\w+)/.exec(command)?.slice(1).join(' ') ?? [],
      );
  const usual = { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['AWSPENDING'] };
  expect(kept(usual)).toEqual(['rotation-rescue --move', 'rotation-rescue --remove']);
  expect(kept({ ...usual, [PREVIOUS]: ['rotation-rescue'] })).toEqual([
    'rotation-rescue-2 --move',
    'rotation-rescue-2 --remove',
  ]);
  expect(kept({ ...usual, [PENDING]: ['AWSPENDING', 'rotation-rescue'] })).toEqual([
    'rotation-rescue --remove',
  ]);
});

test('advice frees a label first where all twenty are in use', () => {
  const own = Array.from({ length: 18 }, (_, index) => `release-${index}`);
  const versionStages = { [CURRENT]: ['AWSCURRENT', ...own], [PENDING]: ['AWSPENDING'] };
  const given = facts({ pending, secret: { versionStages }, evidence: [failed('testSecret')] });
  const { advice, why } = explain(finding('stuck-pending'), given, NOW);
  expect(advice[0]?.text).toContain('All 20 staging labels of the secret are in use');
  expect(advice[0]?.text).toContain('release-0');
  expect(advice[1]?.commands[0]).toContain('--version-stage release-0 --remove-from-version-id');
  expect(why.join('\n')).toContain('All staging labels that a secret may have are in use');
  const full = { versionStages: { [CURRENT]: ['AWSCURRENT', 'AWSPREVIOUS', ...own] } };
  const owned = { ...full, rotationFunctionArn: undefined, owningService: 'rds' };
  for (const secret of [full, owned]) {
    const overdue = explain(finding('rotation-overdue', null), facts({ secret }), NOW);
    expect(overdue.advice[0]?.text).toContain('All 20 staging labels');
  }
});

test('advice takes no failure for one before setSecret when another attempt has begun since or a step is missing', () => {
  const since = (later: Evidence) => {
    const given = facts({ pending, evidence: [failed('createSecret'), later] });
    return explain(finding('stuck-pending'), given, NOW).advice.find(({ commands }) =>
      commands.some((command) => command.includes('AWSPENDING --remove')),
    );
  };
  expect(since(failed('createSecret'))?.text).toContain('setSecret had not begun');
  expect(since(anEvidence('rotation-started', 1))?.text).toContain('prove that AWSCURRENT still logs in');
  expect(since(failed(undefined))?.text).toContain('prove that AWSCURRENT still logs in');
});

test('advice asks for no rotation while another version is pending than the one that was lost', () => {
  const lost = [
    failed('setSecret', { versionId: CURRENT }),
    anEvidence('pending-vanished', 1, { versionId: CURRENT }),
  ];
  expect(does('pending-abandoned', facts({ pending, evidence: lost }), CURRENT)).not.toContain(ROTATE);
});

test('advice for a cancelled rotation settles the label and switches rotation on again', () => {
  expect(does('rotation-cancelled', facts({ pending, secret: { rotationEnabled: false } }))).toEqual([
    KEEP,
    REMOVE,
    TEST,
    FINISH,
    KEEP,
    REMOVE,
    ROTATE,
    'secretsmanager describe-secret',
    PUT_BACK,
    TEST,
    FINISH,
    ROTATE,
    FREE,
  ]);
});

test('advice for an overdue rotation looks at the invocation first', () => {
  expect(does('rotation-overdue', facts(), null)).toEqual(['lambda get-policy', ...LOGS, ROTATE]);
});

test('advice for rotation that was switched off asks who did it', () => {
  const off = facts({ secret: { rotationEnabled: false } });
  expect(does('rotation-silently-disabled', off, null)).toEqual(['cloudtrail lookup-events', ROTATE, ROTATE]);
  const { advice } = explain(finding('rotation-silently-disabled', null), off, NOW);
  expect(advice.map(({ text }) => text).join(' ')).toMatch(
    /on purpose, acknowledge.*If it was not, rotate: this changes/,
  );
  expect(advice[2]?.commands[0]).toContain('--no-rotate-immediately');
});

test('advice for a secret without a current version lists its versions', () => {
  const given = facts({ secret: { versionStages: {} } });
  expect(does('no-current-version', given, null)).toEqual(['secretsmanager list-secret-version-ids', ROTATE]);
});

test('advice for a rotation without a current version has a value provided first', () => {
  const given = facts({
    pending,
    secret: { versionStages: { [PENDING]: ['AWSPENDING'] } },
    evidence: [failed('createSecret')],
  });
  expect(does('stuck-pending', given)).toEqual([
    'secretsmanager list-secret-version-ids',
    ...LOGS,
    KEEP,
    REMOVE,
    TEST,
    FINISH,
    ROTATE,
    FREE,
  ]);
  expect(explain(finding('stuck-pending'), given, NOW).credentialInUse).toBe('broken');
});

test.each(['setSecret', 'testSecret'] as const)(
  'advice for a version lost after %s keeps it, and brings its label back only to let the function prove it',
  (step) => {
    const evidence = [failed(step), anEvidence('pending-vanished', 1)];
    const recovering = [KEEP, PUT_BACK, TEST, FINISH, REMOVE, ...LOGS, ROTATE, FREE];
    expect(does('pending-abandoned', facts({ evidence }), PENDING)).toEqual(recovering);
    const kept = { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['rotation-rescue'] };
    const again = facts({ evidence, secret: { versionStages: kept } });
    expect(does('pending-abandoned', again, PENDING)).toEqual(recovering.slice(1));
    const off = facts({ evidence, secret: { rotationEnabled: false } });
    expect(does('pending-abandoned', off, PENDING)).toEqual([KEEP, ROTATE, ...recovering.slice(1)]);
  },
);

test('advice for a version that was not created by the function names the remedy', () => {
  const given = facts({ pending, evidence: [failed(undefined, { notCreatedByFunction: true })] });
  const { advice } = explain(finding('stuck-pending'), given, NOW);
  expect(advice.map(({ text }) => text).join('\n')).toContain('RotationToken');
});

test('advice for a rotation that will not heal leaves out the log when the event has named the cause', () => {
  const refused = facts({ pending, evidence: [failed(undefined, { notCreatedByFunction: true })] });
  expect(does('rotation-will-not-heal', refused)).toEqual([KEEP, REMOVE, TEST, FINISH, ROTATE, FREE]);
  const [first] = explain(finding('rotation-will-not-heal'), refused, NOW).advice;
  expect(first?.text).toContain('pass the RotationToken of its event to PutSecretValue');
  const repeated = facts({ pending, evidence: [failed('setSecret')] });
  expect(does('rotation-will-not-heal', repeated).slice(0, 4)).toEqual([...LOGS, KEEP, REMOVE]);
});

test('advice for a cancelled rotation warns that functions refuse to work while rotation is off', () => {
  const text = (rotationEnabled: boolean) => {
    const given = facts({ pending, secret: { rotationEnabled }, evidence: [failed('testSecret')] });
    return explain(finding('rotation-cancelled'), given, NOW).advice[0]?.text;
  };
  expect(text(false)).toContain('proves nothing about the target');
  expect(text(true)).not.toContain('proves nothing');
});

test('advice for a failed test tests again without rotating, unless a rotation has begun', () => {
  const evidence = [anEvidence('test-rotation-failed', HOUR, { step: 'testSecret' })];
  const idle = facts({ evidence });
  expect(does('test-rotation-failed', idle, null)).toEqual([...LOGS, ROTATE, ROTATE]);
  const { advice, credentialInUse, why } = explain(finding('test-rotation-failed', null), idle, NOW);
  expect(advice.at(-1)?.commands[0]).toContain('--no-rotate-immediately');
  expect(credentialInUse).toBe('unknown');
  expect(why.join(' ')).toContain('TestRotationFailed arrived at 2026-11-21T09:00:00Z');
  const begun = facts({ evidence, pending: aPending(HOUR / 2) });
  expect(does('test-rotation-failed', begun, null)).toEqual(LOGS);
});

test('advice for a secret that RDS manages points to RDS', () => {
  const secret = { rotationFunctionArn: undefined, owningService: 'rds' };
  const given = facts({ pending, secret, evidence: [failed('testSecret')] });
  expect(does('stuck-pending', given)).toEqual([
    'secretsmanager describe-secret',
    'rds describe-db-instances',
    'rds describe-db-clusters',
    'rds modify-db-instance',
    'rds modify-db-cluster',
  ]);
});

test.each(['rotation-silently-disabled', 'rotation-cancelled'] as const)(
  'advice for a managed rotation that was switched off (%s) asks who did it, and switches it on again',
  (code) => {
    const secret = { rotationFunctionArn: undefined, owningService: 'rds', rotationEnabled: false };
    const { advice } = explain(finding(code, null), facts({ secret }), NOW);
    expect(does(code, facts({ secret }), null)).toEqual(['cloudtrail lookup-events', ROTATE, ROTATE]);
    expect(advice[1]?.commands[0]).toContain(`--rotation-rules '{"ScheduleExpression":"rate(30 days)"}'`);
    expect(advice[1]?.text).toContain('rotates at once');
    expect(advice[2]?.commands[0]).toContain('--no-rotate-immediately');
    const unruled = facts({ secret: { ...secret, rotationRules: undefined } });
    expect(explain(finding(code, null), unruled, NOW).advice[1]?.commands[0]).toContain(
      '"AutomaticallyAfterDays":7',
    );
  },
);

test('advice for other managed secrets points to the owning service', () => {
  const secret = { rotationFunctionArn: undefined, externalType: 'DatadogApiKey' };
  const { advice } = explain(finding('stuck-pending'), facts({ pending, secret }), NOW);
  expect(advice.map(({ text }) => text).join('\n')).toContain('DatadogApiKey');
});

test('advice for a secret without a function does not ask for a rotation AWS would refuse', () => {
  const given = facts({ pending, secret: { rotationFunctionArn: undefined } });
  expect(does('stuck-pending', given)).toEqual([KEEP, REMOVE, FREE]);
});

test('findings about what could not be looked at have advice of their own', () => {
  expect(does('unverifiable', facts(), null)).toEqual(['secretsmanager describe-secret']);
  expect(does('target-unreachable', facts(), null)).toEqual([]);
});

test('advice for an old value that AWS does not rotate asks what should have changed it', () => {
  const secret = { rotationEnabled: undefined, rotationFunctionArn: undefined, rotationRules: undefined };
  expect(does('rotation-overdue', facts({ secret }), null)).toEqual([
    'secretsmanager list-secret-version-ids',
    'cloudtrail lookup-events',
  ]);
  expect(explain(finding('rotation-overdue', null), facts({ secret }), NOW).advice[0]?.text).not.toContain(
    'function',
  );
});

test('advice for a failed test says what to do where AWSCURRENT does not log in', () => {
  const { advice } = explain(finding('test-rotation-failed', null), facts(), NOW);
  const texts = advice.map(({ text }) => text);
  const proof = texts.findIndex((text) => text.includes('prove that AWSCURRENT still logs in'));
  expect(texts[proof + 1]).toMatch(/^If it does not, rotate: this changes the password at the target now/);
  expect(texts[proof + 2]).toMatch(/^If it does, fix the cause. Then test again/);
});
