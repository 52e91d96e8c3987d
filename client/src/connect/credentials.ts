import type { SecretValue } from '../cache/secret-value.ts';
import { OLDER } from '../config/database-secret.ts';
import { SecretFormatError } from '../errors.ts';
import { printAsJson } from '../redaction.ts';

/**
 * Credentials of one log-in. No field is enumerable, so that printing or spreading shows nothing; read each by name.
 */
export interface Credentials {
  readonly username: string;
  /** The password, or the whole text of a secret that is no JSON object. */
  readonly password: string;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly dbname?: string | undefined;
  readonly engine?: string | undefined;
  /** Every other field of the secret's JSON. */
  readonly [field: string]: unknown;
}

/** Credentials to try, and where they come from. */
export interface Candidate {
  readonly versionId: string;
  readonly credentials: Credentials;
  /** The AWSCURRENT whose place an AWSPENDING takes; undefined for AWSCURRENT itself. */
  readonly insteadOf: string | undefined;
}

/**
 * Fields in which AWSPENDING has to equal AWSCURRENT, with their older names; absent on both sides counts as equal.
 */
const SAME_TARGET = [
  ...['username', 'host'].map((field) => [field, ...(OLDER[field] ?? [])]),
  ['port'],
  ['engine'],
];

type Fields = Readonly<Record<string, unknown>>;

/**
 * Credentials of AWSCURRENT.
 *
 * @throws {SecretFormatError} The secret is binary.
 */
export const ofCurrent = (value: SecretValue): Candidate => ({
  versionId: value.VersionId,
  credentials: toCredentials(fieldsOf(value)),
  insteadOf: undefined,
});

/**
 * Credentials of AWSPENDING in the place of AWSCURRENT: the secret fields of the one, all others of the other.
 * Undefined when it is the same version, holds nothing new, or names another user or place (rotation with alternating
 * users).
 */
export function ofPending(
  current: SecretValue,
  pending: SecretValue,
  secretKeys: readonly string[],
): Candidate | undefined {
  if (pending.VersionId === current.VersionId || pending.SecretString === undefined) return undefined;
  const [now, next] = [fieldsOf(current), fieldsOf(pending)];
  const same = (names: readonly string[]) => first(now, names) === first(next, names);
  if (isPlain(current) !== isPlain(pending) || !SAME_TARGET.every(same)) return undefined;
  const isNew = (key: string) =>
    Object.hasOwn(next, key) && next[key] !== null && JSON.stringify(next[key]) !== JSON.stringify(now[key]);
  if (!secretKeys.some(isNew)) return undefined;
  const secret = Object.fromEntries(secretKeys.filter(isNew).map((key) => [key, next[key]]));
  const credentials = toCredentials({ ...now, ...secret });
  return { versionId: pending.VersionId, credentials, insteadOf: current.VersionId };
}

const text = (field: unknown): string | undefined =>
  field === undefined || field === null ? undefined : String(field);

/** The value of the first of these names that has one, as text. */
const first = (fields: Fields, names: readonly string[]): string | undefined =>
  names.map((name) => text(fields[name])).find((found) => found !== undefined);

/** The fields of a JSON object; a text that is no JSON object is the password and nothing else. */
function fieldsOf(value: SecretValue): Fields {
  const { SecretString } = value;
  if (SecretString === undefined)
    throw new SecretFormatError(`Cannot use secret "${value.Name}" to log in: it is binary`);
  return objectOf(value) ?? { password: SecretString };
}

const isPlain = (value: SecretValue): boolean => objectOf(value) === undefined;

function objectOf(value: SecretValue): Fields | undefined {
  try {
    const parsed = value.json();
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Fields)
      : undefined;
  } catch {
    return undefined;
  }
}

const PRINTED = {
  toJSON: (): unknown => '[redacted]',
};
printAsJson(PRINTED);

function toCredentials(fields: Fields): Credentials {
  const { password, port } = fields;
  const called = (name: string) => first(fields, [name, ...(OLDER[name] ?? [])]);
  const all = {
    ...fields,
    username: called('username') ?? '',
    host: called('host'),
    dbname: called('dbname'),
    password: text(password) ?? '',
    port: port === undefined || port === null || port === '' ? undefined : Number(port),
  };
  const hidden = Object.entries(all).map(([key, value]) => [key, { value, enumerable: false }] as const);
  return Object.freeze(Object.create(PRINTED, Object.fromEntries(hidden)) as Credentials);
}
