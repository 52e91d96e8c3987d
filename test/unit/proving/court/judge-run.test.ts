import { expect, test } from 'vitest';
import { HOUR, type Instant, later, MINUTE } from '../../../../src/calendar/instant.ts';
import type { JudgedRun, Outage } from '../../../../src/proving/court/checks/case.ts';
import { breachText, judgeRun } from '../../../../src/proving/court/judge-run.ts';
import type { Said } from '../../../../src/proving/court/told/said.ts';
import type { StageChange } from '../../../../src/simulator/secrets-manager/store/secret-history.ts';
import { aStageChange, HISTORY_START } from '../../../support/stage-changes.ts';

const moment = (ms: number): Instant => later(HISTORY_START, ms);

const STUCK = { current: ['AWSCURRENT'], pending: ['AWSPENDING'] };
const SILENCE = [
  { Key: 'rotation-monitor:silence-until', Value: '2026-03-02' },
  { Key: 'rotation-monitor:silence-reason', Value: 'migration' },
];

interface Given {
  readonly said?: readonly Said[];
  readonly about?: string;
  readonly lists?: JudgedRun['lists'];
  readonly outages?: readonly Outage[];
  readonly history?: readonly StageChange[];
  readonly arrivedOf?: JudgedRun['arrivedOf'];
  readonly tags?: Readonly<Record<string, string>>;
}

/** A run of ten hours with a sweep every 5 minutes and one secret. */
const aRun = ({
  said = [],
  about = 'arn',
  lists = [],
  outages = [],
  history = [],
  arrivedOf = () => [],
  tags = {},
}: Given): JudgedRun => ({
  endsAt: moment(10 * HOUR),
  sweepEveryMs: 5 * MINUTE,
  listStaleMaxMs: 0,
  describeStaleMaxMs: 0,
  indexLagMaxMs: 0,
  setsDeadlines: true,
  secrets: [
    {
      arn: 'arn',
      name: 'app/db',
      secret: { name: 'app/db', kind: 'function', function: 'rotate', schedule: 'rate(90 days)', tags },
      history: history.length === 0 ? [aStageChange(0)] : history,
      functionBroken: [],
      meddledAt: [],
    },
  ],
  said,
  saidOf: (subject) => (subject === about ? said : []),
  emails: [],
  told: [],
  target: { name: '111122223333 eu-west-1', subject: 'target' },
  lists,
  outages,
  kills: [],
  arrivedOf,
});

const decided = (code: string, transition: string, at: Instant, pendingVersionId?: string): Said => ({
  notification: {
    id: `${code} ${transition} ${at}`,
    fingerprint: code,
    transition,
    reason: transition,
    at,
    notBefore: at,
    baseline: false,
    rotationFunctionArn: undefined,
    owner: undefined,
    code,
    severity: 'HIGH',
    finding: { what: '', pendingVersionId, credentialInUse: 'unknown', advice: [] },
  },
  knewOfSet: false,
  clearedAt: undefined,
  toldAt: [],
});

/**
 * Returns the breaches of a run, apart from lost notifications: a decision without an e-mail is lost here, and these
 * tests are about the decisions.
 */
const kinds = (run: JudgedRun): readonly string[] =>
  judgeRun(run)
    .breaches.filter(({ kind }) => kind !== 'lost notification')
    .map(breachText)
    .map((text) => text.split(': ')[0] ?? '');

const list = (minutes: number, ok: boolean) => ({ at: moment(minutes * MINUTE), ok });

test('a target that cannot be listed for half an hour has to be reported', () => {
  const lists = [list(0, true), list(60, false), list(90, true)];
  expect(kinds(aRun({ lists }))).toEqual(['lost alert']);
});

test('a target that cannot be listed for a moment has not', () => {
  expect(kinds(aRun({ lists: [list(0, true), list(60, false), list(70, true)] }))).toEqual([]);
});

test('that a target cannot be listed is true while it holds, and its end when it is over', () => {
  const lists = [list(0, true), list(60, false), list(90, true)];
  const said = [
    decided('target-unreachable', 'opened', moment(76 * MINUTE)),
    decided('target-unreachable', 'resolved', moment(90 * MINUTE)),
  ];
  expect(kinds(aRun({ lists, said, about: 'target' }))).toEqual([]);
});

test.each([
  ['opened', 30, 'untrue finding'],
  ['opened', 72, 'untrue finding'],
  ['resolved', 80, 'untrue resolution'],
])('that a target cannot be listed, %s after %i minutes, is an %s', (transition, minutes, kind) => {
  const lists = [list(0, true), list(60, false), list(90, true)];
  const said = [decided('target-unreachable', transition, moment(minutes * MINUTE))];
  expect(kinds(aRun({ lists, said, about: 'target' }))).toContain(kind);
});

test('a target that comes and goes is over once it has been clear for the hold, and must then be reported', () => {
  const lists = [0, 1, 2, 3].flatMap((n) => [list(60 + n * 40, false), list(85 + n * 40, true)]);
  const opened = [0, 1].flatMap((n) => [
    decided('target-unreachable', 'opened', moment((76 + n * 40) * MINUTE)),
    decided('target-unreachable', 'resolved', moment((85 + n * 40) * MINUTE)),
  ]);
  const third = decided('target-unreachable', 'opened', moment(156 * MINUTE));
  const end = decided('target-unreachable', 'resolved', moment((205 + 35) * MINUTE));
  expect(kinds(aRun({ lists, said: [...opened, third, end], about: 'target' }))).toEqual([]);
  expect(kinds(aRun({ lists, said: [...opened, third], about: 'target' }))).toEqual(['unresolved']);
});

const outage = (minutes: number): Outage => ({
  from: moment(HOUR),
  until: moment(HOUR + minutes * MINUTE),
  what: 'table down',
  stopsTelling: true,
});

test.each([
  ['an outage of the table', [outage(30)], []],
  ['no outage', [], ['untrue finding']],
])('in %s, an alert that passes over a list that came through', (_what, outages, wanted) => {
  const lists = [list(0, true), list(61, false), list(66, true), list(71, false), list(92, true)];
  const said = [
    decided('target-unreachable', 'opened', moment(77 * MINUTE)),
    decided('target-unreachable', 'resolved', moment(92 * MINUTE)),
  ];
  expect(kinds(aRun({ lists, said, outages, about: 'target' }))).toEqual(wanted);
});

test('in an outage nothing can be reported, after it everything has to be', () => {
  const stuckFor = (ms: number) => [
    aStageChange(0),
    aStageChange(30 * MINUTE, { stages: STUCK }),
    aStageChange(30 * MINUTE + ms),
  ];
  const outages = [outage(180)];
  expect(kinds(aRun({ history: stuckFor(3 * HOUR) }))).toContain('lost alert');
  expect(kinds(aRun({ history: stuckFor(3 * HOUR), outages }))).toEqual([]);
  expect(kinds(aRun({ history: stuckFor(8 * HOUR), outages }))).toContain('lost alert');
});

test('an alert about a secret that its tags keep silent is a breach', () => {
  const history = [
    aStageChange(0, { tags: SILENCE }),
    aStageChange(30 * MINUTE, { tags: SILENCE, rotationEnabled: false }),
  ];
  const said = [decided('rotation-silently-disabled', 'opened', moment(HOUR))];
  expect(kinds(aRun({ history }))).toEqual([]);
  expect(kinds(aRun({ history, said }))).toEqual(['told although silenced']);
});

test.each([
  ['testSecret', { 'rotation-monitor:strategy': 'alternating-users' }, 'pending', false],
  ['testSecret', { 'rotation-monitor:strategy': 'alternating-users' }, 'other', true],
  ['setSecret', { 'rotation-monitor:strategy': 'alternating-users' }, 'pending', true],
  ['testSecret', {}, 'pending', true],
] as const)(
  'whether, after a failure at %s of a secret with the tags %j, an alert about version %s breaks its silence: %j',
  (failedStep, tags, versionId, isBreach) => {
    const pending = { tags: SILENCE, stages: STUCK };
    const history = [
      aStageChange(0, { tags: SILENCE }),
      aStageChange(30 * MINUTE, pending),
      aStageChange(31 * MINUTE, { ...pending, failure: 'failed', failedStep, failedVersionId: 'pending' }),
    ];
    const said = [decided('rotation-failed', 'opened', moment(HOUR), versionId)];
    expect(kinds(aRun({ history, said, tags })).includes('told although silenced')).toBe(isBreach);
  },
);

test('what has been over for no longer than a description may be old is true, and its end too', () => {
  const history = [
    aStageChange(0),
    aStageChange(30 * MINUTE, { stages: STUCK }),
    aStageChange(2 * HOUR),
    aStageChange(3 * HOUR, { stages: STUCK }),
  ];
  const about = (transition: string, at: Instant): Said => {
    const { notification, ...rest } = decided('stuck-pending', transition, at);
    return {
      ...rest,
      notification: { ...notification, finding: { ...notification.finding, pendingVersionId: 'pending' } },
    };
  };
  const opened = about('opened', moment(2 * HOUR + 20_000));
  const resolved = about('resolved', moment(3 * HOUR + 20_000));
  const told = (describeStaleMaxMs: number): readonly string[] =>
    kinds({ ...aRun({ history, said: [opened, resolved] }), describeStaleMaxMs }).filter((kind) =>
      kind.startsWith('untrue'),
    );
  expect(told(30_000)).toEqual([]);
  const early = decided('rotation-silently-disabled', 'opened', moment(30 * MINUTE + 15 * MINUTE + 5000));
  const offUntilDue = [
    aStageChange(0),
    aStageChange(30 * MINUTE, { rotationEnabled: false }),
    aStageChange(45 * MINUTE),
  ];
  const run = { ...aRun({ history: offUntilDue, said: [early] }), describeStaleMaxMs: 10_000 };
  expect(kinds(run)).not.toContain('untrue finding');
  expect(told(10_000)).toEqual(['untrue finding', 'untrue resolution']);
});

test('a test whose success the monitor heard of late may end late, and must end then', () => {
  const failure = { failure: 'refused', failedStep: 'testSecret' as const, failedVersionId: 'first' };
  const history = [
    aStageChange(0),
    aStageChange(HOUR, { stages: { current: ['AWSCURRENT'], first: ['AWSPENDING'] } }),
    aStageChange(HOUR + 1000, { stages: { current: ['AWSCURRENT'], first: ['AWSPENDING'] }, ...failure }),
    aStageChange(HOUR + 2000),
    aStageChange(2 * HOUR, { stages: { current: ['AWSCURRENT'], second: ['AWSPENDING'] } }),
    aStageChange(2 * HOUR + 2000),
  ];
  const said = [decided('test-rotation-failed', 'opened', moment(HOUR + 3000))];
  const heardAfter = (hours: number): readonly string[] => {
    const success = { eventName: 'TestRotationSucceeded', happenedAt: moment(2 * HOUR + 2000) };
    const arrivedOf = (id: string) =>
      id === 'second' ? [{ ...success, arrivedAt: moment(hours * HOUR) }] : [];
    return kinds(aRun({ history, said, arrivedOf }));
  };
  expect(heardAfter(9.99)).toEqual([]);
  expect(heardAfter(5)).toEqual(['unresolved']);
});
