import { expect, test } from 'vitest';
import { HOUR } from '../../../../../src/calendar/instant.ts';
import type { Facts } from '../../../../../src/monitor/domain/detect/detector.ts';
import { explain } from '../../../../../src/monitor/domain/explain/explain.ts';
import type { FindingCode } from '../../../../../src/monitor/domain/finding/finding.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import { anEvidence, aPending, CURRENT, facts, NOW, PENDING } from '../../../../support/builders.ts';

const finding = (code: FindingCode, pendingVersionId: string | undefined = PENDING) =>
  ({ code, severity: 'HIGH', since: NOW, pendingVersionId, what: '' }) as const;

const failed = (step: Evidence['step'], given: Partial<Evidence> = {}) =>
  anEvidence('rotation-failed', HOUR, { ...(step && { step }), ...given });

/** The commands, each by the two or three words that tell what it does. */
function does(code: FindingCode, given: Facts, pendingVersionId?: string): readonly string[] {
  return explain(finding(code, pendingVersionId), given, NOW).advice.flatMap(({ commands }) =>
    commands.map((command) => {
      const [, service, operation] = command.split(' ');
      const step = /"Step":"(\w+)"/.exec(command)?.[1];
      const stage = /--version-stage (\w+) (--remove|--move)/.exec(command)?.slice(1).join(' ');
      return [service, operation, step ?? stage].filter((word) => word !== undefined).join(' ');
    }),
  );
}

const LOGS = 'logs filter-log-events';
const REMOVE = 'secretsmanager update-secret-version-stage AWSPENDING --remove';
const ROTATE = 'secretsmanager rotate-secret';
const pending = aPending(2 * HOUR);
const FINISH = [
  'lambda invoke testSecret',
  'lambda invoke finishSecret',
  'secretsmanager update-secret-version-stage AWSCURRENT --move',
  REMOVE,
];

test.each<[string, Evidence['step'], readonly string[]]>([
  ['before setSecret', 'createSecret', [LOGS, REMOVE, ROTATE]],
  ['at setSecret', 'setSecret', [LOGS, REMOVE, ROTATE]],
  ['after setSecret', 'testSecret', [LOGS, ...FINISH, ROTATE]],
  ['at the last step', 'finishSecret', [LOGS, ...FINISH, ROTATE]],
  ['at an unknown step', undefined, [LOGS, REMOVE, ROTATE]],
])('advice for a function that fails %s', (_case, step, expected) => {
  const given = facts({ pending, evidence: [failed(step)] });
  for (const code of ['stuck-pending', 'rotation-failed', 'rotation-retries-exhausted'] as const) {
    expect(does(code, given)).toEqual(expected);
  }
});

test('advice takes no failure for one before setSecret when another attempt has begun since or a step is missing', () => {
  const since = (later: Evidence) => {
    const given = facts({ pending, evidence: [failed('createSecret'), later] });
    return explain(finding('stuck-pending'), given, NOW).advice.find(({ commands }) =>
      commands[0]?.includes('--remove'),
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
  expect(does('pending-abandoned', facts({ pending, evidence: lost }), CURRENT)).toEqual([LOGS]);
});

test('advice for a cancelled rotation settles the label and switches rotation on again', () => {
  expect(does('rotation-cancelled', facts({ pending, secret: { rotationEnabled: false } }))).toEqual([
    REMOVE,
    ROTATE,
  ]);
});

test('advice for an overdue rotation looks at the invocation first', () => {
  expect(does('rotation-overdue', facts(), undefined)).toEqual(['lambda get-policy', LOGS, ROTATE]);
});

test('advice for rotation that was switched off asks who did it', () => {
  const off = facts({ secret: { rotationEnabled: false } });
  expect(does('rotation-silently-disabled', off, undefined)).toEqual(['cloudtrail lookup-events', ROTATE]);
});

test('advice for a secret without a current version lists its versions', () => {
  const given = facts({ secret: { versionStages: {} } });
  expect(does('no-current-version', given, undefined)).toEqual([
    'secretsmanager list-secret-version-ids',
    ROTATE,
  ]);
});

test('advice for a rotation without a current version has a value provided first', () => {
  const given = facts({
    pending,
    secret: { versionStages: { [PENDING]: ['AWSPENDING'] } },
    evidence: [failed('createSecret')],
  });
  expect(does('stuck-pending', given)).toEqual([
    'secretsmanager list-secret-version-ids',
    LOGS,
    REMOVE,
    ROTATE,
  ]);
  expect(explain(finding('stuck-pending'), given, NOW).credentialInUse).toBe('broken');
});

test('advice for a lost version brings its label back only to let the function prove it', () => {
  const lost = facts({ evidence: [failed('testSecret'), anEvidence('pending-vanished', 1)] });
  expect(does('pending-abandoned', lost, PENDING)).toEqual([
    LOGS,
    'secretsmanager update-secret-version-stage AWSPENDING --move',
    'lambda invoke testSecret',
    'lambda invoke finishSecret',
    ROTATE,
  ]);
  const unproven = facts({ evidence: [failed('setSecret'), anEvidence('pending-vanished', 1)] });
  expect(does('pending-abandoned', unproven, PENDING)).toEqual([LOGS, ROTATE]);
});

test('advice for a version that was not created by the function names the remedy', () => {
  const given = facts({ pending, evidence: [failed(undefined, { notCreatedByFunction: true })] });
  const { advice } = explain(finding('stuck-pending'), given, NOW);
  expect(advice.map(({ text }) => text).join('\n')).toContain('RotationToken');
});

test('advice for a rotation that will not heal leaves out the log when the event has named the cause', () => {
  const refused = facts({ pending, evidence: [failed(undefined, { notCreatedByFunction: true })] });
  expect(does('rotation-will-not-heal', refused)).toEqual([REMOVE, ROTATE]);
  const [first] = explain(finding('rotation-will-not-heal'), refused, NOW).advice;
  expect(first?.text).toContain('pass the RotationToken of its event to PutSecretValue');
  const repeated = facts({ pending, evidence: [failed('setSecret')] });
  expect(does('rotation-will-not-heal', repeated)).toEqual([LOGS, REMOVE, ROTATE]);
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
  expect(does('test-rotation-failed', idle, undefined)).toEqual([LOGS, ROTATE]);
  const { advice, credentialInUse, why } = explain(finding('test-rotation-failed', undefined), idle, NOW);
  expect(advice.at(-1)?.commands[0]).toContain('--no-rotate-immediately');
  expect(credentialInUse).toBe('unknown');
  expect(why.join(' ')).toContain('TestRotationFailed told of it at 2026-11-21T09:00:00Z');
  const begun = facts({ evidence, pending: aPending(HOUR / 2) });
  expect(does('test-rotation-failed', begun, undefined)).toEqual([LOGS]);
});

test('advice for a secret that RDS manages points to RDS', () => {
  const secret = { rotationFunctionArn: undefined, owningService: 'rds' };
  const given = facts({ pending, secret, evidence: [failed('testSecret')] });
  expect(does('stuck-pending', given)).toEqual([
    'secretsmanager describe-secret',
    'rds describe-db-instances',
    'rds describe-db-clusters',
  ]);
  const { advice } = explain(finding('stuck-pending'), given, NOW);
  expect(advice.at(-1)?.text).toContain('--rotate-master-user-password --apply-immediately');
});

test('advice for other managed secrets points to the owning service', () => {
  const secret = { rotationFunctionArn: undefined, externalType: 'DatadogApiKey' };
  const { advice } = explain(finding('stuck-pending'), facts({ pending, secret }), NOW);
  expect(advice.map(({ text }) => text).join('\n')).toContain('DatadogApiKey');
});

test('advice for a secret without a function does not ask for a rotation AWS would refuse', () => {
  const given = facts({ pending, secret: { rotationFunctionArn: undefined } });
  expect(does('stuck-pending', given)).toEqual([REMOVE]);
});

test('findings about what could not be looked at have advice of their own', () => {
  expect(does('unverifiable', facts(), undefined)).toEqual(['secretsmanager describe-secret']);
  expect(does('target-unreachable', facts(), undefined)).toEqual([]);
});
