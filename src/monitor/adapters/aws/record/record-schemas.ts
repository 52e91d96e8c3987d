import type { ChannelCondition, ChannelName } from '../../../domain/alert/channel-condition.ts';
import type { HealthCode, HealthCondition } from '../../../domain/alert/health.ts';
import type { Refusal } from '../../../domain/alert/refusal.ts';
import type {
  FunctionActivity,
  FunctionConfiguration,
  FunctionInspection,
  Unseen,
} from '../../../domain/examine/function-inspection.ts';
import type { InvokeGrant } from '../../../domain/examine/invoke-grant.ts';
import type { TargetRecord } from '../../../domain/state/secret-state.ts';
import type { MovesProgress } from '../../../domain/sweep/moves-round.ts';
import type { SweepRecord } from '../../../domain/sweep/sweep-result.ts';
import {
  flag,
  listOf,
  number,
  object,
  optional,
  or,
  past,
  type Reader,
  recordOf,
  someOf,
  text,
  time,
  word,
} from './schema.ts';

const health = object<HealthCondition>({
  code: word<HealthCode>({
    'no-subscriber': 0,
    'no-escalation-subscriber': 0,
    undeliverable: 0,
    'dead-letters': 0,
    'heartbeat-unheard': 0,
  }),
  since: past,
  seen: text,
  at: optional(listOf(text)),
  tellFrom: optional(past),
  told: flag,
  unseenSince: optional(past),
  overAt: optional(past),
});

const channel = object<ChannelCondition>({
  channel: word<ChannelName>({ 'chat-topic': 0, 'amazon-q': 0, slack: 0, escalation: 0 }),
  since: past,
  toldAt: recordOf(past),
  overAt: optional(past),
});

const moment = or(optional(past), undefined);

/** Reads the record of a target, item by item; an unreadable item counts as never seen. */
export const targetRecord: Reader<TargetRecord> = object<TargetRecord>({
  account: text,
  region: text,
  revision: or(number, 0),
  baselineAt: moment,
  disabled: or(optional(listOf(text)), undefined),
  eventSeenAt: moment,
  unreachableSince: moment,
  eventsCheckedUntil: moment,
  dailyCheckedUntil: moment,
  health: or(someOf(health), []),
  channels: or(someOf(channel), []),
  refusals: or(someOf(object<Refusal>({ group: text, reason: text, at: past })), []),
  naming: or(someOf(object<TargetRecord['naming'][number]>({ key: text, at: past })), []),
  units: or(recordOf(listOf(text)), {}),
});

const tally = object<NonNullable<SweepRecord['last']>['tally']>({
  observed: number,
  unverifiable: number,
  inProgress: number,
  pendingStuck: number,
  oldestPendingAge: number,
  worstPending: someOf(object({ secretName: text, seconds: number })),
  overdue: number,
  disabled: number,
  alertsOpen: number,
  criticalAlertsOpen: number,
  replicasOf: or(recordOf(number), {}),
});

const moves: Reader<MovesProgress | undefined> = or(
  optional(
    object<MovesProgress>({
      since: past,
      round: optional(
        object<NonNullable<MovesProgress['round']>>({
          startedAt: past,
          after: object<NonNullable<MovesProgress['round']>['after']>({ changedAt: time, arn: text }),
          hasFailed: flag,
        }),
      ),
    }),
  ),
  undefined,
);

/** Reads the record of a target's sweeps; an unreadable field counts as missing. */
export const sweepRecord: Reader<SweepRecord> = object<SweepRecord>({
  account: text,
  region: text,
  last: or(
    optional(
      object<NonNullable<SweepRecord['last']>>({ startedAt: past, endedAt: past, tally, apiCalls: number }),
    ),
    undefined,
  ),
  handOver: or(
    optional(object<NonNullable<SweepRecord['handOver']>>({ startedAt: past, hop: number })),
    undefined,
  ),
  failingSince: moment,
  moves,
  currents: moves,
  sights: moves,
  listedAt: moment,
});

/** The last look at a rotation function; one that cannot be read whole is made again. */
export const inspection: Reader<FunctionInspection> = object<FunctionInspection>({
  functionArn: text,
  at: past,
  exists: optional(flag),
  configuration: optional(
    object<FunctionConfiguration>({
      state: optional(text),
      stateReasonCode: optional(text),
      runtime: optional(text),
      timeoutSeconds: optional(number),
      roleName: optional(text),
      logGroup: optional(text),
    }),
  ),
  grants: optional(
    listOf(
      object<InvokeGrant>({
        effect: word<InvokeGrant['effect']>({ allow: 0, deny: 0 }),
        sourceAccounts: optional(listOf(text)),
        sourceArns: optional(listOf(text)),
        isConditional: flag,
      }),
    ),
  ),
  reservedConcurrency: (value, reading) => (value === 'none' ? value : optional(number)(value, reading)),
  activity: optional(
    object<FunctionActivity>({
      span: object<FunctionActivity['span']>({ from: time, until: time }),
      invocations: number,
      errors: number,
      throttles: number,
      longestMs: optional(number),
    }),
  ),
  unseen: listOf(object<Unseen>({ permission: text, reason: text })),
});
