import { expect, test } from 'vitest';
import { decidedByTemplate } from '../../../../src/cli/simulate/play-scenario.ts';

test('settings that the template of the drill decides are named, those that take effect are not', () => {
  const environment = {
    HOME: '/home/operator',
    ROTATION_MONITOR_STUCK_AFTER: '2h',
    ROTATION_MONITOR_SWEEP_INTERVAL: '1h',
    ROTATION_MONITOR_TABLE_NAME: 'monitor',
    ROTATION_MONITOR_ACCOUNT_ID: '',
  };
  expect(decidedByTemplate(environment)).toEqual(['ROTATION_MONITOR_TABLE_NAME']);
});
