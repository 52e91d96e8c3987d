import { dirname } from 'node:path';

/** A source file and the files that it imports, all from the root of the checkout. */
export interface ImportingFile {
  readonly path: string;
  readonly imports: readonly string[];
}

/** Groups of folders that import each other in a circle, each folder counted for its own files alone. */
export function folderCycles(files: readonly ImportingFile[]): readonly (readonly string[])[] {
  const reach = reachable(folderImports(files));
  const seen = new Set<string>();
  return [...reach.keys()].flatMap((folder) => {
    if (seen.has(folder)) return [];
    const circle = [...(reach.get(folder) ?? [])].filter((other) => reach.get(other)?.has(folder));
    for (const each of circle) seen.add(each);
    return circle.length > 1 ? [circle.sort()] : [];
  });
}

/** Returns the folders from which the files of each folder import, itself left out. */
function folderImports(files: readonly ImportingFile[]): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Set(files.map(({ path }) => path));
  const imports = new Map<string, Set<string>>();
  for (const { path, imports: targets } of files) {
    const folder = dirname(path);
    const into = imports.get(folder) ?? new Set();
    for (const target of targets)
      if (known.has(target) && dirname(target) !== folder) into.add(dirname(target));
    imports.set(folder, into);
  }
  return imports;
}

/** Returns the folders that each folder reaches over any number of imports. */
function reachable(
  imports: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const from = (start: string): ReadonlySet<string> => {
    const reached = new Set<string>();
    const ahead = [...(imports.get(start) ?? [])];
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      ahead.push(...(imports.get(next) ?? []));
    }
    return reached;
  };
  return new Map([...imports.keys()].map((folder) => [folder, from(folder)]));
}
