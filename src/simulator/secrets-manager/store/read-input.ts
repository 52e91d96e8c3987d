import { AwsError } from '../../call/aws-error.ts';
import type { Input } from '../../call/service.ts';
import { invalidMember, invalidParameter, invalidRequest, tooLong } from './errors.ts';
import type { SecretValue } from './version-stages.ts';

/** A text, or undefined when it was not sent. */
export function readText(input: Input, key: string): string | undefined {
  const value = input[key] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw wrongType(key, 'a string');
}

/** A text that must be sent. */
export function requireText(input: Input, key: string): string {
  const value = readText(input, key);
  if (value === undefined) throw invalidMember(lowerFirst(key), null, 'not be null');
  return value;
}

/** A whole number within its limits, or undefined when it was not sent. */
export function readNumber(input: Input, key: string, least: number, most: number): number | undefined {
  const value = input[key] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(key, 'a whole number');
  if (value < least)
    throw invalidMember(lowerFirst(key), value, `have value greater than or equal to ${least}`);
  if (value > most) throw invalidMember(lowerFirst(key), value, `have value less than or equal to ${most}`);
  return value;
}

/** A boolean, or undefined when it was not sent. */
export function readFlag(input: Input, key: string): boolean | undefined {
  const value = input[key] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrongType(key, 'a boolean');
}

/** A list of texts, or undefined when it was not sent. */
export function readTexts(input: Input, key: string): readonly string[] | undefined {
  const value = input[key] ?? undefined;
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw wrongType(key, 'a list of strings');
}

/** A list of objects, or undefined when it was not sent. */
export function readObjects(input: Input, key: string): readonly Input[] | undefined {
  const value = input[key] ?? undefined;
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw wrongType(key, 'a list of objects');
}

/** An object, or undefined when it was not sent. */
export function readObject(input: Input, key: string): Input | undefined {
  const value = input[key] ?? undefined;
  if (value === undefined || isObject(value)) return value;
  throw wrongType(key, 'an object');
}

/** The idempotency token that becomes a version id; SDK clients always send one. `refuse` makes the error of those who do not. */
export function requireToken(input: Input, refuse: (message: string) => AwsError = invalidRequest): string {
  const token = readText(input, 'ClientRequestToken');
  if (token === undefined) {
    throw refuse('You must provide a ClientRequestToken value. We recommend a UUID-type value.');
  }
  if (token.length >= 32 && token.length <= 64) return token;
  throw invalidParameter('ClientRequestToken must be 32-64 characters long.');
}

/** Largest value. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MOST_BYTES = 65_536;

/** SecretString or SecretBinary, or undefined when neither was sent. */
export function readValue(input: Input): SecretValue | undefined {
  const text = readText(input, 'SecretString');
  const binary = readText(input, 'SecretBinary');
  if (text !== undefined && binary !== undefined) {
    throw invalidParameter("You can't specify both SecretString and SecretBinary in the same request.");
  }
  if (text !== undefined && Buffer.byteLength(text) > MOST_BYTES) throw tooLong('secretString', MOST_BYTES);
  if (binary !== undefined && Buffer.byteLength(binary, 'base64') > MOST_BYTES) {
    throw tooLong('secretBinary', MOST_BYTES);
  }
  if (text !== undefined) return { field: 'SecretString', text };
  return binary === undefined ? undefined : { field: 'SecretBinary', text: binary };
}

/** The name of a member as validation messages and CloudTrail write it. */
export const lowerFirst = (key: string): string => key.slice(0, 1).toLowerCase() + key.slice(1);

/** True for a JSON object. */
export const isObject = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrongType = (key: string, wanted: string) =>
  new AwsError('SerializationException', `${key} must be ${wanted}.`);
