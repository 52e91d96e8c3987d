/** Splits a command line into words as a POSIX shell does, as far as single quotes and backslashes go. */
export function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  const pattern = /(?:'[^']*'|\\[\s\S]|[^'\\ ])+/g;
  for (const [word] of line.matchAll(pattern)) {
    words.push(word.replaceAll(/'([^']*)'|\\([\s\S])/g, (_all, quoted, escaped) => quoted ?? escaped));
  }
  return words;
}
