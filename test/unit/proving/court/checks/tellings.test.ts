import { expect, test } from 'vitest';
import { type Instant, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import type { JudgedRun, Outage } from '../../../../../src/proving/court/checks/case.ts';
import { tellings } from '../../../../../src/proving/court/checks/tellings.ts';
import type { Read, Said } from '../../../../../src/proving/court/told/said.ts';
import { HISTORY_START } from '../../../../support/stage-changes.ts';

const SENT_AT: Instant = later(HISTORY_START, MINUTE);

/** The end of an alert that left its outbox with the e-mails of this moment. */
const over = (code: string, pendingVersionId?: string): Said => ({
  notification: {
    id: `${code} ${pendingVersionId}`,
    fingerprint: `${code} ${pendingVersionId}`,
    transition: 'resolved',
    reason: 'resolved',
    at: HISTORY_START,
    notBefore: HISTORY_START,
    baseline: false,
    rotationFunctionArn: 'function',
    owner: undefined,
    code,
    severity: 'HIGH',
    finding: { what: '', pendingVersionId, credentialInUse: 'unknown', advice: [] },
  },
  knewOfSet: false,
  clearedAt: SENT_AT,
  toldAt: [],
});

const mail = (code: string, arrivedAt: Instant = SENT_AT): Read => ({
  secretName: 'app/db',
  secretArn: 'arn',
  code,
  severity: 'HIGH',
  transition: 'resolved',
  reason: 'resolved',
  at: '2026-01-01T00:01:00Z',
  subject: `[RESOLVED] app/db: ${code}`,
  text: '',
  arrivedAt,
});

const judged = (said: readonly Said[], codes: readonly string[]) =>
  judgedMails(
    said,
    codes.map((code) => mail(code)),
  );

type Needed =
  | 'said'
  | 'saidOf'
  | 'told'
  | 'emails'
  | 'kills'
  | 'outages'
  | 'sweepEveryMs'
  | 'listStaleMaxMs'
  | 'indexLagMaxMs';

const judgedMails = (said: readonly Said[], told: readonly Read[], outages: readonly Outage[] = []) => {
  const run: Pick<JudgedRun, Needed> = {
    said,
    saidOf: () => said,
    told,
    emails: [],
    kills: [],
    outages,
    sweepEveryMs: 5 * MINUTE,
    listStaleMaxMs: 0,
    indexLagMaxMs: 2 * SECOND,
  };
  const { breaches } = tellings(run as JudgedRun);
  return { kinds: breaches.map(({ kind }) => kind), told: said.map(({ toldAt }) => toldAt.length) };
};

test('two ends of one secret in two e-mails are each reported once', () => {
  const said = [over('pending-abandoned', 'v2'), over('test-rotation-failed')];
  expect(judged(said, ['pending-abandoned', 'test-rotation-failed'])).toEqual({ kinds: [], told: [1, 1] });
});

test('the ends of alerts about pending versions are one e-mail, whatever their codes', () => {
  const said = [over('pending-abandoned', 'v2'), over('stuck-pending', 'v3')];
  expect(judged(said, ['pending-abandoned'])).toEqual({ kinds: [], told: [1, 1] });
});

test('an end of a group is reported under the code of its first', () => {
  expect(judged([over('stuck-pending', 'v3')], ['rotation-failed'])).toEqual({ kinds: [], told: [1] });
});

test.each([
  [['pending-abandoned', 'test-rotation-failed', 'test-rotation-failed']],
  [['pending-abandoned', 'stuck-pending', 'test-rotation-failed']],
])('the e-mails %j report an end twice', (codes) => {
  const said = [over('pending-abandoned', 'v2'), over('test-rotation-failed')];
  expect(judged(said, codes).kinds).toEqual(['duplicate']);
});

test('an end of another kind than what was decided reports nothing', () => {
  expect(judged([over('rotation-overdue')], ['test-rotation-failed']).kinds).toEqual(['told of nothing']);
});

const OUTAGE: Outage = {
  from: HISTORY_START,
  until: later(HISTORY_START, 10 * MINUTE),
  what: 'table throttled',
  stopsTelling: true,
};

test.each([
  ['excused in an outage', [OUTAGE], 2 * SECOND, []],
  ['a duplicate without one', [], 2 * SECOND, ['duplicate']],
  ['about nothing once no index shows it', [OUTAGE], 2 * SECOND + 1, ['told of nothing']],
])('%s: an e-mail about what an index still shows', (_what, outages, ms, kinds) => {
  const mails = [mail('rotation-overdue'), mail('rotation-overdue', later(SENT_AT, ms))];
  expect(judgedMails([over('rotation-overdue')], mails, outages).kinds).toEqual(kinds);
});

test('an e-mail about what left its outbox unsent is about nothing, whatever an index shows', () => {
  const mails = [mail('rotation-overdue', later(SENT_AT, SECOND))];
  expect(judgedMails([over('rotation-overdue')], mails, [OUTAGE]).kinds).toEqual(['told of nothing']);
});
