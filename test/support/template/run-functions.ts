import type { Context, Handler } from 'aws-lambda';
import { vi } from 'vitest';
import * as z from 'zod';
import type { TemplateResource } from '../../../scripts/template/template.ts';
import { compose, type Service } from '../../../src/compose.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import { SECOND } from '../../../src/domain/instant.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';

const functionSchema = z.object({
  FunctionName: z.string(),
  Handler: z.string().regex(/^[\w-]+\.handler$/),
  Role: z.string(),
  Timeout: z.number(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

type Create = (service: Service) => Handler<unknown, unknown>;

/** Lets the real handler of a function run in the simulator, with its environment and under its role. */
export async function runFunction(
  simulator: Simulator,
  { properties }: TemplateResource,
  options: { readonly retryAttempts: number; readonly fetched: Readonly<Record<string, string>> },
): Promise<void> {
  const { FunctionName, Handler, Role, Timeout, Environment } = functionSchema.parse(properties);
  const environment = { ...Environment.Variables, ...options.fetched };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const role = Role.split('/').at(-1) ?? '';
  const service = compose(readConfig(environment), {
    clock: simulator.clock,
    requestHandler: simulator.requestHandler(role),
    writeLine: (line) => {
      if (line.includes('"_aws"')) simulator.cloudWatch.ingestEmf(line);
    },
  });
  const create = await creatorOf(Handler.replace('.handler', ''));
  const run = create(service);
  simulator.functions.register(
    FunctionName,
    (event, context) => run(event, context as Context, () => undefined),
    { retryAttempts: options.retryAttempts, timeoutMs: Timeout * SECOND },
  );
}

/** What the module of a handler exports beside the handler itself. */
async function creatorOf(name: string): Promise<Create> {
  const module: Readonly<Record<string, unknown>> = await import(`../../../src/handlers/${name}.ts`);
  const found = Object.entries(module).find(([exported]) => exported.startsWith('create'));
  if (typeof found?.[1] !== 'function') throw new Error(`The handler "${name}" exports no creator`);
  return found[1] as Create;
}
