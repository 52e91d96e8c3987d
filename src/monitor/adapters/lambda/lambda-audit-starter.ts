import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { type AuditStarter, AuditStarterError } from '../../ports/report/audit-starter.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Invokes the function of the audit without waiting for it; Lambda tries twice more what fails. */
export const lambdaAuditStarter = (client: LambdaClient, functionName: string): AuditStarter => ({
  start: async () => {
    const command = new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event' });
    await client.send(command).catch((error: unknown) => {
      throw new AuditStarterError(`Cannot start "${functionName}": ${describeFailure(error)}`, {
        ...failureOf(error),
        cause: error,
      });
    });
  },
});
