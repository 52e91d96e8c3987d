import type { Instant } from '../../src/calendar/instant.ts';
import { type Deployment, deploy } from '../../src/proving/embedded/deployment.ts';
import { type SideReaders, sideEnvironment } from '../../src/proving/embedded/side-topics.ts';
import type { RotationStep } from '../../src/simulator/secrets-manager/store/version-stages.ts';
import type { Email } from '../../src/simulator/sns/delivery.ts';
import { at } from './builders.ts';
import { aSimulator, type TestSimulator } from './simulated.ts';
import { withDeployedRights } from './template/deployed-rights.ts';

/** Midnight: windows of daily rotations open now. */
export const START: Instant = at('2026-11-01T00:00:00Z');

/** The monitor in a simulated AWS, swept by its schedule. */
export interface Deployed {
  readonly simulator: TestSimulator;
  readonly deployment: Deployment;
  /** Log lines of all handlers. */
  readonly logs: readonly string[];
  /** E-mails so far, oldest first. */
  mails(): readonly Email[];
  /** `[transition] code name` of every e-mail about one secret. */
  subjects(): readonly string[];
  /** Failed invocations of the monitor's functions. */
  errors(): number;
}

/** Seeds `well`, which rotates every night at two. */
export function rotatesWell({ secretsManager }: TestSimulator): void {
  secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  secretsManager.seed({
    name: 'well',
    kind: 'function',
    function: 'rotate',
    schedule: 'cron(0 2 * * ? *)',
    duration: '2h',
  });
}

/** Seeds `prod/orders`, whose rotation begins every night at two and fails at a step. */
export const failingNightlyAt =
  (step: RotationStep) =>
  ({ secretsManager }: TestSimulator): void => {
    secretsManager.functions.register({ name: 'rotate-orders', behaviour: 'error', step });
    secretsManager.seed({
      name: 'prod/orders',
      kind: 'function',
      function: 'rotate-orders',
      schedule: 'cron(0 2 * * ? *)',
      duration: '2h',
    });
  };

/** Deploys the monitor, each function with the rights that it is deployed with; `prepare` fills the account first. */
export async function aDeployment(
  prepare: (simulator: TestSimulator) => void,
  environment: Readonly<Record<string, string>> = {},
  readers: SideReaders = {},
): Promise<Deployed> {
  const simulator = aSimulator(START);
  prepare(simulator);
  const logs: string[] = [];
  const deployment = await deploy(simulator, { environment, readers, onLog: (line) => void logs.push(line) });
  withDeployedRights(simulator, { ...sideEnvironment(simulator.home, readers), ...environment });
  await deployment.start();
  return {
    simulator,
    deployment,
    logs,
    mails: () => simulator.sns.inbox,
    subjects: () => simulator.sns.inbox.map(({ subject }) => subject),
    errors: () => deployment.roles.reduce((sum, role) => sum + simulator.functions.stats(role).errors, 0),
  };
}
