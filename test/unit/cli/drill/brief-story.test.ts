import pc from 'picocolors';
import { expect, test } from 'vitest';
import { later, MINUTE } from '../../../../src/calendar/instant.ts';
import { briefStory } from '../../../../src/cli/drill/brief-story.ts';
import type { StoryItem } from '../../../../src/proving/drill/story.ts';
import { NOW } from '../../../support/builders.ts';

const MESSAGE = [
  'It failed and has not recovered.',
  'Risk: Unknown.',
  'Do: Look.',
  '',
  'WHY',
  '- Because.',
  `   aws ${'x'.repeat(90)}`,
].join('\n');

const mail = (
  over: { subject?: string; transition?: string; minutes?: number; message?: string; address?: string } = {},
): StoryItem => {
  const at = later(NOW, (over.minutes ?? 0) * MINUTE);
  const email = {
    at,
    topicArn: '',
    address: over.address ?? 'oncall@example.com',
    subject: over.subject ?? '[HIGH] app/db: stuck-pending',
    message: over.message ?? MESSAGE,
    attributes: { transition: over.transition ?? 'opened' },
    messageId: '1',
  };
  return { kind: 'mail', at, email };
};

const story = (...items: readonly StoryItem[]): string => {
  let text = '';
  const tell = briefStory({ colors: pc.createColors(false), columns: 80, write: (more) => (text += more) });
  for (const item of items) tell(item);
  return text;
};

test('the first message is printed in full, its commands unbroken at the margin', () => {
  const text = story(mail());
  expect(text).toContain('| - Because.\n');
  expect(text).toContain(`\naws ${'x'.repeat(90)}\n`);
});

test('later messages are cut to their first three lines', () => {
  const later = story(mail(), mail({ subject: '[MEDIUM] other/db: rotation-failed', minutes: 5 }))
    .split('\n\n')
    .at(-1);
  expect(later?.split('\n').slice(1)).toEqual([
    '    It failed and has not recovered.',
    '    Risk: Unknown.',
    '    Do: Look.',
    '',
  ]);
  expect(later).toMatch(/^\S+ \S+ {2}\[MEDIUM\] other\/db: rotation-failed\n/);
});

test('a later message takes a line for each of its first three, cut between words', () => {
  const long = `${'It failed '.repeat(12)}and has not healed.`;
  const text = story(mail(), mail({ minutes: 5, message: `${long}\nRisk: Unknown.\nDo: Look.` }));
  const [, what = '', risk] = text.split('\n\n').at(-1)?.split('\n') ?? [];
  expect(what).toMatch(/^ {4}It failed .*…$/);
  expect(what.length).toBeLessThanOrEqual(80);
  expect(risk).toBe('    Risk: Unknown.');
});

test('news of a known alert takes its subject and a line, its end the subject alone', () => {
  const text = story(
    mail(),
    mail({ transition: 'rose', minutes: 5 }),
    mail({ transition: 'resolved', minutes: 9, subject: '[RESOLVED] app/db: stuck-pending' }),
  );
  const [rose, what, resolved, end] = text.split('\n\n').at(-1)?.split('\n') ?? [];
  expect(rose).toMatch(/ {2}\[HIGH\] app\/db: stuck-pending$/);
  expect(what).toBe('    It failed and has not recovered.');
  expect(resolved).toMatch(/ {2}\[RESOLVED\] app\/db: stuck-pending$/);
  expect(end).toBe('');
});

test('a repetition is not printed, nor a message that goes to one more reader at the same time', () => {
  const once = story(mail());
  expect(
    story(mail(), mail({ address: 'manager@example.com' }), mail({ transition: 'repeated', minutes: 60 })),
  ).toBe(once);
});

test('an escalation is cut to its subject and its reader', () => {
  const text = story(mail(), mail({ transition: 'escalated', minutes: 30, address: 'manager@example.com' }));
  expect(text.split('\n\n').at(-1)).toMatch(/ {2}\[HIGH\] app\/db: stuck-pending to manager@example\.com\n$/);
});

test('what people do is printed in words, and how their commands ended', () => {
  const entry = {
    atMs: 0,
    do: 'SetFunctionBehaviour',
    secret: 'app/db',
    with: { behaviour: 'error', step: 'testSecret' },
  };
  const command = { line: 'aws x', outcome: { kind: 'skipped', text: '' } } as const;
  const refused = {
    line: 'aws y',
    outcome: { kind: 'refused', operation: 'X', code: 'Y', text: 'No' },
  } as const;
  const text = story(
    { kind: 'done', at: NOW, done: { at: NOW, entry, refusal: undefined } },
    {
      kind: 'advice',
      at: NOW,
      secret: 'app/db',
      steps: [{ text: '', leftOut: undefined, commands: [command, refused] }],
    },
  );
  expect(text).toMatch(/app\/db: the rotation function breaks at testSecret\n/);
  expect(text).toMatch(/app\/db: the operator follows the alert: 2 commands, 1 refused\n/);
});

test('single attempts and rotations that go well are left to the tables', () => {
  expect(
    story(
      { kind: 'rotated', at: NOW, secret: 'app/db', frequent: 0 },
      { kind: 'attempt-failed', at: NOW, secret: 'app/db', attempt: 1, versionId: 'v', step: undefined },
    ),
  ).toBe('');
});

test('no control character of a message gets through', () => {
  expect(story(mail({ message: 'a\u001b[2Jb' }))).toContain('| a[2Jb\n');
});
