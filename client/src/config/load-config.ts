import type { SecretCache } from '../cache/secret-cache.ts';
import { SecretConfigError } from '../errors.ts';
import { printAsJson } from '../redaction.ts';
import type { SchemaIssue, SchemaResult, StandardSchema } from './standard-schema.ts';

/** Options for finding a configuration. */
export interface LoadConfigOptions {
  /** Text before the name, such as `production/`, so that code names no environment. @default '' */
  readonly prefix?: string | undefined;
}

/**
 * Reads a secret that is JSON and checks it with any Standard Schema (zod, valibot, arktype, …). What it returns is
 * typed by the schema, whose defaults and treatment of unknown fields apply. It prints as `[redacted]`; copies of it,
 * `console.dir` and `console.table` show its fields.
 *
 * @throws {SecretConfigError} Fields have not the form that the schema wants. It names fields and never a value.
 * @throws {SecretFormatError} The secret is no JSON.
 * @throws {SecretReadError}
 *
 * @example
 * const { host, port } = await loadConfig(cache, 'orders/db', databaseSecret, { prefix: 'production/' });
 */
export async function loadConfig<Output>(
  cache: SecretCache,
  name: string,
  schema: StandardSchema<Output>,
  { prefix = '' }: LoadConfigOptions = {},
): Promise<Output> {
  const secretId = `${prefix}${name}`;
  const value = (await cache.get(secretId)).json();
  const result = await validated(schema, value);
  if (result.issues !== undefined) throw new SecretConfigError(secretId, result.issues.map(faultOf));
  return redacted(result.value);
}

/** The outcome of a schema. An error that it throws may quote the value, as one of a transformation does. */
async function validated<Output>(
  schema: StandardSchema<Output>,
  value: unknown,
): Promise<SchemaResult<Output>> {
  try {
    return await schema['~standard'].validate(value);
  } catch {
    return { issues: [THREW] };
  }
}

const THREW: SchemaIssue & { readonly expected: string } = {
  message: 'The schema threw an error',
  expected: 'of a form for which the schema throws no error',
};

/** A field and what it should be, in words of the schema alone. */
function faultOf({ path = [], ...issue }: SchemaIssue): string {
  const keys = path.map((part) => String(typeof part === 'object' ? part.key : part).slice(0, 60));
  const { expected } = issue as { readonly expected?: unknown };
  const wanted = typeof expected === 'string' && expected.length < 80 ? expected : 'of another form';
  return `${keys.join('.') || 'the whole value'} must be ${wanted}`;
}

/** A frozen object is printed by a copy of it, as nothing can be added to it. */
function redacted<T>(config: T): T {
  if (typeof config !== 'object' || config === null) return config;
  const target = Object.isExtensible(config)
    ? config
    : (Object.create(Object.getPrototypeOf(config), Object.getOwnPropertyDescriptors(config)) as T & object);
  Object.defineProperty(target, 'toJSON', { value: () => '[redacted]', configurable: true });
  printAsJson(target as T & { toJSON(): unknown });
  return target;
}
