import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../src/calendar/instant.ts';
import { isWell, type StatusResult } from '../../../../src/cli/status/status-result.ts';
import { statusText } from '../../../../src/cli/status/status-text.ts';
import { colorsFor } from '../../../../src/cli/terminal/output.ts';
import type { SecretStatus } from '../../../../src/monitor/application/operate/fleet-status.ts';
import { NOW } from '../../../support/builders.ts';
import { named } from '../../../support/secrets.ts';
import { aTerminal } from '../../../support/terminal.ts';

const stuck = (name: string): SecretStatus => ({
  ...named(name),
  hasCurrent: true,
  inProgress: true,
  pendingSince: undefined,
  owner: undefined,
  finding: {
    code: 'rotation-retries-exhausted',
    severity: 'HIGH',
    since: later(NOW, -740 * HOUR),
    what: 'It is stuck.',
  },
});

/** The table of some secrets, with the column of a monitor, in a terminal of so many columns. */
function tableOf(columns: number, ...names: readonly string[]): string {
  const answer = { isWatched: true, lastSweepAt: NOW, lastAuditAt: undefined, alerts: [], more: 0 };
  const monitor = { region: 'eu-west-1', deployment: 'rotation-monitor', answer, notAsked: undefined };
  const result: StatusResult = {
    at: NOW,
    monitors: [monitor],
    observed: names.length,
    secrets: names.map(stuck),
  };
  return statusText(result, { colors: colorsFor(aTerminal().stdout, {}), columns });
}

test('at 80 columns a name stays whole, and the state is wrapped behind its hyphens', () => {
  const text = tableOf(80, 'payments/db', 'legacy/mainframe');
  expect(text).toMatch(/^payments\/db +rotation- .*\n +retries-\n +exhausted$/m);
  expect(text).toMatch(/^legacy\/mainframe +rotation- /m);
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('where there is room, everything stands on one line', () => {
  expect(tableOf(140, 'legacy/mainframe')).toMatch(
    /^legacy\/mainframe rotation-retries-exhausted 30 d 20 h /m,
  );
});

test('secrets are well without a finding and without an open alert of theirs', () => {
  const well = { arn: named('prod/well').arn, finding: undefined };
  expect(isWell([well])).toBe(true);
  expect(isWell([well, stuck('prod/stuck')])).toBe(false);
  expect(isWell([well], new Map([[well.arn, 'rotation-failed']]))).toBe(false);
  expect(isWell([well], new Map([[named('prod/other').arn, 'rotation-failed']]))).toBe(true);
});
