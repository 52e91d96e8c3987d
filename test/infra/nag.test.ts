import { App, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { acknowledgeWildcards } from '../../infra/permissions/wildcards.ts';
import { aFullMonitor, aMember, aMonitorOfMany } from '../../infra/templates/monitor-stack.ts';

/** Returns cdk-nag's AwsSolutions findings in the app of a stack; empty when there are none. */
function findings(stack: Stack): string {
  const app = App.of(stack);
  if (!App.isApp(app)) throw new Error('The stack has no app');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  try {
    app.synth();
    return '';
  } catch (error) {
    return String(error);
  }
}

test.each([
  ['a monitor', aMonitorOfMany],
  ['a member', aMember],
])('cdk-nag AwsSolutions has no finding about %s that is not acknowledged', (_case, stack) => {
  expect(findings(stack())).toBe('');
});

test('cdk-nag would find a topic that anybody may publish to without TLS', () => {
  const stack = aFullMonitor();
  new Topic(stack, 'Careless');
  expect(findings(stack)).toContain('AwsSolutions-SNS3');
});

test('a wildcard without a reason is refused', () => {
  const stack = new Stack();
  const statement = new PolicyStatement({ sid: 'Everything', actions: ['s3:GetObject'], resources: ['*'] });
  expect(() => acknowledgeWildcards(stack, [statement])).toThrow(
    'Cannot allow "Everything" on "*": no reason is given',
  );
});
