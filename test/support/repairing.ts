import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SECOND } from '../../src/calendar/instant.ts';
import { retryAtOnce } from '../../src/monitor/adapters/aws/retry-at-once.ts';
import { parseRotationEvent } from '../../src/monitor/adapters/eventbridge/parse-rotation-event.ts';
import { lambdaStepRunner } from '../../src/monitor/adapters/lambda/lambda-step-runner.ts';
import { secretsManagerCatalog } from '../../src/monitor/adapters/secrets-manager/secrets-manager-catalog.ts';
import { secretsManagerStageMover } from '../../src/monitor/adapters/secrets-manager/secrets-manager-stage-mover.ts';
import {
  type ApplyingRepair,
  applyRepair,
  type RepairReport,
} from '../../src/monitor/application/operate/apply-repair.ts';
import {
  type ProposedRepair,
  proposeRepair,
  type RepairHints,
} from '../../src/monitor/application/operate/propose-repair.ts';
import { join } from '../../src/monitor/compose/joints/joints.ts';
import { settingsOf } from '../../src/monitor/compose/joints/settings-of.ts';
import { examination } from '../../src/monitor/compose/parts/examination.ts';
import type { RepairPlan } from '../../src/monitor/domain/repair/repair-plan.ts';
import { CONFIG } from './deployed.ts';
import type { TestSimulator } from './simulated.ts';

/** An operator who repairs secrets of a simulated account. */
export interface Repairer {
  /** Plans the repair of a secret by its name. */
  propose(name: string, hints?: Partial<RepairHints>): Promise<ProposedRepair>;
  /** Carries a plan out; `given` replaces parts of what it works with. */
  apply(plan: RepairPlan, given?: Partial<ApplyingRepair>): Promise<RepairReport>;
}

/** An operator with all rights, whose calls are made under a role. Time passes while they wait. */
export function aRepairer(simulator: TestSimulator, role = 'operator'): Repairer {
  const { clock } = simulator;
  const { protocol } = simulator;
  const seams = {
    clock,
    requestHandler: simulator.requestHandler(role),
    ...(protocol === undefined ? {} : { protocol }),
  };
  const { sdk } = join(CONFIG, seams);
  const clients = { ...sdk, maxAttempts: 1, retryStrategy: retryAtOnce(1) };
  const service = {
    clock,
    log: () => undefined,
    parseEvent: parseRotationEvent,
    settings: settingsOf(CONFIG),
    catalog: secretsManagerCatalog(new SecretsManagerClient(sdk)),
    ...examination(CONFIG, sdk, clock),
    steps: lambdaStepRunner(new LambdaClient(clients)),
    stages: secretsManagerStageMover(new SecretsManagerClient(clients)),
    isInterrupted: () => false,
    onCall: async () => undefined,
  };
  return {
    propose: async (name, hints) => {
      const secret = await service.catalog.describe(name);
      if (secret === undefined) throw new Error(`There is no secret ${name}`);
      const usual = { currentWorks: false, remembered: undefined };
      return passing(simulator, proposeRepair(service, secret, { ...usual, ...hints }));
    },
    apply: (plan, given = {}) => passing(simulator, applyRepair({ ...service, ...given }, plan)),
  };
}

/** Lets time pass until something is done. */
async function passing<T>({ clock }: TestSimulator, doing: Promise<T>): Promise<T> {
  let isDone = false;
  const end = (): void => {
    isDone = true;
  };
  void doing.then(end, end);
  for (let turn = 0; !isDone; turn++) {
    await new Promise((resolve) => void setImmediate(resolve));
    if (turn % 5 === 4 && !isDone) await clock.advance(SECOND);
  }
  return doing;
}
