import { shownLine } from './shown.ts';

/** The text as one word of a shell, quoted only where it has to be; always one line of what can be seen. */
export function shellQuote(text: string): string {
  if (/^[\w/:.,@+-]+$/.test(text)) return text;
  return isSeen(text) ? `'${text.replaceAll("'", `'\\''`)}'` : `$'${[...text].map(escaped).join('')}'`;
}

const isSeen = (text: string): boolean => shownLine(text, text.length) === text;

/**
 * A character between `$'` and `'`, which bash and zsh know: what is not seen as the bytes of its UTF-8.
 * https://www.gnu.org/software/bash/manual/html_node/ANSI_002dC-Quoting.html
 */
function escaped(character: string): string {
  if (isSeen(character)) return character.replace(/[\\']/, '\\$&');
  const bytes = [...new TextEncoder().encode(character)];
  return bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
