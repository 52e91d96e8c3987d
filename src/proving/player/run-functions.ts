import type { Context, Handler } from 'aws-lambda';
import * as z from 'zod';
import { SECOND } from '../../calendar/instant.ts';
import type { Seams } from '../../monitor/compose/joints/joints.ts';
import { readConfig } from '../../monitor/config/read-config.ts';
import type { Config } from '../../monitor/config/settings.ts';
import type { FunctionRun } from '../../simulator/call/function-run.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { TemplateResource } from './template.ts';

const functionSchema = z.object({
  FunctionName: z.string(),
  Handler: z.string().regex(/^[\w-]+\.handler$/),
  Role: z.string(),
  Runtime: z.string(),
  LoggingConfig: z.object({ LogGroup: z.string() }),
  Timeout: z.number(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

/** A function as its handler's module has it. */
interface Deployable {
  /** Composes the service that the function has when it is deployed, and no part more. */
  readonly compose: (config: Config, seams: Seams) => unknown;
  readonly create: (service: unknown) => Handler<unknown, unknown>;
}

/**
 * An execution environment of a function: it serves one run at a time, so that its calls are those of that run, and is
 * kept for the next one unless its run was killed.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
type Environment = (event: unknown, context: unknown, run: FunctionRun) => unknown;

/** Inputs of the functions, besides those of the template. */
export interface FunctionSeams {
  /** Hears the lines that functions log, but for their metrics. */
  readonly onLog?: (line: string) => void;
}

/** Lets the function that a resource describes run in the simulator: its real handler with its environment, under its role. */
export async function runFunction(
  simulator: Simulator,
  { properties }: TemplateResource,
  { onLog = () => undefined, retryAttempts }: FunctionSeams & { readonly retryAttempts: number },
): Promise<void> {
  const { FunctionName, Handler, Role, Runtime, LoggingConfig, Timeout, Environment } =
    functionSchema.parse(properties);
  const environment = { ...Environment.Variables, AWS_LAMBDA_FUNCTION_NAME: FunctionName };
  // Every handler reads its settings as soon as its module is loaded.
  Object.assign(process.env, environment);
  const config = settingsOf(properties, environment);
  const seams = {
    clock: simulator.clock,
    ...(simulator.protocol === undefined ? {} : { protocol: simulator.protocol }),
    writeLine: (line: string) => {
      if (line.includes('"_aws"')) simulator.cloudWatch.ingestEmf(line);
      else onLog(line);
    },
  };
  const { compose, create } = await deployableOf(Handler.replace('.handler', ''));
  // Composed by its first event: of most deployments only a few functions ever run.
  const coldStart = (): Environment => {
    let present: FunctionRun | undefined;
    const requestHandler = simulator.requestHandler(Role.split('/').at(-1) ?? '', () => present);
    const handler = create(compose(config, { ...seams, requestHandler }));
    return (event, context, own) => {
      present = own;
      return handler(event, context as Context, () => undefined);
    };
  };
  const idle: Environment[] = [];
  const run: Environment = async (event, context, own) => {
    const environment = idle.pop() ?? coldStart();
    try {
      return await environment(event, context, own);
    } finally {
      if (!own.isKilled()) idle.push(environment);
    }
  };
  simulator.functions.register(FunctionName, run, { retryAttempts, timeoutMs: Timeout * SECOND });
  simulator.functionResources.deploy(FunctionName, {
    environment: Environment.Variables,
    role: Role,
    runtime: Runtime,
    timeoutSeconds: Timeout,
    policy: [],
    logGroup: LoggingConfig.LogGroup,
  });
}

/** Settings by the properties of their function: the same plan may be deployed many times. */
const settings = new WeakMap<TemplateResource['properties'], Config>();

/** Returns the settings of a function; throws a ConfigError when one of them is wrong. */
function settingsOf(
  properties: TemplateResource['properties'],
  environment: Readonly<Record<string, string>>,
): Config {
  const known = settings.get(properties) ?? readConfig(environment);
  settings.set(properties, known);
  return known;
}

/** Returns the exports of a handler's module that make its service and its handler. */
async function deployableOf(name: string): Promise<Deployable> {
  const module: Readonly<Record<string, unknown>> = await import(`../../monitor/handlers/${name}.ts`);
  const exported = (beginning: string): unknown =>
    Object.entries(module).find(([each]) => each.startsWith(beginning))?.[1];
  const [compose, create] = [exported('compose'), exported('create')];
  if (typeof compose !== 'function' || typeof create !== 'function')
    throw new Error(`The handler "${name}" does not export how it is composed and created`);
  return { compose, create } as Deployable;
}
