import { expect, test } from 'vitest';
import { announcementName, parseAnnouncement } from '../../../../src/monitor/config/announcement.ts';

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:rotation-monitor-read-memory';

test('a deployment is announced under its name', () => {
  expect(announcementName('rotation-monitor')).toBe('/rotation-monitor/rotation-monitor');
});

test('the functions that are known are read, and others are left out', () => {
  const functions = { 'read-memory': ARN, 'later-than-us': ARN, acknowledge: 'rm -rf' };
  expect(parseAnnouncement(JSON.stringify({ schemaVersion: 1, functions }))).toEqual({
    schemaVersion: 1,
    functions: { 'read-memory': ARN },
  });
});

test.each([
  '',
  'https://hooks.example.com/x',
  '[]',
  'null',
  '{"schemaVersion":2,"functions":{}}',
  '{"schemaVersion":1}',
])('what is no announcement is none: %s', (text) => {
  expect(parseAnnouncement(text)).toBeUndefined();
});
