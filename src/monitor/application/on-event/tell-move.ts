import type { Datapoint } from '../../domain/metric.ts';
import { VERSION_CURRENT } from '../../domain/rotation/event-patterns.ts';
import {
  judgeListed,
  judgeMove,
  type MoveFacts,
  type MoveRecord,
  type MoveVerdict,
  nextMove,
} from '../../domain/rotation/move.ts';
import { type Secret, type SecretArn, splitSecretArn } from '../../domain/secret/secret.ts';
import { StoreError } from '../../ports/store/store-error.ts';
import { EventSinkError } from '../../ports/tell/event-sink.ts';
import type { Service } from '../service.ts';

/** Version of its detail, which `docs/schemas/secret-version-current.schema.json` describes. */
const SCHEMA_VERSION = 1;
/** Attempts of one run, which starts again when another run wrote first. */
const MAX_ATTEMPTS = 6;

/** Parts of the service that notify applications of moves. */
export type TellingMoves = Pick<Service, 'applicationBus' | 'moves' | 'clock' | 'metrics'>;

/** The verdict on a move, and the datapoints that count it. */
export interface ToldMove {
  readonly verdict: MoveVerdict;
  readonly datapoints: readonly Datapoint[];
}

/** Notifies applications of the move that an event reports, unless they know it or something newer. */
export const tellMove = (service: TellingMoves, arn: SecretArn, facts: MoveFacts): Promise<ToldMove> =>
  follow(service, arn, (record) => judgeMove(record, facts));

/** Notifies applications of the version in use when a list shows another one than they know. */
export const tellListed = async (service: TellingMoves, secret: Secret): Promise<readonly Datapoint[]> =>
  (await follow(service, secret.arn, (record) => judgeListed(record, secret, service.clock.now())))
    .datapoints;

/**
 * Stores a move before it reports it: a crash in between repeats the event, under the same sequence, and loses none.
 * Without a bus there is only the verdict: a look that is too old is repeated even so.
 */
async function follow(
  service: TellingMoves,
  arn: SecretArn,
  judge: (record: MoveRecord | undefined) => MoveVerdict,
): Promise<ToldMove> {
  if (service.applicationBus === undefined) return { verdict: judge(undefined), datapoints: [] };
  const datapoints: Datapoint[] = [];
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const stored = await service.moves.readMove(arn);
    const record = stored && (await told(service, stored, datapoints));
    if (record === 'conflict') continue;
    const verdict = judge(record);
    if (verdict.kind !== 'moved') return { verdict, datapoints };
    const next = nextMove(record, arn, verdict);
    if ((await service.moves.writeMove(next)) === 'conflict') continue;
    await told(service, { ...next, revision: next.revision + 1 }, datapoints);
    return { verdict, datapoints };
  }
  throw new StoreError(`Cannot write the move of "${arn}": ${MAX_ATTEMPTS} writers came first`, {
    reason: 'server',
    retryable: true,
  });
}

/** The record of a move once it is reported; `conflict` when another run wrote first. */
async function told(
  service: TellingMoves,
  record: MoveRecord,
  datapoints: Datapoint[],
): Promise<MoveRecord | 'conflict'> {
  if (record.isTold) return record;
  await publish(service, record);
  datapoints.push({ name: 'InvalidationsSent', value: 1 });
  const said = { ...record, isTold: true };
  return (await service.moves.writeMove(said)) === 'conflict'
    ? 'conflict'
    : { ...said, revision: record.revision + 1 };
}

async function publish({ applicationBus, metrics, clock }: TellingMoves, move: MoveRecord): Promise<void> {
  try {
    await applicationBus?.publish({
      detailType: VERSION_CURRENT['detail-type'][0] ?? '',
      detail: detailOf(move),
    });
  } catch (error) {
    if (error instanceof EventSinkError) {
      await metrics.record([{ name: 'InvalidationsFailed', value: 1 }], clock.now());
    }
    throw error;
  }
}

const detailOf = (move: MoveRecord): Readonly<Record<string, unknown>> => ({
  schemaVersion: SCHEMA_VERSION,
  secretArn: move.secretArn,
  secretName: splitSecretArn(move.secretArn).name,
  versionId: move.versionId,
  ...(move.previousVersionId === undefined ? {} : { previousVersionId: move.previousVersionId }),
  changedAt: new Date(move.changedAt).toISOString(),
  sequence: move.sequence,
});
