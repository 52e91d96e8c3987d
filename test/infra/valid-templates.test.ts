import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnResource, type Stack } from 'aws-cdk-lib';
import { expect, test, vi } from 'vitest';
import { aFullMonitor, aMember, aMonitorOfMany } from '../../infra/templates/monitor-stack.ts';

/** Returns the CDK's objections to the template of a stack, by CloudFormation's own schemas. */
function faults(stack: Stack): unknown {
  vi.stubEnv('CDK_VALIDATION', 'true');
  const app = App.of(stack);
  if (!App.isApp(app)) throw new Error('The stack has no app');
  const report = readFileSync(join(app.synth().directory, 'validation-report.json'), 'utf8');
  return JSON.parse(report);
}

test.each([
  ['a full monitor', aFullMonitor],
  ['a monitor of many accounts', aMonitorOfMany],
  ['a member', aMember],
])('CloudFormation would take the template of %s', (_name, stack) => {
  expect(faults(stack())).toMatchObject({ pluginReports: [] });
});

test('it would not take an alarm that looks at nothing', () => {
  const stack = aMember();
  new CfnResource(stack, 'Alarm', {
    type: 'AWS::CloudWatch::Alarm',
    properties: { ComparisonOperator: 'Above', EvaluationPeriods: 'three' },
  });
  expect(JSON.stringify(faults(stack))).toContain('EvaluationPeriods');
});
