/** Splits a command line into words as bash does, as far as single quotes, `$'…'` with bytes, and backslashes go. */
export function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  const pattern = /(?:\$'(?:[^'\\]|\\[\s\S])*'|'[^']*'|\\[\s\S]|[^'\\ ])+/g;
  for (const [word] of line.matchAll(pattern)) {
    const parts = /\$'((?:[^'\\]|\\[\s\S])*)'|'([^']*)'|\\([\s\S])/g;
    words.push(
      word.replaceAll(parts, (_all, ansi, quoted, escaped) =>
        ansi === undefined ? (quoted ?? escaped) : unescaped(ansi),
      ),
    );
  }
  return words;
}

function unescaped(ansi: string): string {
  const bytes: number[] = [];
  for (const [part, hex, escaped] of ansi.matchAll(/\\x([\da-f]{2})|\\([\s\S])|[^\\]/gu))
    bytes.push(...(hex === undefined ? Buffer.from(escaped ?? part) : [Number.parseInt(hex, 16)]));
  return Buffer.from(bytes).toString('utf8');
}
