import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { MINUTE, SECOND } from '../../calendar/instant.ts';
import { type Environment, readConfig } from '../../monitor/config/read-config.ts';
import { variableOf } from '../../monitor/config/setting.ts';
import { type Config, SETTINGS } from '../../monitor/config/settings.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { type DeployOptions, deployTemplate } from './deploy-template.ts';
import { ofType, resourcesIn } from './deployed-resources.ts';
import type { Enforcement } from './enforce.ts';
import type { Place } from './resolve.ts';
import { type TemplateResource, templateParts } from './template.ts';

/** Possible folders of the templates, relative to this file in the sources and in the package. */
const FOLDERS = ['../../../infra/templates', '../../../templates'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

const read = new Map<string, unknown>();

/** The JSON of a template of this package, such as `drill`; throws when there is none. */
export function packedTemplate(name: string): unknown {
  const path = FOLDERS.map((folder) => `${folder}/${name}.json`).find((each) => existsSync(each));
  if (path === undefined) throw new Error(`There is no template "${name}": run "npm run generate"`);
  if (!read.has(name)) read.set(name, JSON.parse(readFileSync(path, 'utf8')));
  return read.get(name);
}

const refersTo = z.strictObject({ Ref: z.string() });

/** The parameters of a template that say what an environment says: those whose text becomes a variable of it. */
export function settingParameters(
  environment: Environment,
  template: unknown = packedTemplate('drill'),
): Readonly<Record<string, string>> {
  const { parameters, resources } = templateParts(template);
  const [first] = ofType(resources, 'AWS::Lambda::Function');
  const { Variables } = rawEnvironment.parse(first?.properties).Environment;
  return Object.fromEntries(
    Object.entries(Variables).flatMap(([variable, value]) => {
      const parameter = refersTo.safeParse(value).data?.Ref;
      const text = environment[variable];
      return parameter === undefined || !parameters.includes(parameter) || !text ? [] : [[parameter, text]];
    }),
  );
}

const rawEnvironment = z.object({
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

/** A function of a monitor. */
export interface MonitorFunction {
  /** Name of its file in `src/monitor/handlers/`. */
  readonly handler: string;
  readonly name: string;
  /** Name of the role that its calls are made under. */
  readonly role: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMib: number;
}

/** The resources, functions and settings of a template at some place, before any of it is made. */
export interface MonitorPlan {
  readonly resources: readonly TemplateResource[];
  readonly functions: readonly MonitorFunction[];
  /** The settings of all functions together. */
  readonly config: Config;
  /** The function of a handler. */
  functionOf(handler: string): MonitorFunction;
  /** Id of the first resource of a type that has this in it, which is also its name where it was given none. */
  idOf(type: string, part: string): string;
}

/** Options of a monitor's deployment. */
export interface PlanOptions {
  /** JSON of the template; that of a drill when left out. */
  readonly template?: unknown;
  /** Parameters of the template that differ from their defaults, and from {@link READERS}. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Interval between sweeps; that of the template when left out. */
  readonly sweepEveryMs?: number;
  /** False leaves out the schedule of sweeps. */
  readonly sweeps?: boolean;
  /** True makes alarms and dashboards too. */
  readonly observability?: boolean;
  /** Base of queue URLs. */
  readonly sqsEndpoint?: string;
  readonly stackName?: string;
}

/** Those who read mail where nobody else is named. */
export const READERS = {
  AlertEmail: 'oncall@example.com',
  EscalationEmail: 'manager@example.com',
  HealthEmail: 'platform@example.com',
} as const;

/** Works out what is deployed to a place. */
export function planMonitor(home: Simulator['home'], options: PlanOptions = {}): MonitorPlan {
  const { template = packedTemplate('drill'), sweepEveryMs, sweeps = true, observability = false } = options;
  const { stackName, sqsEndpoint = `https://sqs.${home.region}.amazonaws.com` } = options;
  const parameters = { ...READERS, ...options.parameters };
  const place: Place = {
    ...home,
    sqsEndpoint,
    parameters,
    ...(stackName === undefined ? {} : { stackName }),
  };
  const all = resourcesIn(template, place).filter(({ type }) => observability || !type.startsWith(WATCHING));
  const swept = sweepEveryMs === undefined ? all : sweptEvery(all, sweepEveryMs);
  const functions = functionsIn(swept);
  return {
    resources: sweeps ? swept : swept.filter((each) => !startsSweeps(each)),
    functions,
    config: configIn(functions),
    functionOf: (handler) =>
      found(
        functions.find((each) => each.handler === handler),
        `function of "${handler}"`,
      ),
    idOf: (type, part) =>
      found(
        ofType(all, type).find(({ id }) => id.includes(part)),
        `${type} "${part}"`,
      ).id,
  };
}

/** Common beginning of the types of alarms and dashboards. */
const WATCHING = 'AWS::CloudWatch::';

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The template has no ${what}`);
  return value;
}

const functionSchema = z.object({
  FunctionName: z.string(),
  Handler: z.string(),
  Role: z.string(),
  Timeout: z.number(),
  MemorySize: z.number(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

const functionsIn = (resources: readonly TemplateResource[]): readonly MonitorFunction[] =>
  ofType(resources, 'AWS::Lambda::Function').map(({ properties }) => {
    const { FunctionName, Handler, Role, Timeout, MemorySize, Environment } =
      functionSchema.parse(properties);
    return {
      handler: Handler.replace('.handler', ''),
      name: FunctionName,
      role: Role.split('/').at(-1) ?? '',
      environment: Environment.Variables,
      timeoutMs: Timeout * SECOND,
      memoryMib: MemorySize,
    };
  });

/** The settings of all functions together: some are given to one of them alone. */
const configIn = (functions: readonly MonitorFunction[]): Config =>
  readConfig(Object.assign({}, ...functions.map(({ environment }) => environment)));

const startsSweeps = ({ type, properties }: TemplateResource): boolean =>
  type === 'AWS::Scheduler::Schedule' &&
  /^arn:.*-sweep$/.test(z.object({ Target: z.object({ Arn: z.string() }) }).parse(properties).Target.Arn);

const INTERVAL = variableOf(SETTINGS.sweepIntervalMs);

/**
 * The same resources with another sweep interval, in whole minutes: schedule, setting, and the alarms on what a sweep
 * publishes.
 */
export function sweptEvery(
  resources: readonly TemplateResource[],
  intervalMs: number,
): readonly TemplateResource[] {
  const minutes = Math.max(1, Math.ceil(intervalMs / MINUTE));
  const seconds = (minutes * MINUTE) / SECOND;
  const before = configIn(functionsIn(resources)).sweepIntervalMs / SECOND;
  const changed = (each: TemplateResource): TemplateResource['properties'] => {
    const { properties, type } = each;
    if (type === 'AWS::Lambda::Function') {
      const { Variables } = rawEnvironment.parse(properties).Environment;
      return {
        ...properties,
        Environment: {
          Variables: {
            ...Variables,
            [INTERVAL]: minutes % 1440 === 0 ? `${minutes / 1440}d` : `${minutes}m`,
          },
        },
      };
    }
    if (type === 'AWS::CloudWatch::Alarm' && properties['Period'] === before)
      return { ...properties, Period: seconds };
    if (!startsSweeps(each)) return properties;
    const { Target } = z
      .object({ Target: z.looseObject({ RetryPolicy: z.looseObject({}) }) })
      .parse(properties);
    const RetryPolicy = { ...Target.RetryPolicy, MaximumEventAgeInSeconds: seconds };
    const ScheduleExpression = `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`;
    return { ...properties, ScheduleExpression, Target: { ...Target, RetryPolicy } };
  };
  return resources.map((each) => ({ ...each, properties: changed(each) }));
}

/** Rotates the canary, whose failures are there to be reported. */
const FAILS_ON_PURPOSE = 'canary-rotation';

/** A monitor that is deployed. */
export interface Deployment extends MonitorPlan {
  /** Permissions of its roles, and the calls they made within and beyond them. */
  readonly enforcement: Enforcement;
  /** Names of its roles in the call log. */
  readonly roles: readonly string[];
  /** Returns the number of successful sweeps. */
  sweeps(): number;
  /** Returns the number of failed runs of its functions, apart from those that fail on purpose. */
  failedRuns(): number;
}

/** Deploys what was planned, and before it the event bus of the applications; the first sweep is due at once. */
export async function deployMonitor(
  simulator: Simulator,
  plan: MonitorPlan,
  options: DeployOptions = {},
): Promise<Deployment> {
  const { applicationBusName: Name } = plan.config;
  if (Name !== undefined) await simulator.call('events', 'CreateEventBus', { Name }, 'operator');
  const enforcement = await deployTemplate(simulator, plan.resources, options);
  const statsOf = ({ name }: MonitorFunction) => simulator.functions.stats(name);
  return {
    ...plan,
    enforcement,
    roles: plan.functions.map(({ role }) => role),
    sweeps: () => {
      const { invocations, errors } = statsOf(plan.functionOf('sweep'));
      return invocations - errors;
    },
    failedRuns: () =>
      plan.functions
        .filter(({ handler }) => handler !== FAILS_ON_PURPOSE)
        .reduce((sum, each) => sum + statsOf(each).errors, 0),
  };
}
