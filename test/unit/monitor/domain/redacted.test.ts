import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Redacted } from '../../../../src/monitor/domain/redacted.ts';

const TOKEN = 'planted-token-3a7d';

test('a redacted text prints as <redacted> wherever it is printed', () => {
  const hidden = new Redacted(`https://heartbeat.example.com/${TOKEN}`);
  const printed = [
    `${hidden}`,
    JSON.stringify({ hidden }),
    inspect({ hidden }, { showHidden: true, depth: 9 }),
    format('%s %o %j', hidden, hidden, hidden),
    JSON.stringify(Object.entries(hidden)),
    new Error(String(hidden)).message,
  ].join('\n');
  expect(printed).toContain('<redacted>');
  expect(printed).not.toContain(TOKEN);
});

test('a redacted text is what it was for the call that needs it', () => {
  expect(new Redacted(TOKEN).reveal()).toBe(TOKEN);
});
