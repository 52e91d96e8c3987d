import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { PolicyDefaults } from '../../domain/secret/policy.ts';
import type { Attempt } from '../../ports/store/attempt-store.ts';
import {
  type MonitorMemory,
  MonitorMemoryError,
  type RememberedAlert,
  type RememberedSecret,
  type RememberedTarget,
} from '../../ports/store/monitor-memory.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';
import { targetRecord } from '../aws/record/record-schemas.ts';
import {
  flag,
  listOf,
  number,
  object,
  optional,
  type Reader,
  readJson,
  someOf,
  text,
  time,
} from '../aws/record/schema.ts';
import { acknowledgement, code, secretState, severity, step } from '../aws/record/state-schema.ts';

/** Asks the function of a deployed monitor, by its ARN, what it remembers. */
export const lambdaMonitorMemory = (client: LambdaClient, functionArn: string): MonitorMemory => ({
  secret: (secretArn) => ask(client, functionArn, { request: { secretArn }, read: rememberedSecret }),
  target: ({ account, region }) =>
    ask(client, functionArn, { request: { account, region }, read: rememberedTarget }),
});

interface Question<T> {
  readonly request: object;
  readonly read: Reader<T>;
}

async function ask<T>(client: LambdaClient, functionArn: string, { request, read }: Question<T>): Promise<T> {
  const command = new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(request) });
  const { FunctionError, Payload } = await client.send(command).catch((error: unknown) => {
    const failure = failureOf(error);
    const needs = failure.reason === 'denied' ? ', needs lambda:InvokeFunction' : '';
    const said = `${describeFailure(error)}${needs}`;
    throw new MonitorMemoryError(`Cannot ask the monitor by "${functionArn}": ${said}`, {
      ...failure,
      cause: error,
    });
  });
  const answer = FunctionError === undefined ? readJson(new TextDecoder().decode(Payload), read) : undefined;
  if (answer !== undefined) return answer;
  const why = FunctionError === undefined ? 'its answer cannot be read' : `it failed (${FunctionError})`;
  throw new MonitorMemoryError(`Cannot ask the monitor by "${functionArn}": ${why}`, {
    reason: FunctionError === undefined ? 'invalid' : 'server',
    retryable: false,
  });
}

const attempt = object<Attempt>({
  versionId: text,
  startedAt: optional(time),
  succeededAt: optional(time),
  abandonedAt: optional(time),
  listedAt: optional(time),
  failures: someOf(object<Attempt['failures'][number]>({ at: time, step: optional(step) })),
});

const policyDefaults = object<PolicyDefaults>({
  stuckAfterMs: number,
  managedStuckAfterMs: number,
  overdueGraceMs: number,
  expectEveryMs: optional(number),
  failedGraceMs: number,
  splitGraceMs: number,
  replicationAfterMs: number,
  confirmAfterMs: number,
  expectedWriters: listOf(text),
  alternatingUsers: listOf(text),
  owners: listOf(text),
});

const rememberedSecret = object<RememberedSecret>({
  state: optional(secretState),
  attempts: someOf(attempt),
  target: optional(targetRecord),
  policyDefaults,
});

const rememberedTarget = object<RememberedTarget>({
  isWatched: flag,
  lastSweepAt: optional(time),
  alerts: someOf(
    object<RememberedAlert>({
      subject: text,
      fingerprint: text,
      code,
      severity,
      since: time,
      openedAt: time,
      ack: optional(acknowledgement),
      silencedUntil: optional(time),
    }),
  ),
  more: number,
});
