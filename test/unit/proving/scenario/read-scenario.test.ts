import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../../src/calendar/instant.ts';
import { checkScenario, readScenario } from '../../../../src/proving/scenario/read-scenario.ts';
import { ScenarioError } from '../../../../src/proving/scenario/scenario-error.ts';
import { parseIsoDuration } from '../../../../src/proving/scenario/schema.ts';

const least = {
  name: 'least',
  start: '2026-03-02T00:00:00Z',
  days: 1,
  seed: 1,
  secrets: [{ name: 'app/db', kind: 'none' }],
};

function faultsOf(file: unknown): readonly string[] {
  try {
    checkScenario(file);
    return [];
  } catch (error) {
    if (error instanceof ScenarioError) return error.faults.map(({ path }) => path);
    throw error;
  }
}

describe('readScenario()', () => {
  test('fills in what a file leaves out', () => {
    expect(readScenario(JSON.stringify(least))).toMatchObject({
      sweepEveryMs: 5 * MINUTE,
      functions: [],
      timeline: [],
      faults: {
        drop: 0,
        duplicate: 0,
        delayMaxMs: 0,
        listStaleMaxMs: 0,
        describeStaleMaxMs: 0,
        throttle: 0,
        kill: 0,
      },
      expect: { announce: [], never: [] },
    });
  });

  test('reads times as milliseconds', () => {
    const scenario = checkScenario({
      ...least,
      sweepEvery: '10m',
      timeline: [{ at: 'P3DT2H', do: 'DeleteSecret', secret: 'app/db' }],
      faults: { delayMax: '6h', describeStaleMax: '5s' },
      expect: { announce: [{ secret: 'app/db', code: 'stuck-pending', severity: 'HIGH', by: 'P1D' }] },
    });
    expect(scenario.sweepEveryMs).toBe(10 * MINUTE);
    expect(scenario.timeline[0]?.atMs).toBe(3 * DAY + 2 * HOUR);
    expect(scenario.faults.delayMaxMs).toBe(6 * HOUR);
    expect(scenario.faults.describeStaleMaxMs).toBe(5000);
    expect(scenario.expect.announce[0]?.byMs).toBe(DAY);
  });

  test('takes a cause with or without a behaviour', () => {
    const { functions } = checkScenario({
      ...least,
      functions: [
        { name: 'f', cause: 'database-stopped', step: 'testSecret', times: 2 },
        { name: 'g', behaviour: 'alternating-users', cause: 'login-refused' },
        { name: 'h', behaviour: 'slow' },
      ],
    });
    expect(functions).toEqual([
      { name: 'f', behaviour: 'healthy', cause: 'database-stopped', step: 'testSecret', times: 2 },
      { name: 'g', behaviour: 'alternating-users', cause: 'login-refused' },
      { name: 'h', behaviour: 'slow' },
    ]);
    expect(faultsOf({ ...least, functions: [{ name: 'f', cause: 'bad luck' }] })).toEqual([
      'functions.0.cause',
    ]);
  });

  test('reports all faults together, those of shape and those of names', () => {
    const file = {
      ...least,
      start: 'yesterday',
      days: 0,
      seed: 1.5,
      extra: true,
      functions: [{ name: 'f', behaviour: 'lazy' }],
      secrets: [
        { name: 'app/db', kind: 'function', function: 'g' },
        { name: 'app/db', kind: 'other' },
        { name: 'old', kind: 'none', function: 'f', schedule: 'rate(1 hour)' },
      ],
      timeline: [
        { at: 'P', do: 'Rotate', secret: 'nobody' },
        { at: 'PT1H', do: 'SetFunctionBehaviour', secret: 'app/db', with: { behaviour: 'lazy' } },
      ],
      faults: { drop: 2 },
      expect: {
        announce: [{ secret: 'nobody', code: 'stuck', severity: 'BAD' }],
        never: [{ secret: 'none' }],
      },
    };
    expect(faultsOf(file)).toEqual(
      expect.arrayContaining([
        'start',
        'days',
        'seed',
        'extra',
        'functions.0.behaviour',
        'secrets.0.function',
        'secrets.1.name',
        'secrets.1.kind',
        'secrets.2.function',
        'secrets.2.schedule',
        'timeline.0.at',
        'timeline.0.do',
        'timeline.0.secret',
        'timeline.1.with.behaviour',
        'faults.drop',
        'expect.announce.0.secret',
        'expect.announce.0.code',
        'expect.announce.0.severity',
        'expect.never.0.secret',
      ]),
    );
  });

  test('says what was expected and what was found', () => {
    const file = { ...least, days: 'many', secrets: [{ name: 'app/db', kind: 'cloud' }] };
    expect(() => checkScenario(file)).toThrow(
      'Cannot use the scenario:\n  days: expected a number, got "many"\n  secrets.0.kind: expected one of function, managed, replica, none, got "cloud"',
    );
  });

  test.each(['90s', '0m', 'often'])('refuses a sweep every "%s", which no schedule can do', (sweepEvery) => {
    expect(() => checkScenario({ ...least, sweepEvery })).toThrow(
      `sweepEvery: expected whole minutes such as 5m, got "${sweepEvery}"`,
    );
  });

  test('refuses what is no JSON', () => {
    expect(() => readScenario('{')).toThrow(/the file: expected JSON, got /);
  });
});

describe('parseIsoDuration()', () => {
  test.each([
    ['P3DT2H', 3 * DAY + 2 * HOUR],
    ['PT10M', 10 * MINUTE],
    ['P1D', DAY],
    ['PT0S', 0],
  ])('reads %s', (text, ms) => {
    expect(parseIsoDuration(text)).toBe(ms);
  });

  test.each(['P', 'PT', '3D', 'P1W', 'PT1.5H', ''])('refuses "%s"', (text) => {
    expect(parseIsoDuration(text)).toBeUndefined();
  });
});
