import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../src/calendar/instant.ts';
import { isWell, type StatusResult } from '../../../../src/cli/status/status-result.ts';
import { statusText } from '../../../../src/cli/status/status-text.ts';
import { colorsFor } from '../../../../src/cli/terminal/output.ts';
import type { SecretStatus } from '../../../../src/monitor/application/operate/fleet-status.ts';
import type { RememberedAlert } from '../../../../src/monitor/ports/store/monitor-memory.ts';
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
const tableOf = (columns: number, ...names: readonly string[]): string => withAlerts([], columns, ...names);

function withAlerts(
  alerts: readonly RememberedAlert[],
  columns: number,
  ...names: readonly string[]
): string {
  const answer = { isWatched: true, lastSweepAt: NOW, lastAuditAt: undefined, alerts, more: 0 };
  const monitor = { region: 'eu-west-1', deployment: 'rotation-monitor', answer, notAsked: undefined };
  const result: StatusResult = {
    at: NOW,
    monitors: [monitor],
    observed: names.length,
    secrets: names.map(stuck),
    failures: [],
  };
  return statusText(result, { colors: colorsFor(aTerminal().stdout, {}), columns });
}

test('at 80 columns a name stays whole, and the state is wrapped behind its hyphens', () => {
  const text = tableOf(80, 'payments/db', 'legacy/mainframe');
  expect(text).toMatch(/^payments\/db +rotation- .*\n +retries-\n +exhausted$/m);
  expect(text).toMatch(/^legacy\/mainframe +rotation- /m);
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('at 80 columns a longer name is broken between its words, and only a longer word within', () => {
  const text = tableOf(80, 'partner/license-key', 'rds!cluster-9a8b7c6d', 'x'.repeat(40));
  expect(text).toMatch(/^partner\/license- .*\nkey /m);
  expect(text).toMatch(/^rds!cluster- .*\n9a8b7c6d /m);
  expect(text).toMatch(/^x{15,} /m);
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('an open alert that is graver than what a look finds, or as grave, is what is shown', () => {
  const { arn } = named('prod/db');
  const alert = { subject: arn, fingerprint: 'f', openedAt: NOW, ack: undefined, silencedUntil: undefined };
  const since = later(NOW, -2 * HOUR);
  const shown = (code: RememberedAlert['code'], severity: RememberedAlert['severity']) =>
    withAlerts([{ ...alert, code, severity, since }], 140, 'prod/db');
  expect(shown('rotation-failed', 'CRITICAL')).toMatch(/^prod\/db rotation-failed +2 h /m);
  expect(shown('rotation-will-not-heal', 'HIGH')).toMatch(/^prod\/db rotation-will-not-heal +2 h /m);
  expect(shown('rotation-failed', 'MEDIUM')).toMatch(/^prod\/db rotation-retries-exhausted /m);
});

test('secrets of several regions are shown with theirs', () => {
  const monitors = ['eu-west-1', 'us-east-1'].map((region) => ({
    region,
    deployment: undefined,
    answer: undefined,
    notAsked: 'Nobody was asked.',
  }));
  const secrets = [stuck('prod/db'), { ...stuck('prod/db'), region: 'us-east-1' }];
  const shown = (columns: number) =>
    statusText(
      { at: NOW, monitors, observed: 2, secrets, failures: [] },
      { colors: colorsFor(aTerminal().stdout, {}), columns },
    );
  expect(shown(140)).toMatch(
    /^REGION, SECRET +STATE .*\neu-west-1 prod\/db +rotation.*\nus-east-1 prod\/db /m,
  );
  expect(
    shown(80)
      .split('\n')
      .filter((line) => line.length > 80),
  ).toEqual([]);
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
