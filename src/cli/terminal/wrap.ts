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
