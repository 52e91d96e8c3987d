import { expect, test } from 'vitest';
import { jsonLog } from '../../../../../src/monitor/adapters/system/json-log.ts';
import { NOW } from '../../../../support/builders.ts';

test('a record is one line, and no text in it steers whoever reads the log', () => {
  const lines: string[] = [];
  const log = jsonLog({ now: () => NOW, pause: async () => undefined }, (line) => void lines.push(line));
  const reason = 'x\nFORGED\u001B[2J\u202E\u200By';
  log({ level: 'error', message: 'Cannot look', details: { reason, name: reason } });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: 'error',
      message: 'Cannot look',
      timestamp: '2026-11-21T10:00:00.000Z',
      reason: 'x FORGED[2Jy',
      name: 'x FORGED[2Jy',
    },
  ]);
});
