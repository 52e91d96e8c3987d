const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What Slack would not show, or what would count several times over once it is JSON: control characters, half characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * The text as Slack shows it literally, at most `longest` characters once escaped; a longer one ends in "…".
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function escaped(text: string, longest: number): string {
  let written = '';
  let shortened = '';
  for (const character of text) {
    const next = character === '\n' ? character : (ENTITIES[character] ?? printable(character));
    if (written.length + next.length > longest) return `${shortened}…`;
    written += next;
    if (written.length < longest) shortened = written;
  }
  return written;
}

const printable = (character: string): string => (UNPRINTABLE.test(character) ? ' ' : character);

/** Lines of code as a block; three backquotes within would end it, so they are kept apart. */
export const codeBlock = (lines: readonly string[]): string =>
  `\`\`\`\n${lines.join('\n').replaceAll('```', '` ` `')}\n\`\`\``;
