import { REWRITE, type TextStream } from './output.ts';

/** A line of progress. */
export interface ChangingLine {
  /** Shows another text: in place for a person, as a line of its own for a file. */
  show(text: string): void;
  /** Leaves no half line behind. */
  end(): void;
}

/** Makes a line of progress, which is empty until something is shown. */
export function changingLine(stream: TextStream): ChangingLine {
  let isShown = false;
  return {
    show: (text) => {
      isShown = true;
      stream.write(stream.isTTY ? `${REWRITE}${text}` : `${text}\n`);
    },
    end: () => {
      if (isShown && stream.isTTY) stream.write(REWRITE);
      isShown = false;
    },
  };
}
