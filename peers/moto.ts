import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as z from 'zod';
import { freePort, type Ground, pause, programPath, run, Unavailable } from './support/ground.ts';
import { normal, without } from './support/normal.ts';
import type { Case, Explanation, Peer } from './support/peer.ts';
import { pythonWith } from './support/python.ts';
import { sweptFleet } from './support/swept.ts';

const VERSION = '5.2.5';
const BOTO3 = '1.44.8';

const answers = z.record(z.string(), z.unknown());

/** The answers of an endpoint to the calls of `programs/calls.json`, made by boto3. */
export async function askedByBoto3(
  bin: string,
  endpoint: string,
): Promise<Readonly<Record<string, unknown>>> {
  const asked = await run(join(bin, 'python'), [
    programPath('calls.py'),
    programPath('calls.json'),
    endpoint,
  ]);
  if (asked.status !== 0) throw new Error(`boto3 ended with ${asked.status}: ${asked.stderr.slice(-2000)}`);
  return answers.parse(JSON.parse(asked.stdout));
}

const API = 'https://docs.aws.amazon.com/secretsmanager/latest/apireference';

const EXPLAINED: readonly Explanation[] = [
  {
    cases: /unknown|no stage|no value|another stage/,
    why: 'Moto answers 404; every error of Secrets Manager has HTTP status 400, an unknown secret included.',
    source: `${API}/API_GetSecretValue.html#API_GetSecretValue_Errors`,
    rest: without('status'),
  },
  {
    cases: /^(describe with pending|describe after the move|list )/,
    why: 'Moto shows no LastAccessedDate for a secret that was read.',
    source: `${API}/API_DescribeSecret.html#SecretsManager-DescribeSecret-response-LastAccessedDate`,
    rest: without('LastAccessedDate'),
  },
  {
    cases: /^(describe|list)/,
    why: 'Moto leaves AWSCURRENT on two versions after PutSecretValue, and shows versions without stages.',
    source: `${API}/API_PutSecretValue.html`,
    rest: without('LastAccessedDate', 'VersionIdsToStages', 'SecretVersionsToStages'),
  },
  {
    cases: /^(describe, deleted|list with deleted)$/,
    why: 'DeletedDate is when the deletion was asked for; moto shows when it will happen.',
    source: `${API}/API_SecretListEntry.html`,
    rest: without('LastAccessedDate', 'VersionIdsToStages', 'SecretVersionsToStages', 'DeletedDate'),
  },
  {
    cases: /^versions$/,
    why: 'Moto answers the name as ARN, an empty NextToken, no KmsKeyIds, and a LastAccessedDate of what nobody read.',
    source: `${API}/API_ListSecretVersionIds.html`,
    rest: without('ARN', 'NextToken', 'KmsKeyIds', 'LastAccessedDate'),
  },
  {
    cases: /^versions/,
    why: 'Moto shows deprecated versions without being asked, with stages that they have lost.',
    source: `${API}/API_ListSecretVersionIds.html`,
    rest: without('ARN', 'NextToken', 'Versions'),
  },
  {
    cases: /^create, deleted$/,
    why: 'The name of a secret that is scheduled for deletion is refused for its state: InvalidRequestException.',
    source: 'https://repost.aws/knowledge-center/delete-secrets-manager-secret',
  },
  {
    cases: /^password, too long$/,
    why: 'PasswordLength has a maximum in the model of the service, which is checked before the operation; moto names an error that Secrets Manager does not have.',
    source: `${API}/API_GetRandomPassword.html`,
  },
  {
    cases: /^create, (invalid name|string and binary)$/,
    why: 'Moto takes names with spaces, and a value that is text and bytes at once.',
    source: `${API}/API_CreateSecret.html`,
  },
  {
    cases: /^remove AWSCURRENT$/,
    why: 'Moto lets AWSCURRENT be taken off, which leaves a secret without a value in use.',
    source: `${API}/API_UpdateSecretVersionStage.html`,
  },
  {
    cases: /^rotate (without a function|by days and by expression)$/,
    why: 'Moto rotates without a function, and takes two schedules at once.',
    source: `${API}/API_RotateSecret.html`,
  },
  {
    cases: /^cancel where nothing rotates$/,
    why: 'Moto refuses to cancel where rotation is off; AWS documents no such refusal.',
    source: `${API}/API_CancelRotateSecret.html`,
  },
  {
    cases: /^put, deleted$/,
    why: 'Moto takes a value for a secret that is scheduled for deletion.',
    source: `${API}/API_PutSecretValue.html#API_PutSecretValue_Errors`,
  },
  {
    cases: /^who$/,
    why: 'Each emulator names its own caller.',
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html',
    rest: without('Arn'),
  },
  {
    cases: /^what the queue got$/,
    why: 'Topics sign with version 1 by default; moto signs with version 2.',
    source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html',
    rest: without('SignatureVersion'),
  },
  {
    cases: /^events, unknown bus$/,
    why: 'PutEvents reports what is wrong entry by entry; it has no error for an unknown bus.',
    source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html',
  },
  {
    cases: /^table$/,
    why: 'Ours has no deletion protection and no warm throughput, and leaves empty lists of indexes out.',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html',
    rest: without(
      'DeletionProtectionEnabled',
      'GlobalSecondaryIndexes',
      'LocalSecondaryIndexes',
      'WarmThroughput',
    ),
  },
  {
    cases: /^item changed$/,
    why: 'Moto answers ConsumedCapacity without being asked.',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html',
    rest: without('ConsumedCapacity'),
  },
  {
    cases: /^query, unused value$/,
    why: 'DynamoDB refuses values that no expression uses; the contract suite has the same from dynalite.',
    source:
      'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeValues.html',
  },
  {
    cases: /^metric in the namespace of AWS$/,
    why: 'Namespaces that begin with AWS/ belong to AWS.',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html',
  },
];

const installed = (ground: Ground): Promise<string> =>
  pythonWith(ground, [`moto[server]==${VERSION}`, `boto3==${BOTO3}`]);

/** Another emulator of AWS: the same calls are made of it and of ours, by AWS's SDK for Python. */
export const moto: Peer = {
  name: 'moto',
  software: "moto's server, asked by boto3",
  version: `${VERSION}, ${BOTO3}`,
  from: 'PyPI',
  against: '`simulate`, and `sweep` on both',
  needs: ['python3'],
  limits: 'Texts of errors are not compared, only their codes and statuses; dates only by being there.',
  explained: EXPLAINED,
  install: installed,
  run: async (ground) => {
    const bin = await installed(ground);
    const { endpoint } = await ground.simulate();
    const asked = async (address: string): Promise<Readonly<Record<string, unknown>>> => {
      const answered = await askedByBoto3(bin, address);
      const swept = Object.entries(await sweptFleet(address));
      return {
        ...answered,
        ...Object.fromEntries(swept.map(([state, found]) => [`sweep, ${state}`, found])),
      };
    };
    const ours = await asked(endpoint);
    const theirs = await withMoto(bin, asked);
    return Object.keys(ours).map(
      (name): Case => ({ name, theirs: normal(theirs[name]), ours: normal(ours[name]) }),
    );
  },
};

async function withMoto<T>(bin: string, ask: (endpoint: string) => Promise<T>): Promise<T> {
  const port = await freePort();
  const server = spawn(join(bin, 'moto_server'), ['--host', '127.0.0.1', '--port', String(port)], {
    stdio: 'ignore',
  });
  const ended = once(server, 'exit');
  try {
    const endpoint = `http://127.0.0.1:${port}`;
    await untilAnswered(endpoint, server);
    return await ask(endpoint);
  } finally {
    server.kill();
    await ended;
  }
}

/** Number of times a server that starts is asked for an answer, and the pause between. */
const TRIES = 240;
const PAUSE_MS = 500;

async function untilAnswered(
  endpoint: string,
  { exitCode }: { readonly exitCode: number | null },
): Promise<void> {
  for (let left = TRIES; left > 0 && exitCode === null; left -= 1) {
    const answered = await fetch(`${endpoint}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return;
    await pause(PAUSE_MS);
  }
  throw new Unavailable(`moto's server does not answer at ${endpoint}`);
}
