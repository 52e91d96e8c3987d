import type * as z from 'zod';
import type { ScenarioFault } from './scenario-error.ts';
import { functionBehaviour, secretBehaviour } from './schema.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The faults of a scenario in names that refer to each other. Takes what is in the file, whatever it is, so that
 * these faults can be told together with those of its shape.
 */
export function referenceFaults(file: unknown): readonly ScenarioFault[] {
  const functions = entries(file, 'functions');
  const secrets = entries(file, 'secrets');
  const functionNames = functions.map(({ name }) => name);
  const secretNames = secrets.map(({ name }) => name);
  const expect = fields(fields(file)['expect']);
  const oneOf = (names: readonly unknown[], what: string) => `the name of a ${what} (${names.join(', ')})`;
  const known = (path: string, given: unknown): readonly ScenarioFault[] =>
    typeof given !== 'string' || secretNames.includes(given)
      ? []
      : [{ path, expected: oneOf(secretNames, 'secret'), got: given }];
  return [
    ...repeated('functions', functionNames),
    ...repeated('secrets', secretNames),
    ...secrets.flatMap((secret, index) => functionFaults(secret, `secrets.${index}.function`, functionNames)),
    ...entries(file, 'timeline').flatMap((entry, index) => [
      ...known(`timeline.${index}.secret`, entry['secret']),
      ...behaviourFaults(entry, `timeline.${index}.with`),
    ]),
    ...entries(expect, 'announce').flatMap((each, at) =>
      known(`expect.announce.${at}.secret`, each['secret']),
    ),
    ...entries(expect, 'never').flatMap((each, at) => known(`expect.never.${at}.secret`, each['secret'])),
  ];
}

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};

function entries(of: unknown, key: string): readonly Fields[] {
  const list = fields(of)[key];
  return Array.isArray(list) ? list.map(fields) : [];
}

const repeated = (list: string, names: readonly unknown[]): readonly ScenarioFault[] =>
  names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index
      ? [{ path: `${list}.${index}.name`, expected: 'a name that no other one has', got: name }]
      : [],
  );

function functionFaults(secret: Fields, path: string, names: readonly unknown[]): readonly ScenarioFault[] {
  const { kind, function: given } = secret;
  if (kind !== 'function') {
    return given === undefined
      ? []
      : [{ path, expected: 'nothing, as the kind is not "function"', got: given }];
  }
  return names.includes(given)
    ? []
    : [{ path, expected: `the name of a function (${names.join(', ')})`, got: given }];
}

function behaviourFaults(entry: Fields, path: string): readonly ScenarioFault[] {
  switch (entry['do']) {
    case 'SetFunctionBehaviour':
      return shapeFaults(functionBehaviour, entry['with'] ?? {}, path);
    case 'SetSecretBehaviour':
      return shapeFaults(secretBehaviour, entry['with'] ?? {}, path);
    default:
      return [];
  }
}

function shapeFaults(schema: z.ZodType, value: unknown, path: string): readonly ScenarioFault[] {
  const outcome = schema.safeParse(value);
  if (outcome.success) return [];
  return outcome.error.issues.map((issue) => ({
    path: [path, ...issue.path].join('.'),
    expected: issue.message,
    got: issue.path.reduce<unknown>((part, key) => fields(part)[String(key)], value),
  }));
}
