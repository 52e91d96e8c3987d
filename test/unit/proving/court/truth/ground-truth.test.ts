import { describe, expect, test } from 'vitest';
import {
  DAY,
  formatInstant,
  HOUR,
  type Instant,
  later,
  MINUTE,
} from '../../../../../src/calendar/instant.ts';
import { conditionsOf } from '../../../../../src/proving/court/truth/ground-truth.ts';
import { prepare } from '../../../../../src/proving/scenario/prepare.ts';
import { checkScenario } from '../../../../../src/proving/scenario/read-scenario.ts';
import { type Done, playTimeline } from '../../../../../src/proving/scenario/timeline.ts';
import { at } from '../../../../support/builders.ts';
import { aSimulator } from '../../../../support/simulated.ts';

const START = at('2026-03-02T00:00:00Z');

interface Story {
  readonly secret?: object;
  readonly function?: object;
  readonly timeline?: readonly object[];
  readonly days?: number;
  /** Whether a value put by hand moves LastRotatedDate. */
  readonly putsMoveRotatedDate?: boolean;
}

/** Plays a story of one secret, without any monitor, and answers what truly was wrong. */
async function truth({ secret = {}, function: rotator = {}, timeline = [], days = 3, ...rest }: Story) {
  const scenario = checkScenario({
    name: 'truth',
    start: '2026-03-02T00:00:00Z',
    days,
    seed: 1,
    functions: [{ name: 'rotate', behaviour: 'healthy', ...rotator }],
    secrets: [
      {
        name: 'app/db',
        kind: 'function',
        function: 'rotate',
        schedule: 'rate(1 day)',
        duration: '2h',
        ...secret,
      },
    ],
    timeline: timeline.map((entry) => ({ secret: 'app/db', ...entry })),
  });
  const simulator = aSimulator(START);
  simulator.secretsManager.configureAll({ putsMoveRotatedDate: rest.putsMoveRotatedDate ?? false });
  const prepared = prepare(simulator, scenario);
  const done: Done[] = [];
  playTimeline(simulator, prepared, {
    advise: () => Promise.resolve(),
    onDone: (each) => void done.push(each),
  });
  await simulator.clock.advanceTo(prepared.endsAt);
  const conditions = [...prepared.secrets.values()].flatMap((each) =>
    conditionsOf({
      secret: each.secret,
      history: simulator.secretsManager.history(each.arn),
      eventsMayBeLost: false,
      endsAt: prepared.endsAt,
    }),
  );
  return { conditions, codes: conditions.map(({ code }) => code), done };
}

const hours = (moment: Instant | undefined) => (moment === undefined ? undefined : (moment - START) / HOUR);

describe('conditionsOf()', () => {
  test.each<[string, Story]>([
    ['a healthy rotation', {}],
    ['a slow one', { function: { behaviour: 'slow' } }],
    ['a flake', { function: { behaviour: 'flaky', times: 2 } }],
    ['alternating users', { function: { behaviour: 'alternating-users' } }],
    [
      'AWSPENDING left on AWSCURRENT',
      { timeline: [{ at: 'PT0S', do: 'SetSecretBehaviour', with: { leavesPending: true } }] },
    ],
    [
      'a test of the configuration',
      { timeline: [{ at: 'PT1H', do: 'RotateSecret', with: { RotateImmediately: false } }] },
    ],
    [
      'a replica',
      { secret: { kind: 'replica', function: undefined, schedule: undefined, duration: undefined } },
    ],
    [
      'a deletion while it fails',
      {
        function: { behaviour: 'error', step: 'createSecret' },
        secret: { schedule: undefined, duration: undefined },
        timeline: [
          { at: 'PT1H', do: 'RotateSecret' },
          { at: 'PT1H10M', do: 'DeleteSecret' },
        ],
      },
    ],
  ])('finds nothing wrong with %s', async (_case, story) => {
    expect((await truth(story)).codes).toEqual([]);
  });

  test('a test that fails is a failure until a later one succeeds', async () => {
    const tested = { do: 'RotateSecret', with: { RotateImmediately: false } };
    const { conditions } = await truth({
      function: { behaviour: 'error', step: 'testSecret' },
      secret: { schedule: 'rate(9 days)' },
      timeline: [
        { at: 'PT1H', ...tested },
        { at: 'PT2H', do: 'SetFunctionBehaviour', with: { behaviour: 'healthy' } },
        { at: 'PT3H', ...tested },
      ],
    });
    expect(conditions).toHaveLength(1);
    expect(conditions).toMatchObject([{ code: 'test-rotation-failed', tellableWithoutEventsAt: undefined }]);
    expect(hours(conditions[0]?.since)).toBeCloseTo(1, 1);
    expect(hours(conditions[0]?.until)).toBeCloseTo(3, 1);
  });

  test('a rotation that failed three times over two hours will not heal, as far as events can show', async () => {
    const { conditions } = await truth({
      function: { behaviour: 'error', step: 'setSecret' },
      secret: { duration: '8h' },
    });
    const hopeless = conditions.find(({ code }) => code === 'rotation-will-not-heal');
    expect((hopeless?.tellableAt ?? 0) - (hopeless?.since ?? 0)).toBeGreaterThan(2 * HOUR);
    expect(hopeless?.tellableWithoutEventsAt).toBeUndefined();
  });

  test('a rotation that fails is failed, stuck, overdue and given up, each in its time', async () => {
    const { conditions } = await truth({ function: { behaviour: 'error', step: 'setSecret' } });
    const told = Object.fromEntries(conditions.map(({ code, tellableAt }) => [code, hours(tellableAt)]));
    const since = hours(conditions.find(({ code }) => code === 'stuck-pending')?.since) ?? 0;
    expect(since).toBeGreaterThan(24);
    expect(told['rotation-failed']).toBeCloseTo(since + 0.25, 1);
    expect(told['stuck-pending']).toBeCloseTo(since + 1, 5);
    expect(told['rotation-overdue']).toBeCloseTo(26.25, 2);
    expect(told['rotation-retries-exhausted']).toBeGreaterThan(since + 24);
  });

  test('a failure of testSecret may be reported after two minutes', async () => {
    const { conditions } = await truth({ function: { behaviour: 'error', step: 'testSecret' } });
    const failed = conditions.find(({ code }) => code === 'rotation-failed');
    expect((failed?.tellableAt ?? 0) - (failed?.since ?? 0)).toBeLessThan(3 * MINUTE);
  });

  test('a managed rotation is stuck after a quarter of an hour', async () => {
    const { conditions } = await truth({
      secret: { kind: 'managed', function: undefined },
      timeline: [{ at: 'PT1H', do: 'SetSecretBehaviour', with: { managedFails: true } }],
    });
    const stuck = conditions.find(({ code }) => code === 'stuck-pending');
    expect((stuck?.tellableAt ?? 0) - (stuck?.since ?? 0)).toBe(15 * MINUTE);
    expect(conditions.map(({ code }) => code)).toContain('rotation-failed');
  });

  test('a tag changes the threshold', async () => {
    const { conditions } = await truth({
      function: { behaviour: 'error' },
      secret: { tags: { 'rotation-monitor:stuck-after': '30m' } },
    });
    const stuck = conditions.find(({ code }) => code === 'stuck-pending');
    expect((stuck?.tellableAt ?? 0) - (stuck?.since ?? 0)).toBe(30 * MINUTE);
  });

  test('a window that was missed is overdue until the next one is planned', async () => {
    const { conditions } = await truth({
      days: 4,
      timeline: [
        { at: 'PT0S', do: 'SetSecretBehaviour', with: { missesWindows: true } },
        { at: 'P2D', do: 'SetSecretBehaviour', with: { missesWindows: false } },
      ],
    });
    expect(conditions).toHaveLength(1);
    expect(conditions).toMatchObject([{ code: 'rotation-overdue', until: later(START, 2 * DAY) }]);
  });

  test('a cancelled rotation is cancelled and switched off', async () => {
    const { conditions } = await truth({
      function: { behaviour: 'slow' },
      timeline: [
        { at: 'PT1H', do: 'RotateSecret' },
        { at: 'PT1H5M', do: 'CancelRotateSecret' },
      ],
    });
    const cancelled = conditions.find(({ code }) => code === 'rotation-cancelled');
    expect(formatInstant(cancelled?.since ?? START)).toBe('2026-03-02T01:05:00Z');
    expect(conditions.map(({ code }) => code)).toContain('rotation-silently-disabled');
  });

  test('a failure at setSecret may be reported as soon as one after it where the value in use was replaced', async () => {
    // Replaced once, the functions recover through AWSPREVIOUS.
    const overwrites = [2, 3].map((hour) => ({
      at: `PT${hour}H`,
      do: 'UpdateSecret',
      with: { SecretString: `{"username":"app","password":"by-template-${hour}"}` },
    }));
    const wait = async (timeline: readonly object[], fails: object = {}) => {
      const { conditions } = await truth({ function: fails, timeline, days: 2 });
      const found = conditions.find(({ code }) => code === 'rotation-failed');
      return found && (found.tellableAt - found.since) / MINUTE;
    };
    expect(await wait(overwrites)).toBeLessThan(5);
    expect(await wait([], { behaviour: 'error', step: 'setSecret' })).toBeGreaterThanOrEqual(15);
  });

  test('a pending version that is put away after setSecret had begun is abandoned until the next success', async () => {
    const { conditions, done } = await truth({
      function: { behaviour: 'error', step: 'setSecret' },
      timeline: [
        { at: 'PT1H', do: 'RotateSecret' },
        {
          at: 'PT5H',
          do: 'UpdateSecretVersionStage',
          with: { VersionStage: 'AWSPENDING', RemoveFromVersionId: '$AWSPENDING' },
        },
        { at: 'PT6H', do: 'SetFunctionBehaviour', with: { behaviour: 'healthy' } },
        { at: 'PT7H', do: 'RotateSecret' },
      ],
    });
    expect(done.map(({ refusal }) => refusal)).toEqual([undefined, undefined, undefined, undefined]);
    const abandoned = conditions.find(({ code }) => code === 'pending-abandoned');
    expect(hours(abandoned?.since)).toBe(5);
    expect(hours(abandoned?.until)).toBeCloseTo(7, 1);
  });

  const removal = {
    do: 'UpdateSecretVersionStage',
    with: { VersionStage: 'AWSPENDING', RemoveFromVersionId: '$AWSPENDING' },
  };

  test('a label of our own keeps an abandoned version, and ends nothing', async () => {
    const { conditions } = await truth({
      function: { behaviour: 'error', step: 'setSecret' },
      secret: { schedule: 'rate(9 days)' },
      timeline: [
        { at: 'PT1H', do: 'RotateSecret' },
        {
          at: 'PT4H',
          do: 'UpdateSecretVersionStage',
          with: { VersionStage: 'rotation-rescue', MoveToVersionId: '$AWSPENDING' },
        },
        { at: 'PT5H', ...removal },
      ],
    });
    const abandoned = conditions.filter(({ code }) => code === 'pending-abandoned');
    expect(abandoned.map(({ since, until }) => [hours(since), until])).toEqual([[5, undefined]]);
  });

  test('what was abandoned before a deletion is abandoned when the secret is restored', async () => {
    const { conditions } = await truth({
      function: { behaviour: 'error', step: 'setSecret' },
      secret: { schedule: 'rate(9 days)' },
      timeline: [
        { at: 'PT1H', do: 'RotateSecret' },
        { at: 'PT2H', ...removal },
        { at: 'PT3H', do: 'DeleteSecret', with: { RecoveryWindowInDays: 7 } },
        { at: 'PT9H', do: 'RestoreSecret' },
      ],
    });
    const abandoned = conditions.filter(({ code }) => code === 'pending-abandoned');
    expect(abandoned.map(({ since, until }) => [hours(since), hours(until)])).toEqual([
      [2, 3],
      [9, undefined],
    ]);
  });

  test('setSecret has begun while the function still works on it', async () => {
    const { conditions } = await truth({
      function: { behaviour: 'hang', step: 'setSecret' },
      secret: { schedule: 'rate(9 days)' },
      timeline: [
        { at: 'PT1H', do: 'RotateSecret' },
        { at: 'PT1H5M', ...removal },
      ],
    });
    expect(conditions.map(({ code }) => code)).toEqual(['pending-abandoned']);
    expect(hours(conditions[0]?.since)).toBeCloseTo(1 + 5 / 60, 5);
  });
});

test.each([
  [false, [2.25]],
  [true, [undefined]],
])(
  'a value put by hand is known without its event unless it moves LastRotatedDate: %s',
  async (moves, known) => {
    const { conditions } = await truth({
      timeline: [{ at: 'PT2H', do: 'PutSecretValue', with: { SecretString: 'put' } }],
      days: 1,
      putsMoveRotatedDate: moves,
    });
    const outside = conditions.filter(({ code }) => code === 'current-changed-outside-rotation');
    expect(outside.map(({ tellableWithoutEventsAt }) => hours(tellableWithoutEventsAt))).toEqual(known);
  },
);

test('playTimeline() says why the service refused', async () => {
  const { done } = await truth({
    timeline: [
      { at: 'PT1H', do: 'RestoreSecret' },
      { at: 'PT2H', do: 'PutSecretValue' },
    ],
  });
  expect(done.map(({ refusal }) => refusal !== undefined)).toEqual([false, true]);
});
