import { expect, test } from 'vitest';
import { DAY, HOUR, later } from '../../../../../../src/calendar/instant.ts';
import type { AuditException } from '../../../../../../src/monitor/domain/report/audit-exception.ts';
import { CONTROL_IDS, type ControlId } from '../../../../../../src/monitor/domain/report/control.ts';
import type { ControlFacts } from '../../../../../../src/monitor/domain/report/controls/control.ts';
import {
  CONTROL_JUDGES,
  type ControlCircumstances,
  judgeControls,
} from '../../../../../../src/monitor/domain/report/controls/register.ts';
import { observed, unknown } from '../../../../../../src/monitor/domain/report/figure.ts';
import type { Secret } from '../../../../../../src/monitor/domain/secret/secret.ts';
import { aSecret, NOW } from '../../../../../support/builders.ts';

type Figures = Partial<ControlFacts['figures']>;
interface Given extends Partial<Omit<ControlFacts, 'figures' | 'secret' | 'parameters'>> {
  readonly secret?: Partial<Secret>;
  readonly figures?: Figures;
  readonly parameters?: Partial<ControlFacts['parameters']>;
}

const facts = ({ secret, figures, parameters, ...given }: Given = {}): ControlFacts => {
  const own = aSecret({ lastAccessedAt: NOW, tags: { team: 'payments' }, ...secret });
  return {
    secret: own,
    figures: {
      secretArn: own.arn,
      secretName: own.name,
      account: own.account,
      region: own.region,
      owner: undefined,
      coverage: 'checked',
      coverageReason: undefined,
      createdAt: own.createdAt,
      deletedAt: undefined,
      rotationEnabled: true,
      schedule: 'rate(30 days)',
      windowsDue: observed(1),
      rotationsCompleted: observed(1),
      windowsMissed: observed(0),
      failures: observed(0),
      longestRepairMs: observed(0),
      longestExposureMs: observed(0),
      currentAgeMs: observed(20 * DAY),
      lastAccessedAt: { value: own.lastAccessedAt, basis: 'observed' },
      lastTestedAt: unknown('never'),
      windowsInBusinessHours: observed(0),
      slowerThanPolicy: observed(false),
      rotations: [],
      changes: [],
      exceptions: [],
      silence: undefined,
      findings: [],
      ...figures,
    },
    oldestAgeMs: 31 * DAY,
    isOldestWhole: true,
    isBehind: false,
    parameters: {
      maximumFrequencyMs: undefined,
      unusedAfterMs: 90 * DAY,
      maxAgeMs: 90 * DAY,
      requiredTagKeys: [],
      riskAnalysisFrequencyMs: 60 * DAY,
      ...parameters,
    },
    at: NOW,
    ...given,
  };
};
const NO_EXCEPTIONS: ControlCircumstances = { exceptions: [], isCritical: false };
const verdicts = (given: Given = {}, circumstances: ControlCircumstances = NO_EXCEPTIONS) =>
  judgeControls(facts(given), circumstances);
const statusOf = (control: ControlId, given: Given = {}, circumstances = NO_EXCEPTIONS) =>
  verdicts(given, circumstances).find((verdict) => verdict.control === control)?.status;

test('there is one control for each id, in the same order', () => {
  expect(CONTROL_JUDGES.map(({ id }) => id)).toEqual(CONTROL_IDS);
});

test('a secret that rotates, is used and is tagged meets all that is about it', () => {
  expect(new Set(verdicts().map(({ status }) => status))).toEqual(new Set(['ok']));
  for (const { reason, evidence } of verdicts()) {
    expect(reason).toMatch(/^[A-Z].*\.$/);
    expect(evidence.length).toBeGreaterThan(0);
  }
});

const LIMIT = 90 * DAY;

test.each<[string, ControlId, Given, string | undefined]>([
  ['rotation is off', 'SecretsManager.1', { figures: { rotationEnabled: false } }, 'alarm'],
  [
    'windows are too far apart',
    'SecretsManager.1',
    { parameters: { maximumFrequencyMs: 29 * DAY } },
    'alarm',
  ],
  [
    'windows are just as far apart as allowed',
    'SecretsManager.1',
    { parameters: { maximumFrequencyMs: 30 * DAY } },
    'ok',
  ],
  ['the last rotation due has not succeeded', 'SecretsManager.2', { isBehind: true }, 'alarm'],
  [
    'its next rotation is in the past',
    'SecretsManager.2',
    { secret: { nextRotationAt: later(NOW, -1) } },
    'alarm',
  ],
  [
    'a window was missed and made up for',
    'SecretsManager.2',
    { figures: { windowsMissed: observed(1) } },
    'info',
  ],
  ['rotation is off', 'SecretsManager.2', { figures: { rotationEnabled: false } }, 'skip'],
  [
    'nobody asked for too long',
    'SecretsManager.3',
    { figures: { lastAccessedAt: observed(later(NOW, -LIMIT - 1)) } },
    'alarm',
  ],
  [
    'somebody asked just in time',
    'SecretsManager.3',
    { figures: { lastAccessedAt: observed(later(NOW, -LIMIT)) } },
    'ok',
  ],
  [
    'nobody ever asked and it is new',
    'SecretsManager.3',
    {
      secret: { createdAt: later(NOW, -DAY) },
      figures: { lastAccessedAt: { value: undefined, basis: 'observed' } },
    },
    'ok',
  ],
  [
    'replicas were not asked about',
    'SecretsManager.3',
    { secret: { primaryRegion: 'eu-west-1' }, figures: { lastAccessedAt: observed(later(NOW, -LIMIT - 1)) } },
    'error',
  ],
  ['the value is too old', 'SecretsManager.4', { figures: { currentAgeMs: observed(LIMIT + 1) } }, 'alarm'],
  [
    'the value is as old as allowed',
    'SecretsManager.4',
    { figures: { currentAgeMs: observed(LIMIT) } },
    'ok',
  ],
  ['its age is unknown', 'SecretsManager.4', { figures: { currentAgeMs: unknown('no date') } }, 'error'],
  [
    'it has no tags of its own',
    'SecretsManager.5',
    { secret: { tags: { 'aws:cloudformation:stack-name': 'x' } } },
    'alarm',
  ],
  ['a required tag is missing', 'SecretsManager.5', { parameters: { requiredTagKeys: ['owner'] } }, 'alarm'],
  ['all required tags are there', 'SecretsManager.5', { parameters: { requiredTagKeys: ['team'] } }, 'ok'],
  [
    'it got older than the risk analysis allows',
    'PCI-DSS-4.0.1-8.6.3',
    { oldestAgeMs: 60 * DAY + 1 },
    'alarm',
  ],
  [
    'no risk analysis is given',
    'PCI-DSS-4.0.1-8.6.3',
    { parameters: { riskAnalysisFrequencyMs: undefined } },
    'skip',
  ],
  ['it is not a person’s', 'PCI-DSS-4.0.1-8.3.9', {}, undefined],
  [
    'it is a person’s',
    'PCI-DSS-4.0.1-8.3.9',
    { secret: { tags: { 'rotation-monitor:holder': 'person' } } },
    'ok',
  ],
  [
    'it is a person’s and too old',
    'PCI-DSS-4.0.1-8.3.9',
    { secret: { tags: { 'rotation-monitor:holder': 'person' } }, oldestAgeMs: LIMIT + 1 },
    'alarm',
  ],
  ['it got older than the organization allows', 'NIST-800-53-r5-IA-5-f', { oldestAgeMs: LIMIT + 1 }, 'alarm'],
  ['nobody knows how old it got', 'NIST-800-53-r5-IA-5-f', { oldestAgeMs: undefined }, 'error'],
])('where %s, %s says so', (_case, control, given, expected) => {
  expect(statusOf(control, given)).toBe(expected);
});

const DELETED = { figures: { deletedAt: later(NOW, -DAY) } };
const PERSON = { secret: { tags: { 'rotation-monitor:holder': 'person' } } };

test('of a deleted secret each control that is about it says that nothing is judged', () => {
  expect(statusOf('SecretsManager.1', DELETED)).toBe('skip');
  expect(statusOf('PCI-DSS-4.0.1-8.3.9', { ...DELETED, ...PERSON })).toBe('skip');
  expect(statusOf('PCI-DSS-4.0.1-8.3.9', DELETED)).toBeUndefined();
});

test('of a secret that is gone nobody knows whether it was a person’s', () => {
  const gone = verdicts({ ...DELETED, isGone: true, secret: { tags: {} } });
  const reasonOf = (id: ControlId) => gone.find(({ control }) => control === id)?.reason;
  expect(reasonOf('SecretsManager.1')).toMatch(/deleted at \S+Z\.$/);
  expect(reasonOf('PCI-DSS-4.0.1-8.3.9')).toMatch(/deleted at .* tags .* not known\.$/);
});

const exception = (given: Partial<AuditException> = {}): AuditException => ({
  secretArn: aSecret().arn,
  control: 'SecretsManager.1',
  reason: 'moves to another service',
  ticket: 'SEC-7',
  requestedBy: 'alice',
  approvedBy: 'bob',
  grantedAt: later(NOW, -DAY),
  until: later(NOW, DAY),
  ...given,
});
const OFF = { figures: { rotationEnabled: false } };

test('an exception in force makes the verdict skip, also where it would be ok', () => {
  const circumstances = { exceptions: [exception()], isCritical: false };
  expect(statusOf('SecretsManager.1', OFF, circumstances)).toBe('skip');
  expect(statusOf('SecretsManager.1', {}, circumstances)).toBe('skip');
  expect(statusOf('SecretsManager.4', OFF, circumstances)).toBe('ok');
  const [verdict] = verdicts(OFF, circumstances);
  expect(verdict?.evidence.at(-1)).toBe('Without the exception: alarm, Automatic rotation is off.');
  expect(verdict?.exception?.ticket).toBe('SEC-7');
});

test('an exception that is over, or not begun, changes nothing', () => {
  for (const given of [{ until: NOW }, { grantedAt: later(NOW, HOUR) }]) {
    const circumstances = { exceptions: [exception(given)], isCritical: false };
    expect(statusOf('SecretsManager.1', OFF, circumstances)).toBe('alarm');
  }
});

test('no exception hides a CRITICAL alert', () => {
  const circumstances = { exceptions: [exception()], isCritical: true };
  const [verdict] = verdicts(OFF, circumstances);
  expect(verdict).toMatchObject({ status: 'alarm', exception: { ticket: 'SEC-7' } });
  expect(verdict?.reason).toContain('CRITICAL');
});
