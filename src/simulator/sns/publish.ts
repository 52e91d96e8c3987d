import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Input } from '../call/service.ts';
import { invalidParameter, refuseInput } from './errors.ts';
import type { Publication, SnsAttribute } from './topic.ts';

/** Largest message, attributes included: 256 KiB. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MAX_MESSAGE_BYTES: number = 256 * 1024;

const attribute = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});
const publishing = z.object({
  TopicArn: z.string().optional(),
  TargetArn: z.string().optional(),
  Message: z.string().default(''),
  Subject: z.string().optional(),
  MessageStructure: z.string().optional(),
  MessageAttributes: z.record(z.string(), attribute).default({}),
});

/** The message that a Publish asks for, checked as SNS checks it. */
export function readPublication(input: Input, messageId: string): Publication {
  const { TopicArn, TargetArn, Message, Subject, MessageStructure, MessageAttributes } = readInput(
    publishing,
    input,
    refuseInput,
  );
  const topicArn = TopicArn ?? TargetArn;
  if (topicArn === undefined) {
    throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
  }
  if (Message === '') throw invalidParameter('Empty message');
  checkSubject(Subject);
  checkAttributes(MessageAttributes);
  if (Buffer.byteLength(Message) + attributeBytes(MessageAttributes) > MAX_MESSAGE_BYTES) {
    throw invalidParameter('Message too long');
  }
  const messageFor = MessageStructure === 'json' ? perProtocol(Message) : () => Message;
  return { messageId, topicArn, subject: Subject, messageFor, attributes: MessageAttributes };
}

/** ASCII that begins with a letter, digit or punctuation mark, without control characters, under 100 characters. */
function checkSubject(subject: string | undefined): void {
  if (subject === undefined || /^[!-~][ -~]{0,98}$/.test(subject)) return;
  throw invalidParameter('Subject');
}

const messages = z.looseObject({ default: z.string() });

function perProtocol(text: string): Publication['messageFor'] {
  const parsed = messages.safeParse(parseJson(text));
  if (!parsed.success) {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return (protocol) => {
    const own = parsed.data[protocol];
    return typeof own === 'string' ? own : parsed.data.default;
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
}

function checkAttributes(attributes: Readonly<Record<string, SnsAttribute>>): void {
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!/^(String|Number|Binary)(\..+)?$/.test(DataType)) {
      const message = `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`;
      throw new AwsError('InvalidParameterValue', message);
    }
    if ((StringValue ?? BinaryValue ?? '') === '') {
      const message = `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`;
      throw new AwsError('InvalidParameterValue', message);
    }
  }
}

const attributeBytes = (attributes: Readonly<Record<string, SnsAttribute>>): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + Buffer.byteLength(BinaryValue, 'base64'),
    0,
  );
