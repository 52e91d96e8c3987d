import type { SimulatorClock } from '../time/clock.ts';
import { AwsError } from './aws-error.ts';
import type { CallLog, CallRequest } from './call-log.ts';
import { CallTimeout, type Faults } from './faults.ts';
import type { Random } from './random.ts';
import type { Home, Operation, Service, ServiceName } from './service.ts';

/** Carries out one API call: logs it, applies the faults, runs the operation. Fails with an AwsError or a CallTimeout. */
export type Dispatch = (request: CallRequest) => Promise<unknown>;

/** Dependencies of a dispatcher. */
export interface DispatchDependencies {
  readonly clock: SimulatorClock;
  readonly random: Random;
  readonly home: Home;
  readonly services: Readonly<Record<ServiceName, Service>>;
  readonly callLog: CallLog;
  readonly faults: Faults;
}

/** The one way into the simulated services, for every protocol and for direct calls. */
export function createDispatch(dependencies: DispatchDependencies): Dispatch {
  const { callLog, faults } = dependencies;
  return async (request) => {
    callLog.record(request);
    try {
      return await faults.around(request, () => run(dependencies, request));
    } catch (error) {
      if (error instanceof AwsError) callLog.recordFailure(request, error.code);
      if (error instanceof CallTimeout) callLog.recordFailure(request, error.name);
      throw error;
    }
  };
}

function run({ clock, random, home, services }: DispatchDependencies, request: CallRequest): unknown {
  const { role, service, operation, input } = request;
  const call = {
    ...home,
    role,
    principal: `arn:aws:sts::${home.account}:assumed-role/${role}/${role}`,
    requestId: random.uuid(),
    now: clock.now(),
  };
  return operationOf(services[service], operation)(input, call);
}

function operationOf(service: Service, name: string): Operation {
  const operation = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (operation === undefined) throw new AwsError('UnknownOperationException', `Unknown operation "${name}"`);
  return operation;
}
