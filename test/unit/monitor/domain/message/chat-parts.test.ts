import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../../src/calendar/instant.ts';
import { grouped } from '../../../../../src/monitor/domain/alert/group.ts';
import type { Notification } from '../../../../../src/monitor/domain/alert/notification.ts';
import type { ChatParts } from '../../../../../src/monitor/domain/message/message.ts';
import { renderMessage } from '../../../../../src/monitor/domain/message/render-message.ts';
import { aFinding, aNotification } from '../../../../support/alerts.ts';
import { NOW } from '../../../../support/builders.ts';

function parts(...notifications: readonly Notification[]): ChatParts {
  const [group] = grouped(notifications);
  if (group === undefined) throw new Error('Nothing to render');
  return renderMessage(group, { runbookBaseUrl: 'https://wiki.example.com/runbooks' }).chat;
}

test('an alert has all its parts', () => {
  const finding = aFinding({ failingStep: 'setSecret' });
  expect(parts(aNotification({ finding }))).toEqual({
    explain:
      'rotation-monitor explain arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-AbCdEf --region eu-west-1',
    title: '[HIGH] prod/orders/db: stuck-pending',
    code: 'stuck-pending',
    transition: 'opened',
    severity: 'HIGH',
    account: '111122223333',
    region: 'eu-west-1',
    what: ['The rotation of "prod/orders/db" is stuck.'],
    risk: 'Applications still log in with AWSCURRENT.',
    since: later(NOW, -HOUR),
    at: NOW,
    step: 'setSecret',
    advice: finding.advice,
    acknowledge: undefined,
    links: [
      {
        label: 'Console',
        url: 'https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=prod%2Forders%2Fdb&region=eu-west-1',
      },
      { label: 'Runbook', url: 'https://wiki.example.com/runbooks/stuck-pending.md' },
    ],
    threadId: aNotification().fingerprint,
  });
});

test('one that has risen says so', () => {
  expect(parts(aNotification({ transition: 'rose' })).what).toEqual([
    'The rotation of "prod/orders/db" is stuck.',
    'Severity rose to HIGH.',
  ]);
});

test('a group names its secrets, advises on the first and links to the list', () => {
  const { what, advice, links, threadId } = parts(
    aNotification({ secretName: 'a', fingerprint: 'a#1' }),
    aNotification({ secretName: 'b', fingerprint: 'b#1' }),
  );
  expect(what).toEqual([
    '2 secrets behind arn:aws:lambda:eu-west-1:111122223333:function:rotate have the same finding: stuck-pending.',
    'The first of them: The rotation of "prod/orders/db" is stuck.',
    '- a (HIGH, since 2026-11-21T09:00:00Z)',
    '- b (HIGH, since 2026-11-21T09:00:00Z)',
  ]);
  expect(advice).toEqual(aFinding().advice);
  expect(links[0]?.url).toBe(
    'https://eu-west-1.console.aws.amazon.com/secretsmanager/listsecrets?region=eu-west-1',
  );
  expect(threadId).toBe('a#1');
});

test('an alert that is over has the thread of its opening and nothing left to do', () => {
  const resolution = {
    openedAt: later(NOW, -HOUR),
    endedBy: 'Version 2 became AWSCURRENT.',
    escalated: false,
  };
  const over = parts(aNotification({ transition: 'resolved', reason: 'resolved', resolution }));
  expect(over).toMatchObject({ risk: undefined, step: undefined, advice: [], transition: 'resolved' });
  expect(over.what).toEqual(['prod/orders/db: Version 2 became AWSCURRENT. The alert was open for 1 h.']);
  expect(over.threadId).toBe(parts(aNotification()).threadId);
});

test('a silence is said with its reason and without advice', () => {
  const silence = { until: later(NOW, HOUR), reason: 'migration' };
  const silenced = parts(aNotification({ transition: 'silenced', reason: 'silenced', silence }));
  expect(silenced.what.join('\n')).toContain('migration');
  expect(silenced.advice).toEqual([]);
});

test('a digest is counted by code and has no runbook', () => {
  const { what, code, links, since } = parts(
    aNotification({ baseline: true, secretName: 'a' }),
    aNotification({ baseline: true, secretName: 'b', finding: aFinding({ code: 'rotation-overdue' }) }),
  );
  expect(what.slice(-2)).toEqual(['stuck-pending: 1', 'rotation-overdue: 1']);
  expect(code).toBe('baseline-digest');
  expect(links.map(({ label }) => label)).toEqual(['Console']);
  expect(since).toBeUndefined();
});

test.each([
  ['aws-cn', 'cn-north-1', 'https://console.amazonaws.cn/secretsmanager/secret?name=x&region=cn-north-1'],
  [
    'aws-us-gov',
    'us-gov-west-1',
    'https://console.amazonaws-us-gov.com/secretsmanager/secret?name=x&region=us-gov-west-1',
  ],
])('the console of partition %s has a host of its own', (partition, region, url) => {
  const secretArn = `arn:${partition}:secretsmanager:${region}:111122223333:secret:x-AbCdEf`;
  const { links } = parts(aNotification({ secretArn, secretName: 'x', region }));
  expect(links[0]?.url).toBe(url);
});

test('an alert about a target links to the list of its secrets', () => {
  const { links } = parts(aNotification({ secretArn: 'target#111122223333#eu-west-1' }));
  expect(links[0]?.url).toContain('/listsecrets?region=eu-west-1');
});
