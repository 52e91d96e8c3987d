/** Columns of a terminal of unknown width, and of what is not shown in one. */
export const USUAL_COLUMNS = 80;

/** Breaks text between words into lines of at most `columns` characters; a longer word stays whole. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

/** Commands stay whole, so that they can be copied. */
const COMMAND = /^(aws|rotation-monitor) /;

/** The text behind a margin, wrapped so that what follows a dash or a number stands below it; a command is one line. */
export function hanging(text: string, columns: number, margin = '  '): readonly string[] {
  const [, head = '', rest = ''] = /^(\s*(?:- |\d+\. )?)(.*)$/.exec(text) ?? [];
  if (COMMAND.test(rest)) return [`${margin}${head}${rest}`];
  const [first = '', ...others] = wrapped(rest, columns - margin.length - head.length);
  return [`${margin}${head}${first}`, ...others.map((each) => `${margin}${' '.repeat(head.length)}${each}`)];
}
