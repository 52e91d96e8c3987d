import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SecretArn } from '../../domain/secret/secret.ts';
import {
  type AuditAnswer,
  type AuditMemory,
  type AuditQuestion,
  MOST_HISTORIES,
  type SecretHistory,
} from '../../ports/store/audit-memory.ts';
import { exceptionRecord, populationCount, secretHistory, sightPage } from '../aws/record/history-schemas.ts';
import { listOf, object, optional, someOf, text, time } from '../aws/record/schema.ts';
import { askFunction } from './ask-function.ts';

const answer = object<AuditAnswer>({
  since: optional(time),
  critical: optional(listOf(text)),
  histories: optional(someOf(secretHistory)),
  page: optional(sightPage),
  exceptions: optional(someOf(exceptionRecord)),
  counts: optional(someOf(populationCount)),
});

/** Invocations in parallel: one page of a list takes ten questions. */
const QUESTIONS_AT_ONCE = 5;

/** Asks the function of a deployed monitor, by its ARN, for what an audit needs. Failures are `MonitorMemoryError`s. */
export function lambdaAuditMemory(client: LambdaClient, functionArn: string): AuditMemory {
  const ask = (audit: AuditQuestion['audit']): Promise<AuditAnswer> =>
    askFunction(client, functionArn, { request: { audit }, read: answer });
  return {
    since: async (target) => (await ask({ ask: 'since', target })).since,
    critical: async (target) => (await ask({ ask: 'critical', target })).critical ?? [],
    async histories(arns) {
      const batches = inBatches(arns);
      const found: SecretHistory[] = [];
      const worker = async (): Promise<void> => {
        for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
          found.push(...((await ask({ ask: 'histories', secretArns: batch })).histories ?? []));
        }
      };
      await Promise.all(Array.from({ length: QUESTIONS_AT_ONCE }, worker));
      return found;
    },
    exceptions: async (target) => (await ask({ ask: 'exceptions', target })).exceptions ?? [],
    sights: async (target, after) =>
      (await ask({ ask: 'sights', target, after })).page ?? { sights: [], next: undefined },
    counts: async (target, from, until) => (await ask({ ask: 'counts', target, from, until })).counts ?? [],
  };
}

const inBatches = (arns: readonly SecretArn[]): (readonly SecretArn[])[] =>
  Array.from({ length: Math.ceil(arns.length / MOST_HISTORIES) }, (_, index) =>
    arns.slice(index * MOST_HISTORIES, (index + 1) * MOST_HISTORIES),
  );
