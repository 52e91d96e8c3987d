import { readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { DEFAULT_SCENARIO } from './default-scenario.ts';
import type { Scenario } from './scenario.ts';
import { ScenarioError, type ScenarioFault } from './scenario-error.ts';
import { functionBehaviour, scenarioSchema, secretBehaviour } from './schema.ts';

/** The scenario that comes with the program; a file of this name is `./default`. */
const DEFAULT = 'default';

/** Reads a scenario by name or from a file; fails with a ScenarioError that names every fault, or as the file system does. */
export async function scenarioNamed(nameOrPath: string): Promise<Scenario> {
  return nameOrPath === DEFAULT
    ? checkScenario(DEFAULT_SCENARIO)
    : readScenario(await readFile(nameOrPath, 'utf8'));
}

/** Reads the text of a scenario file; throws one {@link ScenarioError} with all faults. */
export function readScenario(text: string): Scenario {
  return checkScenario(parseJson(text));
}

/** Checks what a scenario file holds; throws one {@link ScenarioError} with all faults. */
export function checkScenario(file: unknown): Scenario {
  const outcome = scenarioSchema.safeParse(file);
  const shape = outcome.success ? [] : outcome.error.issues.flatMap((issue) => shapeFaults(issue, file));
  const references = referenceFaults(file).filter(
    ({ path }) => !shape.some((fault) => path === fault.path || path.startsWith(`${fault.path}.`)),
  );
  const faults = [...shape, ...references];
  if (!outcome.success || faults.length > 0) throw new ScenarioError(faults);
  return outcome.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScenarioError([{ path: '', expected: 'JSON', got: reason }]);
  }
}

type Issue = z.core.$ZodIssue;

function shapeFaults(issue: Issue, file: unknown): readonly ScenarioFault[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => fault([...path, key], 'no field of this name', file));
  }
  return [fault(path, expectation(issue), file)];
}

const fault = (path: readonly string[], expected: string, file: unknown): ScenarioFault => ({
  path: path.join('.'),
  expected,
  got: path.reduce<unknown>(member, file),
});

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? `a ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`;
    case 'too_small':
      return issue.origin === 'array' ? 'at least one entry' : `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'invalid_format':
      return `a text of the form ${issue.pattern ?? issue.format}`;
    default:
      return issue.message;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The faults of a scenario in names that refer to each other. Takes what is in the file, whatever it is, so that these
 * faults can be reported together with those of its shape.
 */
function referenceFaults(file: unknown): readonly ScenarioFault[] {
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
      return withFaults(functionBehaviour, entry['with'] ?? {}, path);
    case 'SetSecretBehaviour':
      return withFaults(secretBehaviour, entry['with'] ?? {}, path);
    default:
      return [];
  }
}

function withFaults(schema: z.ZodType, value: unknown, path: string): readonly ScenarioFault[] {
  const outcome = schema.safeParse(value);
  if (outcome.success) return [];
  return outcome.error.issues.map((issue) => ({
    path: [path, ...issue.path].join('.'),
    expected: issue.message,
    got: issue.path.reduce<unknown>((part, key) => fields(part)[String(key)], value),
  }));
}
