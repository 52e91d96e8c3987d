import type { LambdaClient } from '@aws-sdk/client-lambda';
import { POLICY_KINDS, type PolicyDefaults, type PolicyKind } from '../../domain/secret/policy.ts';
import type { Attempt } from '../../ports/store/attempt-store.ts';
import type {
  MonitorMemory,
  RememberedAlert,
  RememberedSecret,
  RememberedTarget,
} from '../../ports/store/monitor-memory.ts';
import { targetRecord } from '../aws/record/record-schemas.ts';
import {
  flag,
  listOf,
  number,
  object,
  optional,
  type Reader,
  type Shape,
  someOf,
  text,
  time,
} from '../aws/record/schema.ts';
import { acknowledgement, code, secretState, severity, step } from '../aws/record/state-schema.ts';
import { askFunction } from './ask-function.ts';

/** Asks the function of a deployed monitor, by its ARN, what it remembers. */
export const lambdaMonitorMemory = (client: LambdaClient, functionArn: string): MonitorMemory => ({
  secret: (secretArn) => askFunction(client, functionArn, { request: { secretArn }, read: rememberedSecret }),
  target: ({ account, region }) =>
    askFunction(client, functionArn, { request: { account, region }, read: rememberedTarget }),
});

const attempt = object<Attempt>({
  versionId: text,
  startedAt: optional(time),
  succeededAt: optional(time),
  abandonedAt: optional(time),
  failures: someOf(object<Attempt['failures'][number]>({ at: time, step: optional(step) })),
});

const READERS: Readonly<Record<PolicyKind, Reader<unknown>>> = {
  duration: number,
  'duration or none': optional(number),
  names: listOf(text),
};

const policyDefaults = object(
  Object.fromEntries(
    Object.entries(POLICY_KINDS).map(([name, kind]) => [name, READERS[kind]]),
  ) as Shape<PolicyDefaults>,
);

const rememberedSecret = object<RememberedSecret>({
  state: optional(secretState),
  attempts: someOf(attempt),
  target: optional(targetRecord),
  policyDefaults,
});

const rememberedTarget = object<RememberedTarget>({
  isWatched: flag,
  lastSweepAt: optional(time),
  lastAuditAt: optional(time),
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
