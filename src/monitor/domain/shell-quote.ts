/** The text as one word of a POSIX shell, quoted only where it has to be. */
export const shellQuote = (text: string): string =>
  /^[\w/:.,@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
