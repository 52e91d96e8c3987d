import type { AttributeValue, Item } from '../values/attribute-value.ts';
import type { Placeholders } from './placeholders.ts';
import { ExpressionError, type Tokens } from './tokens.ts';

/** Position of a value in an item: an attribute, then names in maps and places in lists. */
export type Path = readonly [string, ...(string | number)[]];

/** Whether a path begins here, and no placeholder of a value or number. */
export const startsPath = (tokens: Tokens): boolean => {
  const { kind, text } = tokens.peek();
  return kind === 'name' || (kind === 'placeholder' && text.startsWith('#'));
};

/** Reads a path such as `a`, `#b.c` or `d[0]`. */
export function readPath(tokens: Tokens, placeholders: Placeholders): Path {
  if (!startsPath(tokens)) throw tokens.fault();
  const path: [string, ...(string | number)[]] = [placeholders.name(tokens.next())];
  while (true) {
    if (tokens.take('.')) {
      if (!startsPath(tokens)) throw tokens.fault();
      path.push(placeholders.name(tokens.next()));
    } else if (tokens.take('[')) {
      if (tokens.peek().kind !== 'number') throw tokens.fault();
      path.push(Number(tokens.next().text));
      tokens.expect(']');
    } else return path;
  }
}

/** Reads paths with commas between them. */
export function readPaths(tokens: Tokens, placeholders: Placeholders): readonly Path[] {
  const paths = [readPath(tokens, placeholders)];
  while (tokens.take(',')) paths.push(readPath(tokens, placeholders));
  return paths;
}

/** The value at a path; undefined where there is none. */
export function valueAt(item: Item, [name, ...rest]: Path): AttributeValue | undefined {
  let value = item[name];
  for (const part of rest) {
    if (value === undefined) return;
    if (typeof part === 'number') value = 'L' in value ? value.L[part] : undefined;
    else value = 'M' in value ? value.M[part] : undefined;
  }
  return value;
}

/** Refuses two paths of which one leads to or through the other. */
export function mustBeApart(paths: readonly Path[]): void {
  for (const [at, one] of paths.entries()) {
    for (const two of paths.slice(at + 1)) {
      const fault = clash(one, two);
      if (fault === undefined) continue;
      throw new ExpressionError(
        `Two document paths ${fault} with each other; must remove or rewrite one of these paths; path one: ${showPath(one)}, path two: ${showPath(two)}`,
      );
    }
  }
}

function clash(one: Path, two: Path): 'overlap' | 'conflict' | undefined {
  const shared = Math.min(one.length, two.length);
  for (let at = 0; at < shared; at += 1) {
    if (typeof one[at] !== typeof two[at]) return 'conflict';
    if (one[at] !== two[at]) return;
  }
  return 'overlap';
}

/** Returns a path as DynamoDB writes it in its errors. */
export const showPath = (path: Path): string =>
  `[${path.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join(', ')}]`;

/** Returns the part of an item at the paths; the elements of a list move together. */
export function project(item: Item, paths: readonly Path[]): Item {
  const wanted = paths.map((path): readonly (string | number)[] => path);
  return projectedMap(item, wanted);
}

type Steps = readonly (string | number)[];

function projectedMap(item: Item, wanted: readonly Steps[]): Item {
  const kept: Record<string, AttributeValue> = Object.create(null);
  for (const name of new Set(wanted.map(([first]) => first))) {
    const value = typeof name === 'string' ? item[name] : undefined;
    const part = value === undefined ? undefined : projected(value, below(wanted, name));
    if (part !== undefined) kept[String(name)] = part;
  }
  return kept;
}

/** Undefined where nothing of the value was asked for. */
function projected(value: AttributeValue, wanted: readonly Steps[]): AttributeValue | undefined {
  if (wanted.some((steps) => steps.length === 0)) return value;
  if ('M' in value) {
    const part = projectedMap(value.M, wanted);
    return Object.keys(part).length === 0 ? undefined : { M: part };
  }
  if (!('L' in value)) return;
  const part = value.L.flatMap((element, at) => {
    const steps = below(wanted, at);
    const kept = steps.length === 0 ? undefined : projected(element, steps);
    return kept === undefined ? [] : [kept];
  });
  return part.length === 0 ? undefined : { L: part };
}

const below = (wanted: readonly Steps[], first: string | number | undefined): readonly Steps[] =>
  wanted.filter(([step]) => step === first).map(([, ...rest]) => rest);
