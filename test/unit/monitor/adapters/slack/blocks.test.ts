import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { slackBody } from '../../../../../src/monitor/adapters/slack/blocks.ts';
import { aChat } from '../../../../contract/notifier.suite.ts';
import { anyChat } from '../../../../support/any-chat.ts';
import { NOW } from '../../../../support/builders.ts';
import { SLACK_BODY, shown } from '../../../../support/fake-slack.ts';

const textsOf = (chat: Parameters<typeof slackBody>[0]): readonly string[] =>
  shown(SLACK_BODY.parse(slackBody(chat)));

test('an alert shows its title, risk, state, age, step, commands, place and links', () => {
  const body = slackBody(
    aChat({
      since: later(NOW, -(3 * HOUR + 5 * MINUTE)),
      step: 'setSecret',
      advice: [{ text: 'Remove the label.', commands: ['aws one --x "a & b"', 'aws two'] }],
      links: [
        { label: 'Console', url: 'https://eu-west-1.console.aws.amazon.com/x?a=1&b=2' },
        { label: 'Runbook', url: 'https://wiki.example.com/stuck-pending.md' },
      ],
    }),
  );
  expect(shown(SLACK_BODY.parse(body))).toEqual([
    '[HIGH] prod/orders/db: stuck-pending',
    'The rotation is stuck.\n*Risk:* none yet.',
    '*State:* opened',
    '*Severity:* HIGH',
    '*Since:* 2026-11-21T06:55:00Z (3 h 5 min)',
    '*Failing step:* setSecret',
    '*1.* Remove the label.\n```\naws one --x "a & b"\naws two\n```',
    'Account 111122223333, region eu-west-1, sent at 2026-11-21T10:00:00Z',
    '<https://eu-west-1.console.aws.amazon.com/x?a=1&b=2|Console>',
    '<https://wiki.example.com/stuck-pending.md|Runbook>',
  ]);
  expect(body.text).toBe('[HIGH] prod/orders/db: stuck-pending: The rotation is stuck.');
  expect(JSON.stringify(body)).toContain('aws one --x \\"a &amp; b\\"');
});

test('every message is within the limits of Slack, whatever it says', () => {
  void fc.assert(
    fc.property(anyChat, (chat) => {
      expect(SLACK_BODY.safeParse(slackBody(chat)).error).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test.each([undefined, 'none yet.'])(
  'of a long list whole lines are shown and the others counted: risk %s',
  (risk) => {
    const listed = Array.from({ length: 200 }, (_, index) => `- team/prod/service-${index}/db (HIGH)`);
    const [, text = ''] = textsOf(aChat({ what: ['The same finding about 200 secrets.', ...listed], risk }));
    const [said, ...lines] = text.split('\n*Risk:*')[0]?.split('\n') ?? [];
    expect(said).toBe('The same finding about 200 secrets.');
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.slice(0, -1)).toEqual(listed.slice(0, lines.length - 1));
    expect(lines.at(-1)).toBe(`… and ${200 - (lines.length - 1)} more lines in the e-mail`);
  },
);

test('the largest of everything is within the limits too', () => {
  for (const character of ['&', '"', '\n', '\u0000', '\ud800', '😀', '`']) {
    const long = character.repeat(4000);
    const links = Array.from({ length: 5 }, () => ({
      label: long,
      url: `https://example.com/${'&'.repeat(330)}`,
    }));
    const advice = Array.from({ length: 60 }, () => ({ text: long, commands: [long, 'aws one'] }));
    const chat = aChat({ title: long, what: [long, long], risk: long, advice, links });
    expect(SLACK_BODY.safeParse(slackBody(chat)).error).toBeUndefined();
  }
});

test('nothing in a text becomes a mention or a link', () => {
  void fc.assert(
    fc.property(anyChat, (chat) => {
      const raw = JSON.stringify(slackBody({ ...chat, links: [] }));
      expect(raw).not.toMatch(/[<>]/);
    }),
  );
  const [, what] = textsOf(aChat({ what: ['<!channel> & <https://example.com|here>'], risk: undefined }));
  expect(what).toBe('<!channel> & <https://example.com|here>');
});

test('an address that would break out of its link is left out', () => {
  const bad = ['https://example.com/|x>', 'https://example.com/a b', 'javascript:alert(1)', 'nonsense'];
  const links = bad.map((url) => ({ label: 'Bad', url }));
  expect(textsOf(aChat({ links })).join('\n')).not.toContain('Bad');
});

test('what does not fit is counted, and no command is ever cut', () => {
  const commands = [`aws ${'x'.repeat(2000)}`];
  const advice = Array.from({ length: 20 }, (_, index) => ({ text: `Step ${index}.`, commands }));
  const texts = textsOf(aChat({ advice }));
  const whole = texts.filter((text) => text.includes('aws x'));
  expect(whole.length).toBeGreaterThan(2);
  for (const text of whole) expect(text).toContain(`\n${commands[0]}\n`);
  expect(texts).toContain(`… and ${20 - whole.length} more steps in the e-mail`);
});

test('a command that is longer than a section is named, not cut', () => {
  const advice = [{ text: 'Do it.', commands: [`aws ${'x'.repeat(3000)}`] }];
  expect(textsOf(aChat({ advice }))).toContain('*1.* Do it.\n_Its commands are in the e-mail._');
});

test('three backquotes in a command do not end its block', () => {
  const advice = [{ text: 'Do it.', commands: ['aws ```x'] }];
  expect(textsOf(aChat({ advice }))).toContain('*1.* Do it.\n```\naws ` ` `x\n```');
});

test('a message that says nothing is still one', () => {
  const texts = textsOf(aChat({ title: ' ', what: ['', ' '], risk: undefined }));
  expect(texts.slice(0, 2)).toEqual(['Secret rotation', '(no details)']);
});
