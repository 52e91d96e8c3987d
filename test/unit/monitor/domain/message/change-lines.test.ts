import { describe, expect, test } from 'vitest';
import { slackBody } from '../../../../../src/monitor/adapters/slack/blocks.ts';
import { amazonQJson } from '../../../../../src/monitor/adapters/sns/amazon-q-notifier.ts';
import { grouped } from '../../../../../src/monitor/domain/alert/group.ts';
import type { Notification } from '../../../../../src/monitor/domain/alert/notification.ts';
import type { Change } from '../../../../../src/monitor/domain/finding/change.ts';
import { changeLines } from '../../../../../src/monitor/domain/message/change-lines.ts';
import { renderMessage } from '../../../../../src/monitor/domain/message/render-message.ts';
import { aFinding, aNotification } from '../../../../support/alerts.ts';
import { NOW } from '../../../../support/builders.ts';

const CHANGE: Change = {
  at: NOW,
  who: 'arn:aws:iam::111122223333:user/alex',
  what: 'deleted the rotation function',
};
const LINE = '2026-11-21T10:00:00Z: arn:aws:iam::111122223333:user/alex deleted the rotation function.';

const about = (changes: readonly Change[] | undefined, secretName = 'prod/orders/db'): Notification =>
  aNotification({ secretName, finding: aFinding({ changes }) });
const rendered = (...notifications: readonly Notification[]) => {
  const [group] = grouped(notifications);
  if (group === undefined) throw new Error('No group');
  return renderMessage(group, { runbookBaseUrl: undefined });
};

test('changes are lines; that there are none is said, and that nobody looked is not', () => {
  expect(changeLines({ changes: [CHANGE] })).toEqual([LINE]);
  expect(changeLines({ changes: [] })).toEqual(['CloudTrail recorded no changes.']);
  expect(changeLines({ changes: undefined })).toBeUndefined();
});

test('nothing is said not to have changed where the history was not seen whole', () => {
  const ends = [NOW, 'events'] as const;
  for (const changesSeenFrom of ends) {
    for (const changes of [[], [CHANGE]]) {
      const lines = changeLines({ changes, changesSeenFrom });
      expect(lines).toHaveLength(changes.length + 1);
      expect(lines?.join('\n')).not.toContain('recorded no changes');
    }
  }
  expect(changeLines({ changes: [], changesSeenFrom: NOW })).toEqual([
    'No change was found, but the history before 2026-11-21T10:00:00Z holds too many records to search.',
  ]);
});

test('the last minutes, and what has no name that is known, are said not to be seen', () => {
  const gaps = { changesSeenUntil: NOW, changesUnsought: ['the KMS key of the secret'] };
  const unseen =
    'CloudTrail records calls minutes late, and changes since 2026-11-21T10:00:00Z may be missing; the history of the KMS key of the secret was not searched.';
  expect(changeLines({ changes: [], ...gaps })).toEqual([`No change was found, but ${unseen}`]);
  expect(changeLines({ changes: [CHANGE], ...gaps })).toEqual([LINE, `There may be more: ${unseen}`]);
});

describe('a message', () => {
  test('states what changed between why and what to do', () => {
    const { text } = rendered(about([CHANGE]));
    expect(text).toContain(`\n\nWHAT CHANGED IN THE DAY BEFORE\n- ${LINE}\n\nCREDENTIAL IN USE`);
    expect(rendered(about(undefined)).text).not.toContain('WHAT CHANGED');
  });

  test('of a group states what was looked up for any of its members', () => {
    const { text, chat } = rendered(about(undefined, 'a'), about([CHANGE], 'b'));
    expect(text).toContain(LINE);
    expect(chat.changes).toEqual([LINE]);
  });

  test('of a group states what events reported, although another member was looked up', () => {
    const finding = aFinding({ changes: [CHANGE], changesSeenFrom: 'events' });
    const reported = aNotification({ secretName: 'a', finding });
    expect(rendered(reported, about([], 'b')).chat.changes).toEqual([LINE]);
    const other = { ...CHANGE, what: 'changed the policy of the KMS key of the secret' };
    expect(rendered(reported, about([other], 'b')).chat.changes).toHaveLength(2);
  });

  test('of a group does not say that nothing changed where one member was looked up', () => {
    expect(rendered(about(undefined, 'a'), about([], 'b')).chat.changes).toEqual([
      'No change was found, but of the secrets only b was searched.',
    ]);
  });

  test('that something is over has none', () => {
    const resolution = { openedAt: NOW, endedBy: 'It is over.', escalated: false };
    const { text, chat } = rendered(
      aNotification({ transition: 'resolved', resolution, finding: aFinding({ changes: [CHANGE] }) }),
    );
    expect(text).not.toContain('WHAT CHANGED');
    expect(chat.changes).toBeUndefined();
  });

  test('in chat states them, too', () => {
    const { chat } = rendered(about([CHANGE]));
    expect(JSON.stringify(slackBody(chat))).toContain(LINE);
    expect(amazonQJson(chat).content.description).toContain(LINE);
    expect(JSON.stringify(slackBody({ ...chat, changes: undefined }))).not.toContain('What changed');
  });
});
