import type * as z from 'zod';
import { referenceFaults } from './references.ts';
import type { Scenario } from './scenario.ts';
import { ScenarioError, type ScenarioFault } from './scenario-error.ts';
import { scenarioSchema } from './schema.ts';

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
