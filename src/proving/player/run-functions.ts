import type { Context, Handler } from 'aws-lambda';
import * as z from 'zod';
import { SECOND } from '../../calendar/instant.ts';
import { compose, type Service } from '../../monitor/compose/compose.ts';
import { readConfig } from '../../monitor/config/read-config.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { TemplateResource } from './template.ts';

const functionSchema = z.object({
  FunctionName: z.string(),
  Handler: z.string().regex(/^[\w-]+\.handler$/),
  Role: z.string(),
  Timeout: z.number(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

type Create = (service: Service) => Handler<unknown, unknown>;

/** A deployed function: its real handler with its environment, under its role. */
interface Deployed {
  readonly name: string;
  readonly timeoutMs: number;
  readonly run: (event: unknown, context: Context) => unknown;
}

/** The function that a resource of the template describes; `fetched` are variables that CloudFormation fetches. */
export async function deployedFunction(
  simulator: Simulator,
  { properties }: TemplateResource,
  fetched: Readonly<Record<string, string>>,
): Promise<Deployed> {
  const { FunctionName, Handler, Role, Timeout, Environment } = functionSchema.parse(properties);
  const environment = { ...Environment.Variables, ...fetched, AWS_LAMBDA_FUNCTION_NAME: FunctionName };
  // Every handler reads its settings as soon as its module is loaded.
  Object.assign(process.env, environment);
  const role = Role.split('/').at(-1) ?? '';
  const service = compose(readConfig(environment), {
    clock: simulator.clock,
    requestHandler: simulator.requestHandler(role),
    writeLine: (line) => {
      if (line.includes('"_aws"')) simulator.cloudWatch.ingestEmf(line);
    },
  });
  const create = await creatorOf(Handler.replace('.handler', ''));
  const handler = create(service);
  return {
    name: FunctionName,
    timeoutMs: Timeout * SECOND,
    run: (event, context) => handler(event, context, () => undefined),
  };
}

/** Lets a function run in the simulator. */
export async function runFunction(
  simulator: Simulator,
  resource: TemplateResource,
  options: { readonly retryAttempts: number; readonly fetched: Readonly<Record<string, string>> },
): Promise<void> {
  const { name, timeoutMs, run } = await deployedFunction(simulator, resource, options.fetched);
  simulator.functions.register(name, (event, context) => run(event, context as Context), {
    retryAttempts: options.retryAttempts,
    timeoutMs,
  });
}

/** What the module of a handler exports beside the handler itself. */
async function creatorOf(name: string): Promise<Create> {
  const module: Readonly<Record<string, unknown>> = await import(`../../monitor/handlers/${name}.ts`);
  const found = Object.entries(module).find(([exported]) => exported.startsWith('create'));
  if (typeof found?.[1] !== 'function') throw new Error(`The handler "${name}" exports no creator`);
  return found[1] as Create;
}
