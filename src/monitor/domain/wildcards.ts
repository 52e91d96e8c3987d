/** Whether a text fits a pattern with `*` and `?` as policies write them, without a regular expression that a long pattern could keep busy. */
export function fitsWildcards(pattern: string, text: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let restart = 0;
  while (from < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      restart = from;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[from])) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++restart;
    } else return false;
  }
  return [...pattern.slice(at)].every((character) => character === '*');
}
