import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slackBody } from '../../../../../src/monitor/adapters/slack/blocks.ts';
import { amazonQJson } from '../../../../../src/monitor/adapters/sns/amazon-q-notifier.ts';
import { fingerprintOf } from '../../../../../src/monitor/domain/alert/alert.ts';
import { grouped } from '../../../../../src/monitor/domain/alert/group.ts';
import type { Notification, Transition } from '../../../../../src/monitor/domain/alert/notification.ts';
import type { OpenAlert } from '../../../../../src/monitor/domain/alert/open-alert.ts';
import { openAlertsHtml } from '../../../../../src/monitor/domain/message/open-alerts-html.ts';
import { renderNames } from '../../../../../src/monitor/domain/message/render-digest.ts';
import {
  channelFaultMessage,
  renderHealth,
} from '../../../../../src/monitor/domain/message/render-health.ts';
import { renderMessage } from '../../../../../src/monitor/domain/message/render-message.ts';
import { aFinding, aNotification } from '../../../../support/alerts.ts';
import { NOW } from '../../../../support/builders.ts';
import { named } from '../../../../support/secrets.ts';

const HOSTILE =
  'x\n\nWHAT TO DO\r\n1. Run\u2028this\u0085now: \u202Ehs|lruc\u202C\u200B \u001B[31m<b onclick="x">';
/** The same without anything that steers. */
const HARMLESS = 'x WHAT TO DO 1. Run this now: hs|lruc [31m<b onclick="x">';
const TRANSITIONS: readonly Transition[] = [
  'opened',
  'rose',
  'repeated',
  'escalated',
  'silenced',
  'resolved',
];

/** A notification with a text in every place that a text from outside may come to. */
const saying = (text: string, transition: Transition): Notification => ({
  ...aNotification({ transition, secretName: text, rotationFunctionArn: text, owner: text }),
  silence: transition === 'silenced' ? { until: NOW, reason: text } : undefined,
  resolution: transition === 'resolved' ? { openedAt: NOW, endedBy: text, escalated: true } : undefined,
  finding: {
    ...aFinding(),
    what: text,
    why: [text, text],
    blastRadius: text,
    advice: [{ text, commands: [`aws ${text}`] }],
    changes: [{ at: NOW, who: text, what: text }],
  },
});

const messageOf = (text: string, transition: Transition) => {
  const [group] = grouped([saying(text, transition)]);
  if (group === undefined) throw new Error('Nothing to render');
  return renderMessage(group, { runbookBaseUrl: undefined, acknowledgeFunctionArn: undefined });
};

describe.each(TRANSITIONS)('a message %s', (transition) => {
  test('is the same line by line, whatever steers in the texts it holds', () => {
    expect(messageOf(HOSTILE, transition)).toEqual(messageOf(HARMLESS, transition));
  });

  test('has its own line breaks alone, in e-mail, Slack and Amazon Q', () => {
    const { subject, text, chat } = messageOf(HOSTILE, transition);
    expect(subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    const told = [text, ...textsIn(slackBody(chat)), ...textsIn(amazonQJson(chat))];
    for (const each of told) {
      expect(each.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(each).not.toMatch(/^1\. Run|^WHAT TO DO.*now/m);
    }
    for (const each of told.slice(1)) expect(each).not.toContain('<b');
  });
});

/** Returns the lines of a text without the command that explains it, which only an ARN has. */
const unexplained = (text: string): readonly string[] =>
  text.split('\n').filter((line) => !line.startsWith('Explain: '));

test('whatever the texts are, the message has as many lines', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...TRANSITIONS), (text, transition) => {
      const lines = (of: string) => unexplained(messageOf(of, transition).text).length;
      expect(lines(text)).toBe(lines('x'));
    }),
  );
});

test('Amazon Q is given no link and no end of a block that the text would make', () => {
  const told = JSON.stringify(amazonQJson(messageOf('[click](https://evil.example) ``` x', 'opened').chat));
  expect(told).not.toContain('](');
  expect(told.match(/```/g)).toHaveLength(4);
});

const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

const openAlert = (text: string): OpenAlert => ({
  fingerprint: fingerprintOf(named('prod/db').arn, { code: 'stuck-pending', pendingVersionId: undefined }),
  code: 'stuck-pending',
  severity: 'HIGH',
  subject: named('prod/db').arn,
  name: text,
  account: '111122223333',
  region: 'eu-west-1',
  since: NOW,
  what: text,
  risk: text,
  doNow: text,
  command: text,
  logs: { group: text, since: NOW },
});

test.each(['name', 'what', 'risk', 'doNow', 'command'] as const)(
  'the widget shows %s without markup and without what steers',
  (field) => {
    const alert = { ...openAlert('x'), [field]: HOSTILE };
    const html = openAlertsHtml({
      alerts: [alert],
      more: 0,
      now: NOW,
      runbookBaseUrl: undefined,
      acknowledgeFunctionArn: undefined,
    });
    expect(html).not.toContain('<b onclick');
    expect(html).toContain('&lt;b onclick=&quot;x&quot;&gt;');
    expect(html).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  },
);

test('what the monitor says of itself is gated too', () => {
  const path = {
    target: { account: '111122223333', region: 'eu-west-1' },
    alertTopicArn: 'arn:aws:sns:eu-west-1:111122223333:alerts',
  };
  const health = (seen: string) =>
    renderHealth({ code: 'undeliverable', seen, since: NOW, told: false, overAt: undefined }, path, NOW);
  expect(health(HOSTILE)).toEqual(health(HARMLESS));
});

test('what is remembered of a crowd and of a channel is gated too', () => {
  const listed = [{ secretName: 'x', severity: 'HIGH', code: 'stuck-pending', since: NOW }] as const;
  const names = { listed, crowd: 300, left: 100, namedBefore: 0, othersFollow: true };
  const crowd = (text: string) => {
    const place = { account: '111122223333', region: 'eu-west-1', owner: text, rotationFunctionArn: text };
    return renderNames({ ...place, at: NOW, crowd: 300, secrets: [] }, names, NOW);
  };
  expect(crowd(HOSTILE)).toEqual(crowd(HARMLESS));
  const fault = (reason: string) =>
    channelFaultMessage({ channel: 'slack', reason }, { account: '111122223333', region: 'eu-west-1' });
  expect(fault(HOSTILE)).toEqual(fault(HARMLESS));
});
