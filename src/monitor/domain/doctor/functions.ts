import { DAY, type Instant, later } from '../../../calendar/instant.ts';
import { commandLine } from '../command-line.ts';
import { endOfSupport, type FunctionConfiguration } from '../examine/function-inspection.ts';
import type { Deployed, DeployedFunction } from './deployed.ts';
import { type Diagnosis, diagnosing } from './diagnosis.ts';

const own = diagnosing('functions');
const runtimes = diagnosing('runtimes');
const concurrency = diagnosing('concurrency');
const policies = diagnosing('function-policies');
const logs = diagnosing('log-groups');
const widget = diagnosing('widget');

/** Whether the functions of the monitor are there and can run; the handlers name those that must be. */
export const functionDiagnoses = (
  { name, functions }: Pick<Deployed, 'name' | 'functions'>,
  handlers: readonly string[],
): readonly Diagnosis[] =>
  handlers.map((handler) => {
    const found = functions.find((each) => each.name === `${name}-${handler}`);
    return found === undefined
      ? own.fail(`${name}-${handler}`, 'The function does not exist.', 'Deploy the stack again.')
      : functionDiagnosis(found);
  });

function functionDiagnosis({
  name,
  state = 'Active',
  lastUpdateStatus = 'Successful',
}: DeployedFunction): Diagnosis {
  const why = `Read why: ${commandLine('aws', 'lambda', 'get-function-configuration', ['--function-name', name])}`;
  // Lambda puts what nobody invoked for long to sleep, and wakes it.
  if (!['Active', 'Inactive'].includes(state))
    return own.fail(name, `The function cannot run: its state is ${state}.`, why);
  if (lastUpdateStatus === 'Failed')
    return own.warn(name, 'The last update of the function failed: it runs as before.', why);
  return own.ok(name, 'The function can run.');
}

/** Time before the end of a runtime's support from which it is worth a warning. */
const SOON_MS: number = 90 * DAY;

/** Whether AWS still supports the runtime of a function; undefined for a container image. */
export function runtimeDiagnosis(name: string, runtime: string | undefined, now: Instant): Diagnosis {
  if (runtime === undefined)
    return runtimes.ok(name, 'The function is an image that has no runtime of Lambda.');
  const ended = endOfSupport(runtime, now);
  const move = 'Move the function to a newer runtime: aws lambda update-function-configuration --runtime';
  if (ended !== undefined) return runtimes.warn(name, `Support of ${runtime} ended on ${ended}.`, move);
  const ends = endOfSupport(runtime, later(now, SOON_MS));
  return ends === undefined
    ? runtimes.ok(name, `AWS supports ${runtime}.`)
    : runtimes.warn(name, `Support of ${runtime} ends on ${ends}.`, move);
}

/** Executions that an account may have at a time. */
export interface Concurrency {
  readonly limit: number;
  /** Concurrency that is left to functions without a reservation. */
  readonly unreserved: number;
}

/** Below this a sweep, its deliveries and rotations throttle each other. A fresh account has 10. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ENOUGH = 50;

/** Whether functions find room to run. */
export const concurrencyDiagnosis = ({ limit, unreserved }: Concurrency): Diagnosis =>
  unreserved >= ENOUGH
    ? concurrency.ok('Lambda', `Functions that reserve nothing share ${unreserved} executions.`)
    : concurrency.warn(
        'Lambda',
        `Functions that reserve nothing share ${unreserved} of ${limit} executions at a time.`,
        'Ask for more: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000',
      );

/** Whether the log of a rotation function can be read when it fails. */
export function logGroupDiagnosis(
  functionName: string,
  configuration: Pick<FunctionConfiguration, 'logGroup'>,
  exists: boolean,
): Diagnosis {
  const group = configuration.logGroup ?? `/aws/lambda/${functionName}`;
  return exists
    ? logs.ok(functionName, `Its log group is ${group}.`)
    : logs.warn(
        functionName,
        `The log group ${group} does not exist: the function has never run, or may not write.`,
        `Make it, and let the role of the function write to it: ${commandLine('aws', 'logs', 'create-log-group', ['--log-group-name', group])}`,
      );
}

/** Whether Secrets Manager may invoke a rotation function, by its policy; an error says why that could not be read. */
export function invokeDiagnosis(functionName: string, may: 'yes' | 'no' | 'unknown' | Error): Diagnosis {
  if (may === 'yes') return policies.ok(functionName, 'Secrets Manager may invoke the function.');
  const remedy = 'Compare its policy with what `rotation-monitor explain` advises for a secret of it.';
  if (may === 'no')
    return policies.fail(
      functionName,
      'The policy of the function does not let Secrets Manager invoke it.',
      remedy,
    );
  return may === 'unknown'
    ? policies.unknown(
        functionName,
        'The policy of the function hangs on conditions that are not understood.',
        remedy,
      )
    : policies.unknown(functionName, `${may.message}.`, 'Allow lambda:GetPolicy.');
}

/** Whether the dashboards can show the open alerts to whoever asks: CloudWatch invokes the widget with their right. */
export const widgetDiagnosis = (name: string, mayInvoke: boolean): Diagnosis =>
  mayInvoke
    ? widget.ok(name, 'You may invoke the widget of open alerts.')
    : widget.warn(
        name,
        'You may not invoke the widget of open alerts: on your dashboards it stays empty.',
        `Allow lambda:InvokeFunction on ${name} to whoever looks at the dashboards.`,
      );
