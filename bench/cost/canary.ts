import type { Context, Handler } from 'aws-lambda';
import { composeCanary } from '../../src/monitor/compose/compose-canary.ts';
import type { Config } from '../../src/monitor/config/settings.ts';
import { functionArn, schedulerRoleArn } from '../../src/proving/embedded/environment.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

/** The functions of the canary, which are also its roles in the call log. The first one fails on purpose. */
export const CANARY_FUNCTIONS = ['canary-rotation', 'canary-tick'] as const;

/** Puts the canary in, with the rotation that infra gives it, and answers its ARN. It first rotates within four hours. */
export function seedCanary({ secretsManager, functions }: Simulator): string {
  const [rotation] = CANARY_FUNCTIONS;
  secretsManager.functions.register({
    name: rotation,
    behaviour: 'healthy',
    handler: (request) => functions.invoke(rotation, request),
  });
  const every = { schedule: 'rate(4 hours)', duration: '1h' };
  return secretsManager.seed({ name: 'rotation-canary', kind: 'function', function: rotation, ...every }).arn;
}

/** The simulator's functions take any event; Secrets Manager and Scheduler send the right one. */
const untyped = <E>(handler: Handler<E, void>): Handler<unknown, void> => handler as Handler<unknown, void>;

/** Lets the real handlers of the canary run; the environment is that of the deployment, with the canary's ARN. */
export async function startCanary(simulator: Simulator, config: Config): Promise<void> {
  const [rotation, tick] = CANARY_FUNCTIONS;
  const [{ createCanaryRotation }, { createCanaryTick }] = await Promise.all([
    import('../../src/monitor/handlers/canary-rotation.ts'),
    import('../../src/monitor/handlers/canary-tick.ts'),
  ]);
  const service = (role: string) =>
    composeCanary(config, { clock: simulator.clock, requestHandler: simulator.requestHandler(role) });
  const rotate = untyped(createCanaryRotation(service(rotation)));
  const tag = untyped(createCanaryTick(service(tick)));
  simulator.functions.register(rotation, (event, context) =>
    rotate(event, context as Context, () => undefined),
  );
  simulator.functions.register(tick, (event, context) => tag(event, context as Context, () => undefined));
  const schedule = {
    Name: tick,
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: functionArn(simulator.home, tick), RoleArn: schedulerRoleArn(simulator.home) },
  };
  await simulator.call('scheduler', 'CreateSchedule', schedule, 'deployer');
}
