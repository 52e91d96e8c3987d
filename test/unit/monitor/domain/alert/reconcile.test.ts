import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import type { Alert } from '../../../../../src/monitor/domain/alert/alert.ts';
import { isOpen } from '../../../../../src/monitor/domain/alert/alert.ts';
import { type Judgement, reconcile, type Told } from '../../../../../src/monitor/domain/alert/reconcile.ts';
import {
  type ExplainedFinding,
  FINDING_CODES,
  SEVERITIES,
  type Severity,
} from '../../../../../src/monitor/domain/finding/finding.ts';
import { NOW, PENDING } from '../../../../support/builders.ts';

const SUBJECT = {
  id: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-AbCdEf',
  name: 'prod/orders/db',
  account: '111122223333',
  region: 'eu-west-1',
  rotationFunctionArn: undefined,
  owner: undefined,
  silence: undefined,
};
const telling = (atMs = 0, baseline = false) => ({
  now: later(NOW, atMs),
  baseline,
  groupWaitMs: 30 * SECOND,
  criticalGroupWaitMs: 5 * SECOND,
  silenceCritical: false,
});
const NOTHING: Told = { alerts: [], outbox: [] };

const aFinding = (given: Partial<ExplainedFinding> = {}): ExplainedFinding => ({
  code: 'stuck-pending',
  severity: 'HIGH',
  since: later(NOW, -HOUR),
  pendingVersionId: PENDING,
  what: 'It is stuck.',
  why: [],
  credentialInUse: 'good',
  blastRadius: 'None.',
  advice: [],
  ...given,
});
const judged = (...findings: readonly ExplainedFinding[]): Judgement => ({
  subject: SUBJECT,
  findings,
  endOf: () => 'It ended.',
});
const said = ({ outbox }: Told): readonly string[] =>
  outbox.map(({ code, transition, severity, reason }) => `${transition} ${code} ${severity} ${reason}`);

test('a first finding opens an alert and is reported once', () => {
  const told = reconcile(NOTHING, judged(aFinding()), telling());
  expect(said(told)).toEqual(['opened stuck-pending HIGH first']);
  expect(reconcile(told, judged(aFinding()), telling(HOUR)).outbox).toEqual(told.outbox);
});

test('the end is reported in the group of the beginning, also when the secret is gone', () => {
  const behind = {
    rotationFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:rotate',
    owner: 'payments',
  };
  const told = reconcile(NOTHING, { ...judged(aFinding()), subject: { ...SUBJECT, ...behind } }, telling());
  expect(reconcile(told, judged(), telling(HOUR)).outbox.at(-1)).toMatchObject({
    transition: 'resolved',
    ...behind,
  });
});

test('a notification waits for its group, a CRITICAL one less', () => {
  const high = reconcile(NOTHING, judged(aFinding()), telling());
  const critical = reconcile(NOTHING, judged(aFinding({ severity: 'CRITICAL' })), telling());
  expect(high.outbox[0]?.notBefore).toBe(NOW + 30 * SECOND);
  expect(critical.outbox[0]?.notBefore).toBe(NOW + 5 * SECOND);
});

test('a change of code within one pending version stays one alert and is reported only if the severity rises', () => {
  const failed = reconcile(
    NOTHING,
    judged(aFinding({ code: 'rotation-failed', severity: 'MEDIUM' })),
    telling(),
  );
  const stuck = reconcile(failed, judged(aFinding()), telling(HOUR));
  const exhausted = reconcile(
    stuck,
    judged(aFinding({ code: 'rotation-retries-exhausted' })),
    telling(2 * HOUR),
  );
  expect(exhausted.alerts).toHaveLength(1);
  expect(exhausted.alerts[0]?.code).toBe('rotation-retries-exhausted');
  expect(said(exhausted)).toEqual([
    'opened rotation-failed MEDIUM first',
    'rose stuck-pending HIGH severity-rose',
  ]);
  expect(exhausted.outbox.map(({ toldAs }) => toldAs)).toEqual([undefined, 'rotation-failed']);
});

test('a severity that falls and comes back is not reported again', () => {
  const high = reconcile(NOTHING, judged(aFinding()), telling());
  const medium = reconcile(high, judged(aFinding({ severity: 'MEDIUM' })), telling(MINUTE));
  expect(reconcile(medium, judged(aFinding()), telling(2 * MINUTE)).outbox).toHaveLength(1);
});

test('the graver finding speaks and inhibits the others, which are reported when it is over', () => {
  const overdue = aFinding({ code: 'rotation-overdue', severity: 'MEDIUM', pendingVersionId: undefined });
  const both = reconcile(NOTHING, judged(aFinding(), overdue), telling());
  expect(both.alerts).toHaveLength(2);
  expect(said(both)).toEqual(['opened stuck-pending HIGH first']);
  const one = reconcile(both, judged(overdue), telling(MINUTE));
  expect(said(one).slice(1)).toEqual([
    'opened rotation-overdue MEDIUM first',
    'resolved stuck-pending HIGH resolved',
  ]);
});

test('an alert without a finding is resolved and says what ended it and how long it lasted', () => {
  const open = reconcile(NOTHING, judged(aFinding()), telling());
  const over = reconcile(open, judged(), telling(HOUR));
  expect(over.alerts[0]?.resolvedAt).toBe(NOW + HOUR);
  expect(over.outbox[1]?.resolution).toEqual({ openedAt: NOW, endedBy: 'It ended.', escalated: false });
  expect(over.outbox[1]?.fingerprint).toBe(over.outbox[0]?.fingerprint);
});

test('a resolution goes by the code that was reported', () => {
  const stuck = reconcile(NOTHING, judged(aFinding()), telling());
  const silent = reconcile(stuck, judged(aFinding({ code: 'pending-abandoned' })), telling(MINUTE));
  expect(said(reconcile(silent, judged(), telling(HOUR))).at(-1)).toBe(
    'resolved stuck-pending HIGH resolved',
  );
});

test('an alert that was never reported is resolved without a word', () => {
  const overdue = aFinding({ code: 'rotation-overdue', severity: 'MEDIUM', pendingVersionId: undefined });
  const inhibited = reconcile(NOTHING, judged(aFinding(), overdue), telling());
  const over = reconcile(inhibited, judged(aFinding()), telling(MINUTE));
  expect(said(over)).toEqual(['opened stuck-pending HIGH first']);
});

test('an alert stays open while the look cannot decide it', () => {
  const open = reconcile(NOTHING, judged(aFinding()), telling());
  const blind = reconcile(open, { ...judged(), endOf: () => undefined }, telling(HOUR));
  expect(blind.alerts.every(isOpen)).toBe(true);
  expect(blind.outbox).toEqual(open.outbox);
});

test('a problem back within the hour is the same alert; an hour later it is a new one', () => {
  const over = reconcile(reconcile(NOTHING, judged(aFinding()), telling()), judged(), telling(MINUTE));
  const back = reconcile(over, judged(aFinding()), telling(MINUTE + HOUR - 1));
  const anew = reconcile(over, judged(aFinding()), telling(MINUTE + HOUR));
  expect(back.alerts[0]?.openedAt).toBe(NOW);
  expect(anew.alerts[0]?.openedAt).toBe(NOW + MINUTE + HOUR);
  expect(said(back).at(-1)).toBe('opened stuck-pending HIGH first');
});

test('an alert that keeps coming back is held open until it has been clear for half an hour', () => {
  let told = NOTHING;
  for (const minute of [0, 10, 20]) {
    told = reconcile(told, judged(aFinding()), telling(minute * MINUTE));
    told = reconcile(told, judged(), telling((minute + 5) * MINUTE));
  }
  expect(told.alerts[0]).toMatchObject({ flaps: 2, resolvedAt: undefined, clearSince: NOW + 25 * MINUTE });
  const early = reconcile(told, judged(), telling(55 * MINUTE - 1));
  const over = reconcile(told, judged(), telling(55 * MINUTE));
  expect(early.outbox).toHaveLength(told.outbox.length);
  expect(said(over).at(-1)).toBe('resolved stuck-pending HIGH resolved');
  expect(said(told).filter((line) => line.startsWith('resolved'))).toHaveLength(2);
});

test('a silence reaches to the end of the ninetieth day, and one that ends later is not in force', () => {
  const until = (ms: number) => ({
    ...judged(aFinding()),
    subject: { ...SUBJECT, silence: { until: later(NOW, ms), reason: 'migration' } },
  });
  const silenced = ['silenced stuck-pending HIGH silenced'];
  expect(said(reconcile(NOTHING, until(91 * DAY), telling()))).toEqual(silenced);
  expect(said(reconcile(NOTHING, until(91 * DAY + 1), telling()))).toEqual([
    'opened stuck-pending HIGH first',
  ]);
});

test('a silence is over at its very end', () => {
  const silence = { until: later(NOW, DAY), reason: 'migration' };
  const judgement = { ...judged(aFinding()), subject: { ...SUBJECT, silence } };
  const quiet = reconcile(NOTHING, judgement, telling());
  expect(said(reconcile(quiet, judgement, telling(DAY - 1)))).toHaveLength(1);
  expect(said(reconcile(quiet, judgement, telling(DAY))).at(-1)).toBe('opened stuck-pending HIGH first');
});

test('an alert says how the strategy changed since the last check, and once', () => {
  const users = (strategy: 'unknown' | 'alternating-users') => ({
    ...judged(aFinding()),
    subject: { ...SUBJECT, strategy },
  });
  const opened = reconcile(NOTHING, users('unknown'), telling());
  const changed = reconcile(opened, users('alternating-users'), telling(MINUTE));
  expect(said(changed).at(-1)).toBe('repeated stuck-pending HIGH strategy-changed');
  expect(changed.outbox.at(-1)?.finding.why[0]).toBe(
    'Its tag rotation-monitor:strategy has changed since the last notice about it: it was not set and is alternating-users now.',
  );
  expect(said(reconcile(changed, users('alternating-users'), telling(2 * MINUTE)))).toHaveLength(2);
  expect(said(reconcile(opened, judged(aFinding()), telling(MINUTE)))).toHaveLength(1);
});

test('a strategy tag that flaps is announced once a day, neither uses repeats up nor puts off what is due', () => {
  const flap = (index: number) => ({
    ...judged(aFinding({ severity: index % 2 === 0 ? 'CRITICAL' : 'HIGH' })),
    subject: {
      ...SUBJECT,
      strategy: index % 2 === 0 ? ('unknown' as const) : ('alternating-users' as const),
    },
  });
  let told = reconcile(NOTHING, flap(0), telling());
  for (let index = 1; index <= 2 * 24 * 4; index++)
    told = reconcile(told, flap(index), telling(index * 15 * MINUTE));
  const heard = said(told).map((each) => each.split(' ').slice(-1)[0]);
  expect(heard.filter((reason) => reason === 'strategy-changed')).toHaveLength(2);
  expect(heard.filter((reason) => reason === 'severity-rose')).toEqual([]);
  expect(heard.slice(0, 3)).toEqual(['first', 'strategy-changed', 'unacknowledged']);
  expect(told.alerts[0]).toMatchObject({ toldSeverity: 'CRITICAL', escalatedAt: later(NOW, 30 * MINUTE) });
});

test('a change of the strategy tag that nobody may hear of yet is announced later', () => {
  const users = (strategy: 'unknown' | 'alternating-users') => ({
    ...judged(aFinding()),
    subject: { ...SUBJECT, strategy },
  });
  const opened = reconcile(NOTHING, users('unknown'), telling());
  const changed = reconcile(opened, users('alternating-users'), telling(MINUTE));
  const back = reconcile(changed, users('unknown'), telling(2 * MINUTE));
  expect(said(back)).toEqual(said(changed));
  const announced = reconcile(back, users('unknown'), telling(DAY + MINUTE));
  expect(said(announced).at(-1)).toBe('repeated stuck-pending HIGH strategy-changed');
  expect(announced.outbox.at(-1)?.finding.why[0]).toContain('it was alternating-users and is not set now');
});

test('silences of changing length are announced once a day', () => {
  const until = (ms: number) => ({
    ...judged(aFinding()),
    subject: { ...SUBJECT, silence: { until: later(NOW, ms), reason: 'x' } },
  });
  let told = reconcile(NOTHING, until(10 * DAY), telling());
  for (let hour = 1; hour < 24; hour++)
    told = reconcile(told, until((10 + (hour % 3)) * DAY), telling(hour * HOUR));
  expect(said(told)).toHaveLength(1);
  expect(said(reconcile(told, until(12 * DAY), telling(DAY)))).toHaveLength(2);
});

test('a version whose id is the code of a finding shares no alert with that finding', () => {
  const code = 'current-changed-outside-rotation';
  const findings = [aFinding({ pendingVersionId: code }), aFinding({ code, pendingVersionId: undefined })];
  expect(
    new Set(reconcile(NOTHING, judged(...findings), telling()).alerts.map(({ fingerprint }) => fingerprint))
      .size,
  ).toBe(2);
});

test('a silenced alert is resolved without a word', () => {
  const silenced = {
    ...judged(aFinding()),
    subject: { ...SUBJECT, silence: { until: later(NOW, DAY), reason: 'x' } },
  };
  const quiet = reconcile(NOTHING, silenced, telling());
  expect(said(reconcile(quiet, judged(), telling(MINUTE)))).toEqual(['silenced stuck-pending HIGH silenced']);
});

test('a resolved alert is forgotten after the hour', () => {
  const over = reconcile(reconcile(NOTHING, judged(aFinding()), telling()), judged(), telling(MINUTE));
  expect(reconcile(over, judged(), telling(MINUTE + HOUR)).alerts).toEqual([]);
});

const findings: fc.Arbitrary<readonly ExplainedFinding[]> = fc
  .uniqueArray(fc.constantFrom(...FINDING_CODES), { maxLength: 4 })
  .chain((codes) =>
    fc.tuple(
      ...codes.map((code) =>
        fc.record({
          code: fc.constant(code),
          severity: fc.constantFrom(...SEVERITIES) as fc.Arbitrary<Severity>,
          pendingVersionId: fc.constantFrom(undefined, PENDING),
        }),
      ),
    ),
  )
  .map((all) => all.map((finding) => aFinding(finding)));

test('judging the same twice changes nothing, whatever came before', () => {
  void fc.assert(
    fc.property(fc.array(findings, { minLength: 1, maxLength: 8 }), (history) => {
      let told = NOTHING;
      history.forEach((found, index) => {
        told = reconcile(told, judged(...found), telling(index * MINUTE));
        expect(reconcile(told, judged(...found), telling(index * MINUTE))).toEqual(told);
      });
    }),
  );
});

test('every alert that is reported as opened is reported as resolved once nothing is found any longer', () => {
  void fc.assert(
    fc.property(fc.array(findings, { minLength: 1, maxLength: 8 }), (history) => {
      let told = NOTHING;
      history.forEach((found, index) => {
        told = reconcile(told, judged(...found), telling(index * MINUTE));
      });
      told = reconcile(told, judged(), telling(history.length * MINUTE));
      told = reconcile(told, judged(), telling(history.length * MINUTE + HOUR));
      const balance = new Map<string, number>();
      for (const { fingerprint, transition } of told.outbox) {
        const step = { opened: 1, rose: 0, repeated: 0, escalated: 0, silenced: 0, resolved: -1 }[transition];
        balance.set(fingerprint, (balance.get(fingerprint) ?? 0) + step);
      }
      expect([...balance.values()].every((count) => count === 0)).toBe(true);
      expect(told.alerts.filter((alert: Alert) => isOpen(alert))).toEqual([]);
    }),
  );
});

test('what is over and was never sent collapses once twenty notifications wait, and an open alert keeps all of its own', () => {
  let told = NOTHING;
  for (let hour = 0; hour < 200; hour += 4) {
    told = reconcile(told, judged(aFinding()), telling(hour * HOUR));
    told = reconcile(told, judged(), telling((hour + 2) * HOUR));
  }
  told = reconcile(told, judged(aFinding({ severity: 'CRITICAL' })), telling(200 * HOUR));
  expect(told.outbox.length).toBeLessThanOrEqual(20);
  expect(said(told).at(-1)).toBe('opened stuck-pending CRITICAL first');
});
