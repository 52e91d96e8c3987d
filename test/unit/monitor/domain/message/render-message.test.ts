import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../../src/calendar/instant.ts';
import { grouped } from '../../../../../src/monitor/domain/alert/group.ts';
import type { Notification } from '../../../../../src/monitor/domain/alert/notification.ts';
import type { ChatMessage } from '../../../../../src/monitor/domain/message/message.ts';
import { renderMessage } from '../../../../../src/monitor/domain/message/render-message.ts';
import { aFinding, aNotification } from '../../../../support/alerts.ts';
import { arn, NOW } from '../../../../support/builders.ts';

const LINKS = {
  runbookBaseUrl: 'https://wiki.example.com/runbooks',
  acknowledgeFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:monitor-acknowledge',
};

function rendered(...notifications: readonly Notification[]): ChatMessage {
  const [group] = grouped(notifications);
  if (group === undefined) throw new Error('Nothing to render');
  return renderMessage(group, LINKS);
}

test('the subject says severity, secret and what', () => {
  expect(rendered(aNotification()).subject).toBe('[HIGH] prod/orders/db: stuck-pending');
});

test('the first three lines say what is wrong, the risk and the action', () => {
  const lines = rendered(aNotification()).text.split('\n');
  expect(lines.slice(0, 3)).toEqual([
    'The rotation of "prod/orders/db" is stuck.',
    'Risk: Applications still log in with AWSCURRENT.',
    'Do: Remove the label.',
  ]);
});

test('the text gives the reasons, the commands, the ARN and the runbook', () => {
  const { text } = rendered(aNotification());
  expect(text).toContain('- Version 2 carries AWSPENDING');
  expect(text).toContain('1. Remove the label.\n   aws secretsmanager update-secret-version-stage --help');
  expect(text).toContain(
    'Secret: arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-AbCdEf',
  );
  expect(text).toContain('Runbook: https://wiki.example.com/runbooks/stuck-pending.md');
});

test('the text leads to the secret, to what was logged at that time, and to the runbook', () => {
  const finding = aFinding({ logs: { group: '/own/group', since: later(NOW, -HOUR) } });
  const lines = rendered(aNotification({ finding })).text.split('\n');
  expect(lines.slice(-3)).toEqual([
    'Console: https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=prod%2Forders%2Fdb&region=eu-west-1',
    `Logs: https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Fown$252Fgroup/log-events$3Fstart$3D${later(NOW, -HOUR)}$26end$3D${NOW}`,
    'Runbook: https://wiki.example.com/runbooks/stuck-pending.md',
  ]);
});

test.each(['opened', 'rose', 'repeated', 'escalated'] as const)(
  'the text of what has %s holds the complete command that acknowledges it',
  (transition) => {
    const { secretArn } = aNotification();
    expect(rendered(aNotification({ transition })).text).toContain(
      `   aws lambda invoke --function-name ${LINKS.acknowledgeFunctionArn} --payload fileb:///dev/stdin --cli-read-timeout 0 --region eu-west-1 acknowledged.json <<< '{"secretId":"${secretArn}","for":"8h","by":"on call"}'\n`,
    );
  },
);

test('one command acknowledges all that a message is about', () => {
  const { text } = rendered(aNotification({ secretName: 'a' }), aNotification({ secretName: 'b' }));
  expect(text).toMatch(/"secretId":\["arn:aws:\S+:secret:a-AbCdEf","arn:aws:\S+:secret:b-AbCdEf"\]/);
});

test('an alert that changed its code says what it was', () => {
  const { text, chat } = rendered(aNotification({ transition: 'rose', toldAs: 'rotation-failed' }));
  expect(chat.what).toContain('It was reported earlier as rotation-failed.');
  expect(text).toContain('It was reported earlier as rotation-failed.');
});

test('a window that was skipped is not reported as one that is well', () => {
  const endedBy = 'It did not rotate; the due date moved from A to B.';
  const resolution = { openedAt: NOW, endedBy, escalated: false };
  const { subject, text } = rendered(
    aNotification({ transition: 'resolved', code: 'rotation-overdue', resolution }),
  );
  expect(subject).toBe('[RESOLVED] prod/orders/db: rotation-overdue (did not rotate)');
  expect(text).toContain(endedBy);
});

test('the subject of a group names fewer codes where they are long', () => {
  const codes = [
    'rotation-retries-exhausted',
    'rotation-silently-disabled',
    'invalidation-unconfirmed',
  ] as const;
  const { subject } = rendered(...codes.map((code) => aNotification({ secretName: code, code })));
  expect(subject).toMatch(/^\[HIGH\] 3 secrets: [a-z-]+, 2 more$/);
});

test('a message without a runbook base has no runbook line', () => {
  const [group] = grouped([aNotification()]);
  expect(group && renderMessage(group, { runbookBaseUrl: undefined }).text).not.toContain('Runbook');
});

test('a severity that rose is said', () => {
  expect(rendered(aNotification({ transition: 'rose', reason: 'severity-rose' })).text).toContain(
    'Severity rose to HIGH.',
  );
});

test('a long group names 200 secrets and says how all are listed', () => {
  const many = Array.from({ length: 380 }, (_, index) => aNotification({ secretName: `prod/db/${index}` }));
  const { subject, text } = rendered(...many);
  expect(subject).toBe('[HIGH] 380 secrets: stuck-pending');
  expect(text).toContain('380 secrets behind arn:aws:lambda:eu-west-1:111122223333:function:rotate');
  expect(text.match(/^- prod\/db\//gm)).toHaveLength(200);
  expect(text).toContain('… and 180 more. All of them: rotation-monitor sweep --region eu-west-1');
});

test('a group with several codes names them, and each secret with its own', () => {
  const { subject, text, attributes } = rendered(
    aNotification({ secretName: 'a', code: 'rotation-failed', severity: 'MEDIUM' }),
    aNotification({ secretName: 'b', transition: 'rose', reason: 'severity-rose' }),
  );
  expect(subject).toBe('[HIGH] 2 secrets: stuck-pending, rotation-failed');
  expect(text).toContain('have findings: 1 stuck-pending, 1 rotation-failed.');
  expect(text).toMatch(/^- b \(HIGH, since \S+\): stuck-pending$/m);
  expect(text).toContain('THE FIRST OF THEM: b');
  expect(attributes).toMatchObject({
    severity: ['HIGH', 'MEDIUM'],
    code: ['stuck-pending', 'rotation-failed'],
    transition: 'opened',
  });
});

test('several alerts about one secret are not several secrets', () => {
  const about = (version: string, code: 'rotation-failed' | 'pending-abandoned') =>
    aNotification({ fingerprint: `secret#${version}`, code });
  const { subject, text } = rendered(about('a', 'rotation-failed'), about('b', 'pending-abandoned'));
  expect(subject).toBe('[HIGH] prod/orders/db: rotation-failed, pending-abandoned');
  expect(text).toMatch(
    /^The secret prod\/orders\/db behind \S+ has several alerts: 1 rotation-failed, 1 pending-abandoned\.$/m,
  );
});

test.each([
  [{ before: 3, retold: 0 }, 'opened', '(+1, 4 in all)', '3 more alerts about secrets behind'],
  [{ before: 1, retold: 1 }, 'rose', '(2 in all)', '1 more alert about secrets behind'],
  [{ before: 3, retold: 0 }, 'repeated', '(still open, 1 h, 4 in all)', 'were reported earlier'],
  [{ before: 3, retold: 1 }, 'escalated', '(not acknowledged, 4 in all)', 'Nobody has acknowledged it'],
] as const)(
  'a group of which %o were reported before says so when it is %s',
  (known, transition, subject, line) => {
    const [group] = grouped([aNotification({ transition })]);
    const message = group && renderMessage({ ...group, ...known }, LINKS);
    expect(message?.subject).toBe(`[HIGH] prod/orders/db: stuck-pending ${subject}`);
    expect(message?.text).toContain(line);
  },
);

test('the end of what the escalation route heard of says so to subscriptions', () => {
  const end = (escalated: boolean) =>
    aNotification({ transition: 'resolved', resolution: { openedAt: NOW, endedBy: 'It ended.', escalated } });
  expect(rendered(end(true)).attributes['escalated']).toBe('yes');
  expect(rendered(end(false)).attributes['escalated']).toBeUndefined();
});

test('a resolved message says what ended it and how long it lasted', () => {
  const over = aNotification({
    transition: 'resolved',
    at: later(NOW, 3 * HOUR),
    resolution: { openedAt: NOW, endedBy: 'The secret rotated at 2026-11-21T12:59:00Z.', escalated: false },
  });
  const { subject, text } = rendered(over);
  expect(subject).toBe('[RESOLVED] prod/orders/db: stuck-pending');
  expect(text).toContain(
    'prod/orders/db: The secret rotated at 2026-11-21T12:59:00Z. The alert was open for 3 h.',
  );
});

test('the digest of a first sweep counts by code and names examples', () => {
  const { subject, text, attributes } = rendered(
    aNotification({ secretName: 'a', baseline: true }),
    aNotification({ secretName: 'b', baseline: true, code: 'rotation-overdue', severity: 'MEDIUM' }),
    aNotification({ secretName: 'c', baseline: true }),
  );
  expect(subject).toBe('[HIGH] First sweep of 111122223333 eu-west-1: 3 findings');
  expect(text).toContain('stuck-pending: 2\n- a (HIGH');
  expect(text).toContain('rotation-overdue: 1\n- b (MEDIUM');
  expect(attributes).toMatchObject({
    digest: 'baseline',
    code: ['stuck-pending', 'rotation-overdue'],
    severity: ['HIGH', 'MEDIUM'],
  });
});

test('subscriptions can filter by owner, severity, code, account, region and transition', () => {
  expect(rendered(aNotification({ owner: 'payments' })).attributes).toEqual({
    owner: 'payments',
    severity: 'HIGH',
    code: 'stuck-pending',
    account: '111122223333',
    region: 'eu-west-1',
    transition: 'opened',
  });
});

test('a message about several alerts carries what each of them is, the gravest first', () => {
  const rotationFunctionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:rotate';
  const one = { rotationFunctionArn, fingerprint: 'one', secretName: 'one' };
  const mixed = [
    aNotification({ ...one, code: 'rotation-failed', severity: 'MEDIUM' }),
    aNotification({
      ...one,
      fingerprint: 'two',
      secretName: 'two',
      severity: 'CRITICAL',
      transition: 'escalated',
    }),
    aNotification({ ...one, fingerprint: 'three', secretName: 'three' }),
  ];
  const [group, ...others] = grouped(mixed);
  expect(others).toEqual([]);
  expect(group && renderMessage(group, LINKS).attributes).toMatchObject({
    severity: ['CRITICAL', 'HIGH', 'MEDIUM'],
    code: ['stuck-pending', 'rotation-failed'],
    transition: 'escalated',
  });
});

test('a repeated alert says how long it has been open', () => {
  const again = aNotification({
    transition: 'repeated',
    reason: 'repeat-interval',
    at: later(NOW, 23 * HOUR),
  });
  expect(rendered(again).subject).toBe('[HIGH] prod/orders/db: stuck-pending (still open, 1 d)');
  expect(rendered(again).text).toContain('It was reported earlier and is still open.');
});

test('an escalated alert says that nobody has acknowledged it', () => {
  const { subject, text, attributes } = rendered(
    aNotification({ transition: 'escalated', reason: 'unacknowledged', severity: 'CRITICAL' }),
  );
  expect(subject).toBe('[CRITICAL] prod/orders/db: stuck-pending (not acknowledged)');
  expect(text).toContain('Nobody has acknowledged it');
  expect(attributes['transition']).toBe('escalated');
});

test('a silence is announced with its end and its reason', () => {
  const silence = { until: later(NOW, 24 * HOUR), reason: 'migration to the new cluster' };
  const { subject, text } = rendered(aNotification({ transition: 'silenced', reason: 'silenced', silence }));
  expect(subject).toBe('[SILENCED] prod/orders/db: stuck-pending');
  expect(text).toContain('Silenced until 2026-11-22T10:00:00Z by its tags: migration to the new cluster');
});

test('what a week has left open is one digest', () => {
  const weekly = { transition: 'repeated' as const, reason: 'weekly-digest' as const };
  const { subject, text } = rendered(
    aNotification({ secretName: 'a', ...weekly }),
    aNotification({ secretName: 'b', code: 'rotation-overdue', severity: 'MEDIUM', ...weekly }),
  );
  expect(subject).toBe('[HIGH] Still open in 111122223333 eu-west-1: 2 findings');
  expect(text).toContain('rotation-overdue: 1\n- b (MEDIUM');
});

test('a digest leads with the command that explains the gravest of its secrets', () => {
  const weekly = { transition: 'repeated' as const, reason: 'weekly-digest' as const };
  const grave = arn('arn:aws:secretsmanager:eu-west-1:111122223333:secret:grave-AbCdEf');
  const { text } = rendered(
    aNotification({ secretName: 'a', severity: 'LOW', ...weekly }),
    aNotification({ secretName: 'grave', secretArn: grave, severity: 'CRITICAL', ...weekly }),
  );
  expect(text.split('\n')[2]).toBe(`Explain: rotation-monitor explain ${grave} --region eu-west-1`);
});

test('a finding without advice still reads', () => {
  expect(rendered(aNotification({ finding: aFinding({ advice: [] }) })).text).toContain('Do: Nothing yet.');
});

test.each([
  ['first', {}],
  ['in a digest', { baseline: true }],
  ['again', { transition: 'repeated', reason: 'repeat-interval' }],
  ['weekly', { transition: 'repeated', reason: 'weekly-digest' }],
  ['unacknowledged', { transition: 'escalated', reason: 'unacknowledged' }],
  ['as over', { transition: 'resolved', reason: 'resolved' }],
] as const)(
  'what is reported %s goes to its owner, in a message that names no secret of another',
  (_how, given) => {
    const owners = [undefined, 'payments', 'search'];
    const notifications = owners.flatMap((owner) =>
      ['a', 'b'].map((name) => {
        const secretName = `${owner ?? 'nobody'}/${name}`;
        return aNotification({
          owner,
          secretName,
          fingerprint: secretName,
          rotationFunctionArn: undefined,
          ...given,
        });
      }),
    );
    const messages = grouped(notifications).map((group) =>
      renderMessage(group, { runbookBaseUrl: undefined }),
    );
    expect(messages.map(({ attributes }) => attributes['owner'])).toEqual(owners);
    for (const { text, attributes } of messages) {
      const others = owners.filter((owner) => owner !== attributes['owner']);
      for (const other of others) expect(text).not.toContain(`${other ?? 'nobody'}/`);
      expect(text).toContain(`${attributes['owner'] ?? 'nobody'}/a`);
    }
  },
);
