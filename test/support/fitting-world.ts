import { CURRENT, PENDING } from './builders.ts';
import { aSimulator, type TestSimulator } from './simulated.ts';

/** The secret of `aSecret`, with its ARN. */
const NAME = 'prod/orders/db';
const MANAGED = 'rds!db-1a2b3c';

const puts = (script: string, label: string): boolean => script.includes(`--version-stage ${label} --move`);
const takes = (script: string, label: string): boolean =>
  script.includes(`--version-stage ${label} --remove`);

/** The labels of the version in use: AWSPENDING too where it loses that, and not AWSCURRENT where it gets that. */
function stagesOfCurrent(script: string): readonly string[] {
  if (/--version-stage AWSPENDING --move-to-version-id \S+ --remove/.test(script))
    return ['AWSCURRENT', 'AWSPENDING'];
  const getsCurrent = /--version-stage AWSCURRENT --move-to-version-id \S+ (?!--remove)/.test(script);
  return [getsCurrent ? 'AWSPREVIOUS' : 'AWSCURRENT'];
}

/** Makes an account what commands are written for: what it takes off is there, what it puts on is not. */
export async function worldFor(script: string): Promise<TestSimulator> {
  const simulator = aSimulator();
  const { secretsManager } = simulator;
  secretsManager.functions.register({ name: 'rotate-orders-db', behaviour: 'healthy' });
  const isManaged = isAboutManaged(script);
  const isOff = script.includes('--no-rotate-immediately') && takes(script, 'AWSPENDING');
  const labels = [
    ...(needsPending(script) ? ['AWSPENDING'] : []),
    ...(takes(script, 'rotation-rescue') || puts(script, 'AWSPENDING') ? ['rotation-rescue'] : []),
  ];
  secretsManager.seed({
    name: nameIn(script),
    arnSuffix: 'AbCdEf',
    ...(isManaged ? { kind: 'managed' } : { kind: 'function', function: 'rotate-orders-db' }),
    schedule: 'rate(30 days)',
    ...(isManaged
      ? {}
      : {
          versions: [
            { id: CURRENT, stages: stagesOfCurrent(script) },
            ...(labels.length === 0 && !puts(script, 'rotation-rescue')
              ? []
              : [{ id: PENDING, stages: labels, stepReached: 'setSecret' as const }]),
          ],
          databaseAccepts: [
            /testSecret|finishSecret|AWSCURRENT --move/.test(script) ? (labels[0] ?? '') : 'AWSCURRENT',
          ],
          rotationEnabled: !isOff,
        }),
  });
  await prepare(simulator, script);
  return simulator;
}

const isAboutManaged = (script: string): boolean =>
  /aws rds|--rotation-rules '{"AutomaticallyAfterDays/.test(script);
/** The secret that commands are about. */
export const nameIn = (script: string): string => (isAboutManaged(script) ? MANAGED : NAME);

const needsPending = (script: string): boolean =>
  takes(script, 'AWSPENDING') ||
  (/testSecret|finishSecret|AWSCURRENT --move/.test(script) && !puts(script, 'AWSPENDING'));

/** Prepares the resources that some commands need besides. */
async function prepare(simulator: TestSimulator, script: string): Promise<void> {
  const call = (service: 'lambda' | 'secretsmanager', operation: string, input: object): Promise<unknown> =>
    simulator.call(service, operation, { ...input }, 'operator');
  if (script.includes('delete-function-concurrency')) {
    const input = { FunctionName: 'rotate-orders-db', ReservedConcurrentExecutions: 0 };
    await call('lambda', 'PutFunctionConcurrency', input);
  }
  if (script.includes('restore-secret')) await call('secretsmanager', 'DeleteSecret', { SecretId: NAME });
  if (script.includes('logs filter-log-events')) {
    await call('lambda', 'Invoke', { FunctionName: 'rotate-orders-db', Payload: '{}' }).catch(
      () => undefined,
    );
  }
}
