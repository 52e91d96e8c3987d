import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { aFullMonitor, aMember, aMonitorOfMany } from '../../infra/templates/monitor-stack.ts';

/** A stack with an alarm that looks at nothing. */
function aPlantedFault(scope: Construct): Stack {
  const stack = new Stack(scope, 'planted');
  new CfnResource(stack, 'Alarm', {
    type: 'AWS::CloudWatch::Alarm',
    properties: { ComparisonOperator: 'Above', EvaluationPeriods: 'three' },
  });
  return stack;
}

/** Stages of one app, each with a stack: the rules, which take seconds to load, are loaded once. */
const STAGES: Readonly<Record<string, (scope: Construct) => Stack>> = {
  Full: aFullMonitor,
  Many: aMonitorOfMany,
  Member: aMember,
  Planted: aPlantedFault,
};

const reportSchema = z.object({
  pluginReports: z.array(
    z.object({
      violations: z.array(
        z.object({
          description: z.string(),
          violatingConstructs: z.array(z.object({ constructPath: z.string() })),
        }),
      ),
    }),
  ),
});

/** The CDK's objections, by CloudFormation's own schemas: the construct, and the fault in words. */
let faults: readonly (readonly [path: string, fault: string])[];
beforeAll(() => {
  vi.stubEnv('CDK_VALIDATION', 'true');
  const app = new App();
  for (const [name, stack] of Object.entries(STAGES)) stack(new Stage(app, name));
  const report = readFileSync(join(app.synth().directory, 'validation-report.json'), 'utf8');
  const { pluginReports } = reportSchema.parse(JSON.parse(report));
  faults = pluginReports
    .flatMap(({ violations }) => violations)
    .flatMap(({ description, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => [constructPath, description] as const),
    );
});

test('CloudFormation would take the template of a full monitor, of one of many accounts, and of a member', () => {
  expect(faults.filter(([path]) => !path.startsWith('Planted/'))).toEqual([]);
});

test('it would not take an alarm that looks at nothing', () => {
  expect(faults).toContainEqual([
    'Planted/planted/Alarm',
    "EvaluationPeriods: 'three' is not of type 'integer'",
  ]);
});
