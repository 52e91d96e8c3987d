import { readFileSync } from 'node:fs';
import pc from 'picocolors';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sampleOf } from '../../scripts/pages/sample-alert.ts';
import { renewed } from '../../scripts/pages/sections.ts';
import { briefStory } from '../../src/cli/drill/brief-story.ts';
import { summaryText } from '../../src/cli/drill/summary-text.ts';
import {
  type DrillOptions,
  type DrillResult,
  openDrill,
  runDrill,
} from '../../src/proving/drill/run-drill.ts';
import type { StoryListener } from '../../src/proving/drill/story.ts';
import { DEFAULT_SCENARIO } from '../../src/proving/scenario/default-scenario.ts';
import { checkScenario } from '../../src/proving/scenario/read-scenario.ts';
import type { Scenario } from '../../src/proving/scenario/scenario.ts';
import type { Email } from '../../src/simulator/sns/delivery.ts';

/** Everything that the default scenario expects has happened by then. */
const DAYS = 27;

const forty = checkScenario(DEFAULT_SCENARIO);

/** Plays a scenario with functions that may do what the deployed policies allow. */
async function withRights(scenario: Scenario, options: DrillOptions = {}): Promise<DrillResult> {
  const drill = await openDrill(scenario, options);
  onTestFinished(() => drill.close());
  onTestFinished(() => expect([...drill.deployment.enforcement.refused]).toEqual([]));
  while (await drill.step());
  return drill.result();
}

const wrong = ({ output }: DrillResult) => output.verdicts.filter(({ ok }) => !ok);
const toldAt = ({ output }: DrillResult, secret: string) =>
  output.alerts.find(({ secretName }) => secretName === secret)?.at ?? '';
const resolved = ({ output }: DrillResult) =>
  output.alerts.filter(({ transition }) => transition === 'resolved').map(({ secretName }) => secretName);

describe('the default drill', () => {
  const played = new Map<number, DrillResult>();
  const colors = pc.createColors(false);
  const page = { colors, columns: 80 };
  const shown = new Map<number, string>();
  const mails: Email[] = [];

  test.each([0, 1])(
    'reports everything that is expected and nothing else, with %s of the events lost',
    async (drop) => {
      let story = '';
      const write = (text: string): void => {
        story += text;
      };
      const scenario = { ...forty, faults: { ...forty.faults, drop } };
      const tell = briefStory({ ...page, write });
      const listener: StoryListener = (item) => {
        if (item.kind === 'mail' && drop === 0) mails.push(item.email);
        tell(item);
      };
      const result = await withRights({ ...scenario, days: DAYS }, { listener });
      played.set(drop, result);
      shown.set(drop, `${story}${summaryText(result, { ...page, verbose: false })}`);
      expect(wrong(result)).toEqual([]);
      const { announce, never } = forty.expect;
      expect(result.output.verdicts).toHaveLength(announce.length + never.length);
      expect(result.output.events.delivered > 0).toBe(drop === 0);
      expect(result.failedRuns).toBe(0);
      expect(resolved(result)).toContain('payments/db');
      expect(Object.keys(result.output.apiCalls)).not.toContain('secretsmanager:GetSecretValue');
    },
  );

  test('its first alert and the end of it are what README shows', () => {
    expect(readFileSync('README.md', 'utf8')).toBe(renewed('README.md', sampleOf(mails)));
  });

  // With the headline, where to go next and the words of npm these are 200 rows of a terminal.
  test.each([0, 1])('fills 186 rows of 80 columns at most, with %s of the events lost', (drop) => {
    const lines = shown.get(drop)?.trimEnd().split('\n') ?? [];
    const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / page.columns)), 0);
    expect(rows).toBeGreaterThan(60);
    expect(rows).toBeLessThanOrEqual(186);
  });

  test('the repair of a split secret by the advice of its alert is reported', () => {
    const result = played.get(0);
    expect(result === undefined ? [] : resolved(result)).toContain('ledger/db');
  });

  test('events make the alert about a split secret come sooner', () => {
    const [withEvents, without] = [played.get(0), played.get(1)];
    if (withEvents === undefined || without === undefined) throw new Error('A drill did not end');
    expect(toldAt(withEvents, 'ledger/db') < toldAt(without, 'ledger/db')).toBe(true);
  });
});

describe('a small drill', () => {
  const small: Scenario = checkScenario({
    name: 'small',
    start: '2026-03-02T00:00:00Z',
    days: 2,
    seed: 7,
    sweepEvery: '30m',
    functions: [
      { name: 'rotate', behaviour: 'healthy' },
      { name: 'broken', behaviour: 'error', step: 'setSecret' },
    ],
    secrets: [
      { name: 'well', kind: 'function', function: 'rotate', schedule: 'rate(1 day)', duration: '2h' },
      { name: 'ill', kind: 'function', function: 'broken', schedule: 'rate(1 day)', duration: '2h' },
    ],
    expect: {
      announce: [{ secret: 'ill', code: 'stuck-pending', severity: 'HIGH', by: 'P1DT2H30M' }],
      never: [{ secret: 'well' }],
    },
  });

  test('is the same run again for the same seed, also on the wire, and another one for another', async () => {
    const first = await runDrill(small);
    expect(wrong(first)).toEqual([]);
    expect((await withRights(small, { wire: true })).output).toEqual(first.output);
    expect((await runDrill({ ...small, seed: 8 })).output.alerts).not.toEqual(first.output.alerts);
  });

  test('loses nothing when calls are throttled, runs killed, events late and twice, and lists stale', async () => {
    const faults = {
      drop: 0,
      duplicate: 0.2,
      delayMaxMs: 600_000,
      listStaleMaxMs: 300_000,
      describeStaleMaxMs: 0,
      throttle: 0.01,
      kill: 0.01,
    };
    const result = await runDrill({ ...small, faults });
    expect(result.failedRuns).toBeGreaterThan(0);
    expect(wrong(result)).toEqual([]);
  });

  test('a secret that its tags keep silent is right, and stuck all the same', async () => {
    const tags = {
      'rotation-monitor:silence-until': '2026-03-09',
      'rotation-monitor:silence-reason': 'migration',
    };
    const secrets = small.secrets.map((secret) => (secret.name === 'ill' ? { ...secret, tags } : secret));
    const expect_ = { announce: [], never: [{ secret: 'ill' }] };
    const { output } = await runDrill({ ...small, secrets, expect: expect_ });
    expect(output.verdicts).toMatchObject([{ secret: 'ill', expected: 'never', ok: true }]);
    expect(output.secrets).toContainEqual(
      expect.objectContaining({ secretName: 'ill', state: 'stuck-pending' }),
    );
  });

  test('an expectation that is not met is found wrong', async () => {
    const calm = { ...small, expect: { announce: [], never: [{ secret: 'ill' }] } };
    expect(wrong(await runDrill(calm))).not.toEqual([]);
  });
});
