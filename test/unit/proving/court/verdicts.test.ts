import { describe, expect, test } from 'vitest';
import { HOUR, instant, later, MINUTE } from '../../../../src/calendar/instant.ts';
import type { ToldAlert } from '../../../../src/proving/court/told/told-alert.ts';
import type { Condition } from '../../../../src/proving/court/truth/ground-truth.ts';
import { type Verdict, verdictsOf } from '../../../../src/proving/court/verdicts.ts';
import { checkScenario } from '../../../../src/proving/scenario/read-scenario.ts';
import { at } from '../../../support/builders.ts';

const START = at('2026-03-02T00:00:00Z');
const ENDS = later(START, 24 * HOUR);
const TOLD = '2026-03-02T02:01:00Z';

const alert = (changed: Partial<ToldAlert> = {}): ToldAlert => ({
  secretName: 'app/db',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/db-AbCdEf',
  code: 'stuck-pending',
  severity: 'HIGH',
  transition: 'opened',
  reason: 'first',
  at: TOLD,
  subject: '[HIGH] app/db: stuck-pending',
  text: '',
  ...changed,
});

/** A version that is pending from 01:00 on. */
const stuck = (changed: Partial<Condition> = {}): Condition => ({
  secret: 'app/db',
  code: 'stuck-pending',
  versionId: 'v2',
  since: at('2026-03-02T01:00:00Z'),
  tellableAt: at('2026-03-02T02:00:00Z'),
  tellableWithoutEventsAt: at('2026-03-02T02:00:00Z'),
  until: undefined,
  silences: [],
  graveAt: undefined,
  ...changed,
});

interface Case {
  readonly alerts?: readonly ToldAlert[];
  readonly conditions?: readonly Condition[];
  readonly announce?: readonly object[];
  readonly never?: readonly object[];
  readonly faults?: object;
}

const verdicts = ({ alerts = [], conditions = [stuck()], announce = [], never = [], faults = {} }: Case) =>
  verdictsOf({
    scenario: checkScenario({
      name: 'verdicts',
      start: '2026-03-02T00:00:00Z',
      days: 1,
      seed: 1,
      secrets: [
        { name: 'app/db', kind: 'none' },
        { name: 'calm', kind: 'none' },
      ],
      faults,
      expect: { announce, never },
    }),
    conditions,
    alerts,
    endsAt: ENDS,
  });

const wrong = (found: readonly Verdict[]) => found.filter(({ ok }) => !ok);
const expected = { secret: 'app/db', code: 'stuck-pending', severity: 'HIGH' };
const ok = { secret: 'app/db', code: 'stuck-pending', expected: 'announce', ok: true, at: TOLD };

describe('an expected announcement', () => {
  test('is ok when it came within threshold, sweep interval and delivery', () => {
    expect(verdicts({ announce: [expected], alerts: [alert()] })).toEqual([ok]);
  });

  test.each<[string, readonly ToldAlert[]]>([
    ['it never came', []],
    ['it came too late', [alert({ at: '2026-03-02T02:07:01Z' })]],
    ['it came before the trouble began', [alert({ at: '2026-03-02T00:59:00Z' })]],
    ['it never became grave enough', [alert({ severity: 'MEDIUM' })]],
    ['it was about another secret', [alert({ secretName: 'calm' })]],
    ['only its end was reported', [alert({ transition: 'resolved' })]],
    ['only its silence was reported', [alert({ transition: 'silenced' })]],
  ])('is wrong when %s', (_case, alerts) => {
    const [first] = verdicts({ announce: [expected], alerts });
    expect(first).toMatchObject({ expected: 'announce', ok: false, at: null });
  });

  test('is wrong when nothing of the kind was ever true', () => {
    expect(verdicts({ announce: [expected], conditions: [] })).toMatchObject([{ ok: false }]);
  });

  test('may be reported by another code about the same pending version', () => {
    const failed = stuck({ code: 'rotation-failed', tellableAt: at('2026-03-02T01:15:00Z') });
    const alerts = [alert({ code: 'rotation-failed', at: '2026-03-02T01:20:00Z' })];
    const conditions = [failed, stuck()];
    expect(verdicts({ announce: [expected], alerts, conditions })).toEqual([
      { ...ok, at: '2026-03-02T01:20:00Z' },
    ]);
  });

  test('keeps to its own time, too', () => {
    const announce = [{ ...expected, by: 'PT1H30M' }];
    expect(wrong(verdicts({ announce, alerts: [alert()] }))).toHaveLength(1);
  });

  test('is not judged when its time lies after the end', () => {
    const announce = [{ ...expected, by: 'P2D' }];
    expect(verdicts({ announce, conditions: [] })).toEqual([]);
  });

  test('must come for each time that the trouble lasted', () => {
    const first = stuck({ until: at('2026-03-02T03:00:00Z') });
    const again = stuck({
      versionId: 'v3',
      since: at('2026-03-02T10:00:00Z'),
      tellableAt: at('2026-03-02T11:00:00Z'),
    });
    expect(
      wrong(verdicts({ announce: [expected], alerts: [alert()], conditions: [first, again] })),
    ).not.toEqual([]);
  });

  test('need not be CRITICAL when no event can arrive', () => {
    const critical = { secret: 'app/db', code: 'rotation-failed', severity: 'CRITICAL' };
    const conditions = [stuck(), stuck({ code: 'rotation-failed', tellableAt: at('2026-03-02T01:02:00Z') })];
    const run = { announce: [critical], alerts: [alert()], conditions };
    expect(wrong(verdicts(run))).toHaveLength(1);
    expect(wrong(verdicts({ ...run, faults: { drop: 1 } }))).toEqual([]);
  });
});

describe('an expected silence', () => {
  test('is ok when nothing was reported', () => {
    expect(verdicts({ never: [{ secret: 'calm' }], alerts: [alert()] })).toEqual([
      { secret: 'calm', code: null, expected: 'never', ok: true, at: null },
    ]);
  });

  test('is wrong when anything was reported', () => {
    const [first] = verdicts({ never: [{ secret: 'app/db' }], alerts: [alert()] });
    expect(first).toEqual({ secret: 'app/db', code: null, expected: 'never', ok: false, at: TOLD });
  });

  test('with a code it is about that code only', () => {
    const never = [{ secret: 'app/db', code: 'rotation-overdue' }];
    expect(wrong(verdicts({ never, alerts: [alert()] }))).toEqual([]);
  });
});

describe('what nobody expected', () => {
  const healed = stuck({ until: at('2026-03-02T02:00:30Z') });

  test.each<[string, ToldAlert, readonly Condition[]]>([
    ['an alert about a healthy secret', alert({ secretName: 'calm' }), []],
    ['an alert before its threshold', alert({ at: '2026-03-02T01:59:00Z' }), [stuck({ until: ENDS })]],
    ['an alert long after it healed', alert({ at: '2026-03-02T02:02:00Z' }), [healed]],
    ['an alert of another code', alert({ code: 'rotation-overdue' }), [healed]],
    ['an end that has not come', alert({ transition: 'resolved' }), [stuck({ until: ENDS })]],
    ['an end of what never was', alert({ transition: 'resolved', secretName: 'calm' }), []],
    ['a secret that could always be looked at', alert({ code: 'unverifiable' }), [healed]],
  ])('%s is wrong', (_case, told, conditions) => {
    expect(wrong(verdicts({ alerts: [told], conditions }))).toContainEqual({
      secret: told.secretName,
      code: told.code,
      expected: 'never',
      ok: false,
      at: told.at,
    });
  });

  test('an alert that healed on its way is true', () => {
    expect(verdicts({ alerts: [alert()], conditions: [healed] })).toEqual([]);
  });

  test.each(['unverifiable', 'target-unreachable'] as const)('%s is true while the calls failed', (code) => {
    const failing = { ...healed, code, versionId: undefined };
    expect(verdicts({ alerts: [alert({ code })], conditions: [failing] })).toEqual([]);
  });

  test('an end that has come is true', () => {
    const ended = alert({ transition: 'resolved', at: '2026-03-02T02:03:00Z' });
    expect(verdicts({ alerts: [alert(), ended], conditions: [healed] })).toEqual([]);
  });

  test('a stuck version that is not reported while it is silenced is right', () => {
    const silences = [{ from: START, until: ENDS }];
    expect(verdicts({ conditions: [stuck({ silences })] })).toEqual([]);
  });

  test('a stuck version is due again when its silence ends', () => {
    const silences = [{ from: START, until: at('2026-03-02T10:00:00Z') }];
    const conditions = [stuck({ silences })];
    expect(wrong(verdicts({ conditions }))).toHaveLength(1);
    expect(verdicts({ conditions, alerts: [alert({ at: '2026-03-02T10:05:00Z' })] })).toEqual([]);
  });

  test('no silence covers what may have killed the credential in use, where events can show it', () => {
    const silenced = stuck({
      silences: [{ from: START, until: ENDS }],
      graveAt: at('2026-03-02T02:10:00Z'),
    });
    expect(wrong(verdicts({ conditions: [silenced] }))).toHaveLength(1);
    expect(verdicts({ conditions: [silenced], faults: { drop: 1 } })).toEqual([]);
  });

  test('a stuck version that was not reported is wrong', () => {
    expect(verdicts({})).toEqual([{ ...ok, ok: false, at: null }]);
    expect(
      verdicts({ conditions: [stuck({ until: later(instant(at('2026-03-02T02:00:00Z')), MINUTE) })] }),
    ).toEqual([]);
  });
});
