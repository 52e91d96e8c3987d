import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { RepairBeginning, RepairLog } from '../../ports/repair/repair-log.ts';
import { isForbidden } from '../aws/failure-of.ts';
import { object, or, type Reader, text, wordOf } from '../aws/record/schema.ts';
import { askFunction } from './ask-function.ts';

const beginning: Reader<RepairBeginning> = (value, reading) => {
  const { outcome } = object<{ outcome: RepairBeginning['outcome'] }>({
    outcome: wordOf(['recorded', 'busy']),
  })(value, reading);
  return outcome === 'recorded'
    ? { outcome }
    : { outcome, ...object<{ by: string }>({ by: or(text, '') })(value, reading) };
};

/** Records repairs through the function of a deployed monitor, by its ARN. */
export const lambdaRepairLog = (client: LambdaClient, functionArn: string): RepairLog => ({
  begin: (request) => askFunction(client, functionArn, { request, read: beginning }),
  note: async (request) => void (await askFunction(client, functionArn, { request, read: beginning })),
});

/** Whether the caller may invoke a function: a dry run invokes nothing. Failures other than a refusal count as allowed; the call itself tells. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export async function mayInvoke(client: LambdaClient, functionArn: string): Promise<boolean> {
  try {
    await client.send(new InvokeCommand({ FunctionName: functionArn, InvocationType: 'DryRun' }));
    return true;
  } catch (error) {
    return !isForbidden(error);
  }
}
