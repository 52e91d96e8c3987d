import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR, instant, later } from '../../../../../src/calendar/instant.ts';
import { slackBody } from '../../../../../src/monitor/adapters/slack/blocks.ts';
import { amazonQJson } from '../../../../../src/monitor/adapters/sns/amazon-q-notifier.ts';
import { smsText, snsSubject } from '../../../../../src/monitor/adapters/sns/sns-notifier.ts';
import { type Group, grouped } from '../../../../../src/monitor/domain/alert/group.ts';
import { type Notification, TRANSITIONS } from '../../../../../src/monitor/domain/alert/notification.ts';
import { judge } from '../../../../../src/monitor/domain/detect/judge.ts';
import { explain } from '../../../../../src/monitor/domain/explain/explain.ts';
import type { ChatMessage } from '../../../../../src/monitor/domain/message/message.ts';
import { openAlertsHtml } from '../../../../../src/monitor/domain/message/open-alerts-html.ts';
import { renderNames } from '../../../../../src/monitor/domain/message/render-digest.ts';
import { renderMessage } from '../../../../../src/monitor/domain/message/render-message.ts';
import { disagreeing } from '../../../../support/agreeing-counts.ts';
import { aNotification } from '../../../../support/alerts.ts';
import { anyFacts } from '../../../../support/any-facts.ts';
import { aLease, facts, NOW } from '../../../../support/builders.ts';
import { TARGET } from '../../../../support/service.ts';

const LINKS = { runbookBaseUrl: undefined };

/** Everything that people see of one message, in whatever channel. */
const channels = ({ subject, text, chat }: ChatMessage): readonly string[] => [
  snsSubject(subject),
  text,
  smsText(subject, text),
  JSON.stringify(slackBody(chat)),
  JSON.stringify(amazonQJson(chat)),
];

const members = (count: number, given: Partial<Notification>): readonly Notification[] =>
  Array.from({ length: count }, (_, index) =>
    aNotification({ fingerprint: `secret-${index}#`, secretName: `db-${index}`, ...given }),
  );

const shownOf = (notifications: readonly Notification[], given: Partial<Group> = {}): readonly string[] =>
  grouped(notifications).flatMap((group) => channels(renderMessage({ ...group, ...given }, LINKS)));

describe.each(TRANSITIONS)('a message %s', (transition) => {
  test.each([
    [1, 0],
    [1, 1],
    [1, 2],
    [2, 0],
    [2, 1],
    [2, 2],
  ])('about %i, with %i reported earlier, agrees with its counts', (count, before) => {
    const resolution = { openedAt: later(NOW, -HOUR), endedBy: 'The secret rotated.', escalated: false };
    expect(disagreeing(shownOf(members(count, { transition, resolution }), { before }).join('\n'))).toEqual(
      [],
    );
  });
});

test.each([1, 2])('digests of %i agree with their counts', (count) => {
  const baseline = shownOf(members(count, { baseline: true }));
  const weekly = shownOf(members(count, { transition: 'repeated', reason: 'weekly-digest' }));
  expect(disagreeing([...baseline, ...weekly].join('\n'))).toEqual([]);
  expect(baseline.join('\n')).toContain(count === 1 ? '1 finding' : '2 findings');
  expect(weekly.join('\n')).toContain(count === 1 ? '1 alert of' : '2 alerts of');
});

test.each([1, 2])('a message that names %i more agrees with its counts', (count) => {
  const listed = members(count, {}).map((each) => ({ ...each, since: NOW }));
  const unnamed = { ...TARGET, owner: undefined, rotationFunctionArn: undefined, at: NOW, crowd: count };
  const names = { listed, crowd: count, left: count, namedBefore: count, othersFollow: true };
  const shown = channels(renderNames({ ...unnamed, secrets: [] }, names, NOW));
  expect(disagreeing(shown.join('\n'))).toEqual([]);
});

test.each([0, 1, 2])('the widget with %i more alerts agrees with its counts', (more) => {
  const [notification] = members(1, {});
  const alerts = notification === undefined ? [] : [{ ...notification, ...OPEN }];
  const page = { alerts, more, now: NOW, runbookBaseUrl: undefined, acknowledgeFunctionArn: undefined };
  expect(disagreeing(openAlertsHtml(page))).toEqual([]);
});

const OPEN = {
  subject: 'db-0',
  name: 'db-0',
  since: instant(NOW - DAY),
  what: 'A rotation failed.',
  risk: undefined,
  doNow: 'Rotate.',
  logs: undefined,
  command: undefined,
};

test.each([1, 2, 11, 12])('a message about %i late consumers agrees with its counts', (count) => {
  const leases = Array.from({ length: count }, (_, index) => aLease({ consumer: `orders-${index}` }));
  const given = facts({ leases, secret: { lastRotatedAt: later(NOW, -HOUR) } });
  const found = judge(given, NOW).filter(({ code }) => code === 'invalidation-unconfirmed');
  expect(found).toHaveLength(1);
  const shown = found.flatMap((each) =>
    shownOf([aNotification({ finding: { ...each, ...explain(each, given, NOW) } })]),
  );
  expect(disagreeing(shown.join('\n'))).toEqual([]);
});

test('a message about anything that can be known agrees with its counts', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      for (const found of judge(given, NOW)) {
        const finding = { ...found, ...explain(found, given, NOW) };
        expect(disagreeing(shownOf([aNotification({ finding })]).join('\n'))).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});

test('a count that does not agree is found', () => {
  expect(disagreeing('1 secrets have failed')).toHaveLength(1);
  expect(disagreeing('0 secret has failed')).toHaveLength(1);
  expect(disagreeing('12 secret')).toHaveLength(1);
  expect(disagreeing('1 secret, 0 secrets, 21 secrets, 1,001 secrets')).toEqual([]);
});
