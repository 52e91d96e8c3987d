import { plural } from '../../calendar/plural.ts';
import { rateText } from '../sweep/progress.ts';
import { changingLine } from '../terminal/changing-line.ts';
import type { Terminal, TextStream } from '../terminal/output.ts';

/** The progress of an audit, and the output that goes on beside it. */
export interface AuditProgress {
  readonly onPage: (read: number) => void;
  /** Shows how many findings of earlier pushes have been read. */
  readonly onKnown: (findings: number) => void;
  /** The same stream; what is written to it takes the place of the progress on the screen. */
  beside(stream: TextStream): TextStream;
  end(): void;
}

/** Shows how many secrets have been read, and how many in a second: in place for a person, line by line for a file. */
export function auditProgress({ stderr, clock }: Terminal): AuditProgress {
  const startedAt = clock.now();
  const line = changingLine(stderr);
  return {
    onPage: (read) => line.show(`${plural(read, 'secret')} read${rateText(read, clock.now() - startedAt)} …`),
    onKnown: (findings) => line.show(`${plural(findings, 'finding')} of earlier pushes read …`),
    beside: (stream) => ({
      isTTY: stream.isTTY,
      columns: stream.columns,
      drained: () => stream.drained(),
      write: (text) => {
        if (stream.isTTY) line.end();
        stream.write(text);
      },
    }),
    end: line.end,
  };
}
