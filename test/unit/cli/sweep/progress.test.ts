import { expect, test } from 'vitest';
import { rateText, sweepProgress } from '../../../../src/cli/sweep/progress.ts';
import { aTerminal } from '../../../support/terminal.ts';

/** Returns the progress output for pages that arrive after so many milliseconds each. */
function told(isTTY: boolean, ...pagesAtMs: readonly number[]): string {
  const terminal = aTerminal({ isTTY });
  let elapsed = 0;
  const progress = sweepProgress(terminal.stderr, () => elapsed);
  for (const [index, ms] of pagesAtMs.entries()) {
    elapsed = ms;
    progress.onPage({ observed: (index + 1) * 1000, suspects: index });
  }
  progress.end();
  return terminal.err();
}

test('sweepProgress prints nothing for a short sweep', () => {
  expect([told(true, 100, 1999), told(false, 100, 1999)]).toEqual(['', '']);
});

test('sweepProgress prints line by line in a pipe', () => {
  expect(told(false, 1999, 2000, 2500)).toBe(
    '2,000 secrets checked, 1 suspect, 1,000 a second …\n3,000 secrets checked, 2 suspects, 1,200 a second …\n',
  );
});

test('sweepProgress rewrites one line on a terminal and leaves nothing behind', () => {
  const rewrite = '\r\u001B[K';
  expect(told(true, 2000, 2500)).toBe(
    `${rewrite}1,000 secrets checked, 0 suspects, 500 a second …${rewrite}2,000 secrets checked, 1 suspect, 800 a second …${rewrite}`,
  );
});

test('rateText says nothing before there is time to measure, and shows what is slow', () => {
  expect([rateText(100, 0), rateText(100, 1999)]).toEqual(['', '']);
  expect([rateText(1, 4000), rateText(5000, 4000)]).toEqual([', 0.3 a second', ', 1,250 a second']);
});
