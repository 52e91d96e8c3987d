import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AgentLayer, InvalidationTopic, SecretRotationFunction } from '../../infra/rotation-monitor.ts';
import { aMonitorOfMany, stubHandlers } from '../../infra/templates/monitor-stack.ts';

/** Names of the CloudFormation templates that are shipped. */
const SHIPPED = ['home', 'home-full', 'member', 'drill'] as const;

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/db-AbCdEf';
const LAYER = 'arn:aws:lambda:eu-west-1:111122223333:layer:agent:1';

/** An application that rotates its secret itself and follows rotations, with a local agent in its function. */
function anApplication(): Stack {
  const stack = new Stack(new App(), 'orders', { env: { account: '111122223333', region: 'eu-west-1' } });
  const secret = Secret.fromSecretCompleteArn(stack, 'Secret', SECRET);
  new SecretRotationFunction(stack, 'Rotation', {
    secret,
    engine: 'mysql',
    functionFolder: stubHandlers(),
  });
  new InvalidationTopic(stack, 'Rotations', {
    applicationBus: EventBus.fromEventBusName(stack, 'Bus', 'applications'),
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  const orders = new LambdaFunction(stack, 'Orders', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = () => undefined;'),
  });
  new AgentLayer(stack, 'Agent', { function: orders, secrets: [secret], layerVersionArn: LAYER });
  return stack;
}

/** Stacks of what no shipped template holds, by the name of their template. */
const STACKS: Readonly<Record<string, () => Stack>> = {
  'synthesized monitor of many accounts': aMonitorOfMany,
  'synthesized application': anApplication,
};

/** A template in a file. */
export interface TemplateFile {
  readonly name: string;
  readonly path: string;
}

/** Does some work with the shipped templates, and with those that are synthesized for it. */
export async function withTemplates<T>(work: (templates: readonly TemplateFile[]) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'templates-'));
  try {
    const synthesized = Object.entries(STACKS).map(async ([name, stackOf]): Promise<TemplateFile> => {
      const path = join(folder, `${name.replaceAll(' ', '-')}.json`);
      await writeFile(path, JSON.stringify(templateOf(stackOf())));
      return { name, path };
    });
    return await work([...SHIPPED.map(shipped), ...(await Promise.all(synthesized))]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const shipped = (name: string): TemplateFile => ({
  name,
  path: fileURLToPath(new URL(`../../infra/templates/${name}.json`, import.meta.url)),
});

function templateOf(stack: Stack): unknown {
  const app = App.of(stack);
  if (!App.isApp(app)) throw new Error('The stack has no app');
  return app.synth().getStackByName(stack.stackName).template;
}
