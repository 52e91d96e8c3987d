import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import { announcedIn } from '../../adapters/deployment/announcement-probe.ts';
import { lambdaAcknowledger } from '../../adapters/lambda/lambda-acknowledger.ts';
import { lambdaAuditMemory } from '../../adapters/lambda/lambda-audit-memory.ts';
import { lambdaExceptionKeeper } from '../../adapters/lambda/lambda-exception-keeper.ts';
import { lambdaMonitorMemory } from '../../adapters/lambda/lambda-monitor-memory.ts';
import { lambdaRepairLog, mayInvoke } from '../../adapters/lambda/lambda-repair-log.ts';
import { announcementName, type OperatorHandler, parseAnnouncement } from '../../config/announcement.ts';
import type { RepairLog } from '../../ports/repair/repair-log.ts';
import type { AuditMemory } from '../../ports/store/audit-memory.ts';
import type { MonitorMemory } from '../../ports/store/monitor-memory.ts';
import type { Acknowledger } from '../../ports/tell/acknowledger.ts';
import type { ExceptionKeeper } from '../../ports/tell/exception-keeper.ts';
import type { Connected, ConnectedSdk } from './compose-connection.ts';

/** A deployed monitor as people reach it. */
export interface FoundDeployment {
  readonly name: string;
  /** ARNs of the functions that people invoke; an older deployment has fewer. */
  readonly functions: Readonly<Partial<Record<OperatorHandler, string>>>;
  /** Undefined where the deployment is too old to be asked. */
  readonly memory: MonitorMemory | undefined;
  /** The memory that audits need; undefined like {@link FoundDeployment.memory}. */
  readonly audits: AuditMemory | undefined;
  /** Undefined where the deployment takes no acknowledgements. */
  readonly acknowledger: Acknowledger | undefined;
  /** Undefined where the deployment is too old to keep exceptions. */
  readonly exceptionKeeper: ExceptionKeeper | undefined;
  /** Undefined where the deployment is too old to record repairs. */
  readonly repairLog: (RepairLog & { mayRecord(): Promise<boolean> }) | undefined;
  /** Calls the region of the deployment. */
  readonly sdk: ConnectedSdk;
}

/**
 * Finds a deployment by its name, or by the ARN of its parameter, which may be in another region; undefined where there
 * is none. Fails with a DeploymentProbeError when the parameter cannot be read.
 */
export async function findDeployment(
  { sdk }: Pick<Connected, 'sdk'>,
  nameOrArn: string,
): Promise<FoundDeployment | undefined> {
  const [, region, path] = /^arn:[\w-]+:ssm:([\w-]+):\d{12}:parameter(\/.+)$/.exec(nameOrArn) ?? [];
  const there = region === undefined ? sdk : { ...sdk, region };
  const text = await announcedIn(new SSMClient(there), path ?? announcementName(nameOrArn));
  const announced = text === undefined ? undefined : parseAnnouncement(text);
  if (announced === undefined) return undefined;
  const { functions } = announced;
  const reading = functions['read-memory'];
  const { acknowledge, 'record-repair': recording, 'keep-exception': excepting } = functions;
  const lambda = new LambdaClient(there);
  return {
    name: path?.split('/').at(-1) ?? nameOrArn,
    functions,
    memory: reading === undefined ? undefined : lambdaMonitorMemory(lambda, reading),
    audits: reading === undefined ? undefined : lambdaAuditMemory(lambda, reading),
    acknowledger: acknowledge === undefined ? undefined : lambdaAcknowledger(lambda, acknowledge),
    exceptionKeeper: excepting === undefined ? undefined : lambdaExceptionKeeper(lambda, excepting),
    repairLog:
      recording === undefined
        ? undefined
        : { ...lambdaRepairLog(lambda, recording), mayRecord: () => mayInvoke(lambda, recording) },
    sdk: there,
  };
}
