/** A command line cannot be read. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
}

/** One way to go on reading: a pattern that matches here and the text it stands for. */
interface Token {
  readonly pattern: RegExp;
  readonly means: (matched: string) => string;
}

/** Outside of blanks, in the order in which a POSIX shell sees them. */
const TOKENS: readonly Token[] = [
  { pattern: /\$'(?:[^'\\]|\\[\s\S])*'/y, means: (text) => unescapedAnsi(text.slice(2, -1)) },
  { pattern: /'[^']*'/y, means: (text) => text.slice(1, -1) },
  { pattern: /"(?:[^"\\$`]|\\[\s\S])*"/y, means: (text) => unescapedInQuotes(text.slice(1, -1)) },
  { pattern: /\\\n/y, means: () => '' },
  { pattern: /\\[\s\S]/y, means: (text) => text.slice(1) },
  { pattern: /[^ \t\n'"\\$`|&;<>()]+/y, means: (text) => text },
];

/** A command line, taken apart. */
export interface CommandLine {
  readonly words: readonly string[];
  /** Text that the command reads from its standard input; undefined when it is not redirected. */
  readonly input: string | undefined;
}

/** Operator of a here-string: the command reads the next word and a line feed after it. */
const HERE_STRING = '<<<';

/**
 * Splits a command line into words as a shell does: single and double quotes, those of ANSI C, backslashes, comments,
 * and the here-string of bash and zsh. Whatever else would need a shell (variables, substitutions, pipes, redirections, several
 * commands) is refused.
 */
export function readCommandLine(command: string): CommandLine {
  const line = command.replace(/\n+$/, '');
  const words: string[] = [];
  let input: string | undefined;
  for (let at = skipBlanks(line, 0); at < line.length; ) {
    if (line[at] === '#') break;
    const isInput = line.startsWith(HERE_STRING, at);
    const { word, end } = readWord(line, isInput ? skipBlanks(line, at + HERE_STRING.length) : at);
    if (isInput) input = `${word}\n`;
    else words.push(word);
    at = skipBlanks(line, end);
  }
  return { words, input };
}

function skipBlanks(line: string, from: number): number {
  const blanks = /(?:[ \t]|\\\n)*/y;
  blanks.lastIndex = from;
  blanks.exec(line);
  return blanks.lastIndex;
}

function readWord(line: string, from: number): { readonly word: string; readonly end: number } {
  let word = '';
  let end = from;
  while (end < line.length && !/[ \t]/.test(line[end] ?? '')) {
    const { text, length } = readToken(line, end);
    word += text;
    end += length;
  }
  return { word, end };
}

function readToken(line: string, at: number): { readonly text: string; readonly length: number } {
  for (const { pattern, means } of TOKENS) {
    pattern.lastIndex = at;
    const [matched] = pattern.exec(line) ?? [];
    if (matched !== undefined) return { text: means(matched), length: matched.length };
  }
  throw new CommandLineError(`Cannot read the command line at column ${at + 1}: ${refusal(line[at])}`);
}

function refusal(character: string | undefined): string {
  if (character === "'") return 'the quote is not closed';
  if (character === '"') return 'the quote is not closed, or holds a variable or a substitution';
  if (character === '\\') return 'a backslash ends it';
  return character === '\n' ? 'a second line follows' : `"${character}" needs a shell`;
}

/** The escapes of ANSI C quoting that advice uses; bytes are those of UTF-8. */
function unescapedAnsi(text: string): string {
  const bytes = text.replaceAll(/\\x[\da-f]{2}|\\[\s\S]|[\s\S]/giu, (part) =>
    part.startsWith('\\x')
      ? `%${part.slice(2)}`
      : encodeURIComponent(part.length > 1 && part.startsWith('\\') ? part.slice(1) : part),
  );
  return decodeURIComponent(bytes);
}

/** Within double quotes a backslash escapes only these. */
const unescapedInQuotes = (text: string): string =>
  text.replaceAll(/\\([$`"\\\n])/g, (_all, character: string) => (character === '\n' ? '' : character));
