import { EventEmitter } from 'node:events';
import dynalite from 'dynalite';
import { instant } from '../../../../src/calendar/instant.ts';
import { AwsError } from '../../../../src/simulator/call/aws-error.ts';
import type { Call, Input } from '../../../../src/simulator/call/service.ts';
import { createDynamoDb } from '../../../../src/simulator/dynamodb/dynamodb.ts';

/** One of the two DynamoDBs that are held against each other. */
export interface Player {
  /** Returns the answer or the refusal of an operation, as text of plain values. */
  play(operation: string, input: Input): Promise<Outcome>;
}

export type Outcome = { readonly answer: unknown } | { readonly refused: string; readonly message: string };

const call: Call = {
  account: '111122223333',
  region: 'eu-west-1',
  role: 'tester',
  principal: 'arn:aws:sts::111122223333:assumed-role/tester/tester',
  requestId: 'request',
  now: instant(Date.UTC(2026, 0, 1)),
};

/** The simulator's own. */
export function ours(): Player {
  const { operations } = createDynamoDb();
  return {
    play: async (operation, input) => {
      try {
        // What went over the wire is nobody's to change.
        return plain(await operations[operation]?.(JSON.parse(JSON.stringify(input)), call));
      } catch (error) {
        if (error instanceof AwsError) return { refused: error.code, message: error.message };
        throw error;
      }
    },
  };
}

const plain = (answer: unknown): Outcome => ({ answer: JSON.parse(JSON.stringify(answer)) });

const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20200101T000000Z',
  authorization: 'AWS4-HMAC-SHA256 Credential=simulated, SignedHeaders=host, Signature=simulated',
};

/** The npm package that plays DynamoDB by what was recorded of it. Its tables take a moment to be there. */
export function theirs(): Player {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  const play: Player['play'] = (operation, input) =>
    new Promise((resolve) => {
      const headers = { ...HEADERS, 'x-amz-target': `DynamoDB_20120810.${operation}` };
      const request = Object.assign(new EventEmitter(), { method: 'POST', url: '/', headers });
      const reply = {
        statusCode: 200,
        setHeader: () => undefined,
        end(body = '') {
          const answer = JSON.parse(body);
          const { __type: type = '', message, Message } = answer;
          if (this.statusCode === 200) resolve({ answer });
          else resolve({ refused: type.slice(type.indexOf('#') + 1), message: message ?? Message });
        },
      };
      server.emit('request', request, reply);
      request.emit('data', Buffer.from(JSON.stringify(input)));
      request.emit('end');
    });
  return {
    play: async (operation, input) => {
      const outcome = await play(operation, input);
      if (operation !== 'CreateTable') return outcome;
      const table = { TableName: input['TableName'] };
      while (JSON.stringify(await play('DescribeTable', table)).includes('"CREATING"')) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      return outcome;
    },
  };
}

/** A table with a sort key and two indexes: a sparse one with a sort key of numbers, and one of keys alone. */
export const TABLE: Input = {
  TableName: 'things',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'owner', AttributeType: 'S' },
    { AttributeName: 'rank', AttributeType: 'N' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-owner',
      KeySchema: [
        { AttributeName: 'owner', KeyType: 'HASH' },
        { AttributeName: 'rank', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
    {
      IndexName: 'owners',
      KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
};
