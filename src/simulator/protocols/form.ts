import type { Input } from '../call/service.ts';

type Tree = Map<string, Tree | string>;

/**
 * The input in a form body of the query protocol: `a.b=1` nests, `member.N` makes lists and `entry.N` maps.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function parseForm(body: string): Input {
  const root: Tree = new Map();
  for (const [path, value] of new URLSearchParams(body)) put(root, path.split('.'), value);
  return Object.fromEntries([...root].map(([key, value]) => [key, plain(value)]));
}

function put(tree: Tree, [step = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    tree.set(step, value);
    return;
  }
  const found = tree.get(step);
  const child: Tree = found instanceof Map ? found : new Map();
  tree.set(step, child);
  put(child, rest, value);
}

function plain(value: Tree | string): unknown {
  if (typeof value === 'string') return value;
  const members = value.get('member');
  if (members instanceof Map) return inOrder(members).map(plain);
  const entries = value.get('entry');
  if (entries instanceof Map) return Object.fromEntries(inOrder(entries).map(keyAndValue));
  return Object.fromEntries([...value].map(([key, child]) => [key, plain(child)]));
}

const inOrder = (list: Tree): readonly (Tree | string)[] =>
  [...list].sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);

/** Maps have `key` and `value`, or, in SNS's message attributes, `Name` and `Value`. */
function keyAndValue(entry: Tree | string): [string, unknown] {
  if (typeof entry === 'string') return [entry, undefined];
  const value = entry.get('value') ?? entry.get('Value');
  return [String(entry.get('key') ?? entry.get('Name')), value === undefined ? undefined : plain(value)];
}
