import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';
import { onFirstUse } from '../joints/on-first-use.ts';

/** The functions that start the audit; those of a deployment are named alike but for their end. */
const STARTING = /(^|-)(sweep|audit)$/;

/**
 * Has the function `audit` run; undefined where audits are not scheduled. Its client is loaded on first use: the schedule
 * starts audits, and only one that was missed or is half done is started here.
 */
export function auditStarting({ config, sdk }: Joints): Pick<Service, 'auditStarter'> {
  const { functionName = '', auditEveryMs } = config;
  if (auditEveryMs === undefined || !STARTING.test(functionName)) return { auditStarter: undefined };
  const name = functionName.replace(STARTING, '$1audit');
  const starter = onFirstUse(async () => {
    const [{ LambdaClient }, { lambdaAuditStarter }] = await Promise.all([
      import('@aws-sdk/client-lambda'),
      import('../../adapters/lambda/lambda-audit-starter.ts'),
    ]);
    return lambdaAuditStarter(new LambdaClient(sdk), name);
  });
  return { auditStarter: { start: async () => (await starter()).start() } };
}
