import * as z from 'zod';
import type { Simulator } from '../../simulator/simulator.ts';
import { ofType } from './deployed-resources.ts';
import { SECRET_SUFFIX } from './resolve.ts';
import type { TemplateResource } from './template.ts';

/** Makes a secret with the ARN that the other resources refer to. */
export async function deploySecret(simulator: Simulator, { id }: TemplateResource): Promise<void> {
  simulator.secretsManager.seed({ name: id, arnSuffix: SECRET_SUFFIX, kind: 'none' });
}

const permissionSchema = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.literal('secretsmanager.amazonaws.com'),
  SourceAccount: z.string(),
});

/** Makes a function that runs already one that rotates secrets, by whomever its permission lets in. */
export async function deployPermission(
  simulator: Simulator,
  { id, properties }: TemplateResource,
  all: readonly TemplateResource[],
): Promise<void> {
  const permission = permissionSchema.parse(properties);
  const resource = ofType(all, 'AWS::Lambda::Function').find((each) =>
    permission.FunctionName.endsWith(`:${String(each.properties['FunctionName'])}`),
  );
  if (resource === undefined) throw new Error(`There is no function ${permission.FunctionName}`);
  const name = String(resource.properties['FunctionName']);
  simulator.secretsManager.functions.register({
    name,
    behaviour: 'healthy',
    handler: (request) => simulator.functions.invoke(name, request),
    configuration: { policy: [], timeoutSeconds: Number(resource.properties['Timeout']) },
  });
  await simulator.call('lambda', 'AddPermission', { StatementId: id, ...permission }, 'cloudformation');
}

const rotationSchema = z.strictObject({
  SecretId: z.string(),
  RotationLambdaARN: z.string(),
  RotationRules: z.looseObject({ ScheduleExpression: z.string() }),
});

/** Switches rotation on, and rotates at once, as CloudFormation does. */
export async function deployRotation(simulator: Simulator, { properties }: TemplateResource): Promise<void> {
  const ClientRequestToken = '0c0c0c0c-0000-4000-8000-000000000001';
  const rotation = { ...rotationSchema.parse(properties), ClientRequestToken };
  await simulator.call('secretsmanager', 'RotateSecret', rotation, 'cloudformation');
}
