import { EventEmitter } from 'node:events';
import dynalite, { type DynaliteServer } from 'dynalite';
import { AwsError } from '../call/aws-error.ts';
import type { Home, Input, Operation, Service } from '../call/service.ts';
import { closeIterators } from './closing-iterators.ts';

/** DynamoDB as dynalite plays it, in memory. */
export interface DynamoDb extends Service {
  /** Frees the memory; no call may follow. */
  close(): Promise<void>;
}

/** What dynalite 4 knows; there are no transactions, PartiQL, streams or settable TTL. */
const OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
] as const;

/** Tables pass through states at once, so that a created table can be used at once. */
const INSTANT = { createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 };

/** An empty DynamoDB. */
export function createDynamoDb(home: Home): DynamoDb {
  closeIterators();
  const server = dynalite(INSTANT);
  const operations: Record<string, Operation> = {};
  for (const name of OPERATIONS) operations[name] = (input) => ask(server, name, input, home);
  return {
    operations: { ...operations, CreateTable: (input) => createTable(server, input, home) },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Answers CreateTable when the table is ACTIVE: dynalite makes it so in a timer of its own. */
async function createTable(server: DynaliteServer, input: Input, home: Home): Promise<unknown> {
  const created = await ask(server, 'CreateTable', input, home);
  const table = { TableName: input['TableName'] };
  while (JSON.stringify(await ask(server, 'DescribeTable', table, home)).includes('"CREATING"')) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return created;
}

/** dynalite looks for the parts of a signature but does not check it. */
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20200101T000000Z',
  authorization: 'AWS4-HMAC-SHA256 Credential=simulated, SignedHeaders=host, Signature=simulated',
};

/** The answer as node:http would get it from dynalite. */
class Reply {
  statusCode = 200;
  readonly #done: (status: number, body: string) => void;

  constructor(done: (status: number, body: string) => void) {
    this.#done = done;
  }

  setHeader(): void {}

  end(body = ''): void {
    this.#done(this.statusCode, body);
  }
}

function ask(server: DynaliteServer, operation: string, input: Input, home: Home): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { ...HEADERS, 'x-amz-target': `DynamoDB_20120810.${operation}` };
    const request = Object.assign(new EventEmitter(), { method: 'POST', url: '/', headers });
    const reply = new Reply((status, body) => {
      if (status === 200) resolve(parse(body, home));
      else reject(failure(status, body));
    });
    server.emit('request', request, reply);
    request.emit('data', Buffer.from(JSON.stringify(input)));
    request.emit('end');
  });
}

/** dynalite takes account and region of table ARNs from the environment. */
function parse(body: string, { account, region }: Home): unknown {
  const here = body.includes('"arn:aws:dynamodb:')
    ? body.replaceAll(/"arn:aws:dynamodb:[^:"]*:\d*:table/g, `"arn:aws:dynamodb:${region}:${account}:table`)
    : body;
  return JSON.parse(here);
}

function failure(status: number, body: string): AwsError {
  const { __type, message, Message } = JSON.parse(body === '' ? '{}' : body);
  const code = String(__type ?? 'InternalServerError');
  return new AwsError(code.slice(code.indexOf('#') + 1), String(message ?? Message ?? ''), status);
}
