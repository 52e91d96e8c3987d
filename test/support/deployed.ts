import { expect, onTestFinished } from 'vitest';
import type { RotationMonitorProps } from '../../infra/rotation-monitor.ts';
import { templateOf } from '../../infra/templates/monitor-stack.ts';
import { drillTemplate } from '../../infra/templates/templates.ts';
import { type Instant, MINUTE } from '../../src/calendar/instant.ts';
import type { Config } from '../../src/monitor/config/settings.ts';
import type { Target } from '../../src/monitor/domain/secret/secret.ts';
import {
  type Deployment,
  deployMonitor,
  type MonitorPlan,
  type PlanOptions,
  planMonitor,
  READERS,
} from '../../src/proving/player/monitor.ts';
import type { RotationStep } from '../../src/simulator/secrets-manager/store/version-stages.ts';
import type { Email } from '../../src/simulator/sns/delivery.ts';
import { at } from './builders.ts';
import { CENTRAL } from './organization.ts';
import { aSimulator, type TestSimulator } from './simulated.ts';

/** Midnight: windows of daily rotations open now. */
export const START: Instant = at('2026-11-01T00:00:00Z');

/** The usual deployment, with the names of its functions, queues and so on. */
export const PLAN: MonitorPlan = planMonitor(CENTRAL);

/** Its settings, names of tables and topics among them. */
export const CONFIG: Config = PLAN.config;

/** The monitor in a simulated AWS, swept by its schedule. */
export interface Deployed {
  readonly simulator: TestSimulator;
  readonly deployment: Deployment;
  /** Log lines of all handlers. */
  readonly logs: readonly string[];
  /** E-mails so far to those who get the alerts, oldest first. */
  mails(): readonly Email[];
  /** E-mails so far to everybody. */
  inbox(): readonly Email[];
  /** `[transition] code name` of every e-mail to those who get the alerts. */
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

/**
 * Deviations of a deployment from the usual one, which is swept every five minutes and has no alarms and dashboards.
 */
export interface DeployedOptions extends Omit<PlanOptions, 'template'> {
  /** Structure that is otherwise than what a drill plays; the template is synthesized then. */
  readonly props?: RotationMonitorProps;
  /** Has the functions call AWS in the formats of the wire, which most plays skip. */
  readonly wire?: boolean;
}

/** Usual interval between a deployment's sweeps. */
const USUAL_INTERVAL_MS: number = 5 * MINUTE;

/** Deploys what a drill plays; `prepare` fills the account first. The test fails if a function tries what it may not do. */
export async function aDeployment(
  prepare: (simulator: TestSimulator) => void,
  { props, wire = false, ...options }: DeployedOptions = {},
): Promise<Deployed> {
  const simulator = aSimulator(START, 1, { skipsWireFormats: !wire });
  prepare(simulator);
  const logs: string[] = [];
  const plan = planned(simulator.home, { sweepEveryMs: USUAL_INTERVAL_MS, ...options }, props);
  const deployment = await deployMonitor(simulator, plan, { onLog: (line) => void logs.push(line) });
  onTestFinished(() =>
    expect([...deployment.enforcement.refused], 'calls that the policies do not allow').toEqual([]),
  );
  const mails = () => simulator.sns.inbox.filter(({ address }) => address === READERS.AlertEmail);
  return {
    simulator,
    deployment,
    logs,
    mails,
    inbox: () => simulator.sns.inbox,
    subjects: () => mails().map(({ subject }) => subject),
    errors: () => deployment.failedRuns(),
  };
}

const plans = new Map<string, MonitorPlan>();

/** The plan of a deployment; each is made once, and those who deploy it only read it. */
function planned(
  home: Target,
  options: Omit<PlanOptions, 'template'>,
  props: RotationMonitorProps | undefined,
): MonitorPlan {
  const key = JSON.stringify([home, options, props]);
  const template = props === undefined ? {} : { template: synthesized(props) };
  const plan = plans.get(key) ?? planMonitor(home, { ...template, ...options });
  plans.set(key, plan);
  return plan;
}

const made = new Map<string, unknown>();

/** The template of a drill with other properties; each is made once. */
function synthesized(props: RotationMonitorProps): unknown {
  const key = JSON.stringify(props);
  if (!made.has(key)) made.set(key, templateOf(drillTemplate(props)));
  return made.get(key);
}
