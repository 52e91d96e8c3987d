import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import { listenForRotations } from '../../../client/src/invalidation/listener.ts';
import { PollingSecretCache } from '../../../client/src/invalidation/polling-cache.ts';

/** The secret that a process follows, and the places and times that it needs. */
export interface ProcessOrders {
  readonly endpoint: string;
  /** The role that may listen. */
  readonly role: string;
  readonly secretId: string;
  readonly topicArn: string;
  readonly queuePrefix: string;
  readonly consumer: string;
  readonly lease: { readonly tableName: string; readonly durationMs: number };
  /** Longest time between two looks of the cache that pulls; without it the process only listens. */
  readonly intervalMs: number | undefined;
  readonly shiftMs: number;
}

/** A report of a process. */
export type ProcessReport =
  | { readonly type: 'ready'; readonly versionId: string }
  /** Another version is in use, since so many milliseconds since the epoch by the machine's clock. */
  | { readonly type: 'pulled'; readonly versionId: string; readonly at: number }
  /** The same, with the time of the message and the processor time since then, in milliseconds. */
  | {
      readonly type: 'pushed';
      readonly versionId: string;
      readonly at: number;
      readonly receivedAt: number;
      readonly processorMs: number;
    }
  | { readonly type: 'failed'; readonly text: string };

/** A message to a process that runs. */
export type ProcessNote = { readonly type: 'shifted'; readonly shiftMs: number } | { readonly type: 'close' };

const orders = JSON.parse(process.argv[2] ?? '') as ProcessOrders;
/** Reads of the cache that pulls, a second of each process. */
const READS_A_SECOND = 20;
/** Longer than any run: what is read again is read because of a move. */
const TTL_MS = 86_400_000;

const report = (message: ProcessReport): void => void process.send?.(message);
const sdk = (accessKeyId: string) => ({
  endpoint: orders.endpoint,
  region: 'eu-west-1',
  credentials: { accessKeyId, secretAccessKey: 'simulated' },
});
let { shiftMs } = orders;
const now = () => Date.now() + shiftMs;
const { secretId, intervalMs } = orders;
const client = new SecretsManagerClient(sdk('application'));

const pushed = new SecretCache({ client, ttlMs: TTL_MS, now });
const first = await pushed.get(secretId);
let receivedAt = 0;
let usage = process.cpuUsage();
pushed.onRotate(secretId, ({ VersionId }) => {
  const { user, system } = process.cpuUsage(usage);
  const processorMs = (user + system) / 1_000;
  report({ type: 'pushed', versionId: VersionId, at: Date.now(), receivedAt, processorMs });
});
const sqs = new SQSClient(sdk(orders.role));
sqs.middlewareStack.add(
  (next) => async (args) => {
    const received = await next(args);
    if ('Messages' in received.output) {
      receivedAt = Date.now();
      usage = process.cpuUsage();
    }
    return received;
  },
  { step: 'initialize' },
);
const listener = listenForRotations({
  cache: pushed,
  topicArn: orders.topicArn,
  queuePrefix: orders.queuePrefix,
  consumer: orders.consumer,
  lease: { ...orders.lease, client: new DynamoDBClient(sdk('application')) },
  sqs,
  sns: new SNSClient(sdk(orders.role)),
  onEvent: (event) => {
    if (event.type === 'failed') report({ type: 'failed', text: `${event.what}: ${String(event.error)}` });
  },
  now,
});

const stopPulling = intervalMs === undefined ? async () => undefined : await pull(intervalMs);
process.on('message', (note: ProcessNote) => {
  if (note.type === 'close') void end();
  else shiftMs = note.shiftMs;
});
await listener.ready();
report({ type: 'ready', versionId: first.VersionId });

/** Reads as a busy application does. */
async function pull(interval: number): Promise<() => Promise<void>> {
  const pulled = new PollingSecretCache({ client, ttlMs: TTL_MS, intervalMs: interval, now });
  let versionId = (await pulled.get(secretId)).VersionId;
  const timer = setInterval(async () => {
    const value = await pulled.get(secretId);
    if (value.VersionId === versionId) return;
    versionId = value.VersionId;
    report({ type: 'pulled', versionId, at: Date.now() });
  }, 1_000 / READS_A_SECOND);
  return async () => {
    clearInterval(timer);
    await pulled.close();
  };
}

async function end(): Promise<void> {
  await listener.close();
  await stopPulling();
  await pushed.close();
  process.disconnect();
}
