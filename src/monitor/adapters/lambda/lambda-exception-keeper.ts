import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { ExceptionKeeper, KeepExceptionAnswer } from '../../ports/tell/exception-keeper.ts';
import { exceptionRecord } from '../aws/record/history-schemas.ts';
import { listOf, object, type Reader, text, wordOf } from '../aws/record/schema.ts';
import { askFunction } from './ask-function.ts';

type Kept = Extract<KeepExceptionAnswer, { exceptions: unknown }>;
type Refused = Extract<KeepExceptionAnswer, { because: unknown }>;

const kept = object<Kept>({
  outcome: wordOf(['requested', 'granted', 'ended']),
  exceptions: listOf(exceptionRecord),
});
const refused = object<Refused>({ outcome: wordOf(['refused']), because: text });

const answer: Reader<KeepExceptionAnswer> = (value, reading) => {
  const { outcome } = object<Pick<KeepExceptionAnswer, 'outcome'>>({
    outcome: wordOf(['requested', 'granted', 'ended', 'refused']),
  })(value, reading);
  return outcome === 'refused' ? refused(value, reading) : kept(value, reading);
};

/** Keeps exceptions through the function of a deployed monitor, by its ARN. */
export const lambdaExceptionKeeper = (client: LambdaClient, functionArn: string): ExceptionKeeper => ({
  keep: (request) => askFunction(client, functionArn, { request, read: answer }),
});
