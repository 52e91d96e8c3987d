import { LambdaClient } from '@aws-sdk/client-lambda';
import { lambdaAuditStarter } from '../../adapters/lambda/lambda-audit-starter.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** The functions that start the audit; those of a deployment are named alike but for their end. */
const STARTING = /(^|-)(sweep|audit)$/;

/** Has the function `audit` run; undefined where audits are not scheduled. */
export function auditStarting({ config, sdk }: Joints): Pick<Service, 'auditStarter'> {
  const { functionName = '', auditEveryMs } = config;
  if (auditEveryMs === undefined || !STARTING.test(functionName)) return { auditStarter: undefined };
  const name = functionName.replace(STARTING, '$1audit');
  return { auditStarter: lambdaAuditStarter(new LambdaClient(sdk), name) };
}
