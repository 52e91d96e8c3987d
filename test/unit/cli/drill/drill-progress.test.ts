import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../src/calendar/instant.ts';
import { drillProgress } from '../../../../src/cli/drill/drill-progress.ts';
import { DEFAULT_SCENARIO } from '../../../../src/proving/scenario/default-scenario.ts';
import { checkScenario } from '../../../../src/proving/scenario/read-scenario.ts';
import { aTerminal } from '../../../support/terminal.ts';

const scenario = checkScenario(DEFAULT_SCENARIO);

test('a person who watches sees the simulated date in place, and nothing of it at the end', () => {
  const terminal = aTerminal({ isTTY: true });
  const progress = drillProgress(terminal.stderr, scenario);
  progress.onHour(later(scenario.start, 25 * HOUR));
  progress.pause(() => terminal.stderr.write('news\n'));
  progress.end();
  expect(terminal.err()).toBe(`\r\u001B[K2026-03-03, day 2 of ${scenario.days} …\r\u001B[Knews\n`);
});

test('a file or a pipe gets no progress', () => {
  const terminal = aTerminal();
  const progress = drillProgress(terminal.stderr, scenario);
  progress.onHour(scenario.start);
  progress.end();
  expect(terminal.err()).toBe('');
});
