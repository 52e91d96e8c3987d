/** Longer names are compared by their beginnings: what people mistype is near it. */
const COMPARED = 64;

/** The names that come nearest to a text, nearest first, as far as they resemble it at all. */
export function nearestNames(names: readonly string[], text: string, most: number): readonly string[] {
  const wanted = text.toLowerCase().slice(0, COMPARED);
  return names
    .map((name) => ({ name, distance: distanceOf(name.toLowerCase().slice(0, COMPARED), wanted) }))
    .filter(({ name, distance }) => distance < Math.max(name.length, wanted.length))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** A name that holds the text, or is held by it, is nearer than one that only has as many letters. */
function distanceOf(name: string, wanted: string): number {
  const edits = editsBetween(name, wanted);
  const holds = wanted.length > 1 && (name.includes(wanted) || (name.length > 1 && wanted.includes(name)));
  return holds ? Math.min(1, edits) : edits;
}

/**
 * Returns the number of letters to insert, delete or replace to turn one text into the other: Levenshtein's distance,
 * by the row. https://en.wikipedia.org/wiki/Levenshtein_distance#Iterative_with_two_matrix_rows
 */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let at = 1; at <= a.length; at++) {
    const next = [at];
    for (let other = 1; other <= b.length; other++) {
      const replaced = (row[other - 1] ?? 0) + (a[at - 1] === b[other - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[other] ?? 0) + 1, (next[other - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
