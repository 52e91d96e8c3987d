import { describe, expect, test } from 'vitest';
import { HOUR } from '../../../../../src/calendar/instant.ts';
import type { Examination } from '../../../../../src/monitor/domain/examine/examination.ts';
import { explain } from '../../../../../src/monitor/domain/explain/explain.ts';
import { aFinding } from '../../../../support/alerts.ts';
import { anEvidence, aPending, facts, NOW } from '../../../../support/builders.ts';
import { anExamination, anInspection, FUNCTION, GONE } from '../../../../support/inspections.ts';

const explained = (examination: Examination | undefined, given: Parameters<typeof facts>[0] = {}) =>
  explain(aFinding(), facts({ pending: aPending(2 * HOUR), examination, ...given }), NOW);
const texts = (examination: Examination | undefined): readonly string[] =>
  explained(examination).advice.map(({ text }) => text);
const commands = (examination: Examination | undefined): string =>
  explained(examination)
    .advice.flatMap((advice) => advice.commands)
    .join('\n');

const inspected = (given: Parameters<typeof anInspection>[0]): Examination =>
  anExamination({ inspection: anInspection(given), changes: undefined });
const { configuration, activity } = anInspection();

describe('what an inspection shows', () => {
  test('a healthy function adds nothing but its figures', () => {
    const plain = explained(undefined);
    const { why, advice } = explained(inspected({}));
    expect(why.filter((line) => !plain.why.includes(line))).toEqual([
      'From 2026-11-21T09:00:00Z to 2026-11-21T10:00:00Z CloudWatch counted 4 invocations of the rotation function, 0 errors and 0 throttles.',
    ]);
    expect(advice.slice(1)).toEqual(plain.advice.slice(1));
    expect(advice[0]?.commands).toHaveLength(1);
  });

  test.each([
    ['The rotation function does not exist.', GONE],
    ['does not let secretsmanager.amazonaws.com invoke it for this secret', anInspection({ grants: [] })],
    ['The reserved concurrency of the rotation function is 0', anInspection({ reservedConcurrency: 0 })],
    [
      'in the state Failed (SubnetOutOfIPAddresses) and cannot be invoked',
      anInspection({
        configuration: configuration && {
          ...configuration,
          state: 'Failed',
          stateReasonCode: 'SubnetOutOfIPAddresses',
        },
      }),
    ],
    [
      'ran into its timeout of 30 s',
      anInspection({ activity: activity && { ...activity, longestMs: 29_990 } }),
    ],
    [
      'python3.9, has been past its end of support since 2025-12-15',
      anInspection({ configuration: configuration && { ...configuration, runtime: 'python3.9' } }),
    ],
  ])('is explained: %s', (words, inspection) => {
    const { why } = explained(anExamination({ inspection }));
    expect(why.join('\n')).toContain(words);
  });

  test('an idle function is as good as an active one', () => {
    const idle = configuration && { ...configuration, state: 'Inactive' };
    expect(explained(inspected({ configuration: idle })).why.join()).not.toContain('cannot be invoked');
  });

  test('an invocation that ended in time did not run into the timeout', () => {
    const quick = activity && { ...activity, longestMs: 29_000 };
    expect(explained(inspected({ activity: quick })).why.join()).not.toContain('timeout');
  });
});

describe('what could not be seen', () => {
  test('is named with the permission it takes, by its reason', () => {
    const unseen = [
      { permission: 'lambda:GetPolicy', reason: 'denied' },
      { permission: 'cloudwatch:GetMetricData', reason: 'denied' },
      { permission: 'lambda:GetFunctionConcurrency', reason: 'throttled' },
    ];
    const changesUnseen = { permission: 'cloudtrail:LookupEvents', reason: 'denied' };
    const { why } = explained(
      anExamination({ inspection: anInspection({ activity: undefined, unseen }), changesUnseen }),
    );
    expect(why.slice(-3)).toEqual([
      'The rotation function could not be examined: access denied (lambda:GetPolicy, cloudwatch:GetMetricData).',
      'The rotation function could not be examined: throttled (lambda:GetFunctionConcurrency).',
      'The history of changes could not be examined: access denied (cloudtrail:LookupEvents).',
    ]);
  });

  test('does not take back what was proven before', () => {
    const evidence = [anEvidence('function-gone', HOUR, { functionArn: FUNCTION })];
    const { why, advice } = explained(undefined, { evidence });
    expect(why).toContain('The rotation function does not exist.');
    expect(advice[0]?.text).toContain('deploy it again');
  });
});

describe('what to do', () => {
  test('about a function that is gone comes first, and its log is not read', () => {
    const examination = anExamination({ inspection: GONE });
    expect(texts(examination)[0]).toContain('deploy it again under this name');
    expect(commands(examination)).not.toContain('aws logs');
    expect(commands(examination)).toContain("--query '[State,StateReason,Runtime,Timeout,LastModified]'");
  });

  test('about one that may not be invoked is to permit it, for the account alone', () => {
    expect(commands(inspected({ grants: [] }))).toContain(
      `aws lambda add-permission --function-name ${FUNCTION} --statement-id SecretsManagerRotation-${aFinding().since} --action lambda:InvokeFunction --principal secretsmanager.amazonaws.com --source-account 111122223333 --region eu-west-1`,
    );
  });

  test('about a throttled one is to ask before it is let loose, and its log is read', () => {
    const examination = inspected({ reservedConcurrency: 0 });
    expect(texts(examination)[0]).toContain('whether it was stopped on purpose');
    expect(commands(examination)).toContain('delete-function-concurrency');
    expect(commands(examination)).toContain('aws logs');
  });

  test('about a retired runtime comes after the log', () => {
    const retired = configuration && { ...configuration, runtime: 'python3.9' };
    const [first, second] = texts(inspected({ configuration: retired }));
    expect(first).toContain('Read the log of the rotation function');
    expect(second).toContain('Move the rotation function from python3.9');
  });
});

test('what changed goes with the explanation', () => {
  const changes = [{ at: NOW, who: 'alex', what: 'deleted the rotation function' }];
  expect(explained(anExamination({ changes })).changes).toEqual(changes);
  expect(explained(undefined).changes).toBeUndefined();
});
