import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../../../../src/calendar/instant.ts';
import { storyText } from '../../../../src/cli/drill/story-text.ts';
import { HistoryReader } from '../../../../src/proving/drill/story.ts';
import { NOW } from '../../../support/builders.ts';
import { aSimulator } from '../../../support/simulated.ts';

const plain = pc.createColors(false);

describe('HistoryReader', () => {
  test('reports failures by step and attempt, and each only once', async () => {
    const { clock, secretsManager } = aSimulator();
    secretsManager.functions.register({ name: 'rotate', behaviour: 'error', step: 'testSecret' });
    secretsManager.seed({ name: 'app/db', kind: 'function', function: 'rotate', schedule: 'rate(1 day)' });
    const reader = new HistoryReader('app/db');
    await clock.advance(2 * DAY);
    const told = reader.news(secretsManager.history('app/db'));
    expect(told.slice(0, 2)).toMatchObject([
      { kind: 'attempt-failed', secret: 'app/db', attempt: 1, step: 'testSecret' },
      { kind: 'attempt-failed', secret: 'app/db', attempt: 2, step: 'testSecret' },
    ]);
    expect(reader.news(secretsManager.history('app/db'))).toEqual([]);
  });

  test('counts rotations that come more often than daily', async () => {
    const { clock, secretsManager } = aSimulator();
    secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    const schedule = 'rate(4 hours)';
    secretsManager.seed({
      name: 'app/db',
      kind: 'function',
      function: 'rotate',
      schedule,
      lastRotatedAt: NOW,
    });
    const reader = new HistoryReader('app/db');
    await clock.advance(13 * HOUR);
    const told = reader.news(secretsManager.history('app/db'));
    expect(told).toMatchObject([
      { kind: 'rotated', frequent: 1 },
      { kind: 'rotated', frequent: 2 },
      { kind: 'rotated', frequent: 3 },
    ]);
    expect(told.map((item) => storyText(item, plain).trimEnd().split('  ').at(-1))).toEqual([
      'rotated',
      'rotated, and so on',
      '',
    ]);
  });
});

describe('storyText()', () => {
  test('reports a failed attempt', () => {
    const item = {
      kind: 'attempt-failed',
      at: NOW,
      secret: 'app/db',
      attempt: 2,
      versionId: 'v2',
      step: 'setSecret',
    } as const;
    expect(storyText(item, plain)).toMatch(
      /^\S+Z {2}app\/db +rotation failed at step setSecret \(attempt 2, version v2\)\n$/,
    );
  });

  test('reports the commands of the operator with what came of them', () => {
    const command = { line: 'aws sts get-caller-identity' };
    const text = storyText(
      {
        kind: 'advice',
        at: NOW,
        secret: 'app/db',
        steps: [
          {
            text: 'Look.',
            leftOut: undefined,
            commands: [
              { ...command, outcome: { kind: 'skipped', text: 'only reads' } },
              {
                ...command,
                outcome: { kind: 'refused', operation: 'X', code: 'Y', text: 'An error occurred' },
              },
              {
                ...command,
                outcome: { kind: 'done', operation: 'X', answer: { A: 1 }, functionError: false },
              },
            ],
          },
          { text: 'Finish.', leftOut: 'that failed', commands: [] },
        ],
      },
      plain,
    );
    expect(text.split('\n').slice(1)).toEqual([
      '    - Look.',
      '      $ aws sts get-caller-identity',
      '        only reads',
      '      $ aws sts get-caller-identity',
      '        An error occurred',
      '      $ aws sts get-caller-identity',
      '        {"A":1}',
      '    - Finish. (left out: that failed)',
      '',
    ]);
  });

  test('lets no control character through', () => {
    const email = {
      at: NOW,
      topicArn: '',
      address: 'oncall@example.com',
      subject: '[HIGH] app/db: stuck-pending',
      message: 'first\n\u001b[2Jsecond',
      attributes: {},
      messageId: '1',
    };
    const text = storyText({ kind: 'mail', at: NOW, email }, plain);
    expect(text).not.toContain('\u001b');
    expect(text).toMatch(/ {2}\| first\n {2}\| \S?\[2Jsecond\n/);
  });
});
