import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../../src/calendar/instant.ts';
import type { HealthCode, HealthCondition } from '../../../../../src/monitor/domain/alert/health.ts';
import { renderHealth } from '../../../../../src/monitor/domain/message/render-health.ts';
import { NOW } from '../../../../support/builders.ts';
import { TARGET } from '../../../../support/service.ts';
import { shellWords } from '../../../../support/shell-words.ts';

const PATH = { target: TARGET, alertTopicArn: 'arn:aws:sns:eu-west-1:111122223333:rotation-alerts' };
const condition = (code: HealthCode, overAt?: HealthCondition['overAt']): HealthCondition => ({
  code,
  since: NOW,
  seen: 'This was seen.',
  told: overAt !== undefined,
  overAt,
});
const CODES: readonly HealthCode[] = ['no-subscriber', 'undeliverable'];

test.each(CODES)('the beginning of %s says what, the risk and what to type', (code) => {
  const { subject, text, attributes } = renderHealth(condition(code), PATH, NOW);
  expect(subject).toBe(`[HIGH] Rotation monitor of 111122223333 eu-west-1: ${code}`);
  expect(text.split('\n').slice(0, 3)).toEqual([
    'This was seen.',
    expect.stringMatching(/^Risk: .+\.$/),
    expect.stringMatching(/^Do: .+\.$/),
  ]);
  const command = shellWords(text.split('\n').find((line) => line.startsWith('   aws ')) ?? '');
  expect(command).toContain(PATH.alertTopicArn);
  expect(attributes).toEqual({ ...TARGET, severity: 'HIGH', code, transition: 'opened' });
});

test.each(CODES)('the end of %s says how long it was so', (code) => {
  const { subject, text, attributes } = renderHealth(
    condition(code, later(NOW, HOUR)),
    PATH,
    later(NOW, HOUR),
  );
  expect(subject).toBe(`[RESOLVED] Rotation monitor of 111122223333 eu-west-1: ${code}`);
  expect(text).toMatch(/^.+\. The problem lasted 1 h\.\n/);
  expect(attributes['transition']).toBe('resolved');
});
