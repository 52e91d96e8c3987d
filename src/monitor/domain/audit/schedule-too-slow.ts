import { DAY, formatDuration } from '../../../calendar/instant.ts';
import { scheduleEvery } from '../explain/commands.ts';
import { rotationIntervalMs } from '../secret/rotation-interval.ts';
import type { AuditDetector } from './audit-finding.ts';

/** Finds rotation schedules whose windows are too far apart. */
export const scheduleTooSlow: AuditDetector = {
  code: 'schedule-too-slow',
  severity: 'LOW',
  meaning: 'The windows of the rotation schedule are further apart than the settings allow.',
  remedy: 'Shorten the rotation schedule.',
  requirement: 'Every secret with rotation rotates as often as the settings require.',
  risk: 'The credential stays in use for longer than the settings allow.',
  detect({ secret, limits }) {
    if (secret.rotationEnabled !== true) return 'not-applicable';
    const intervalMs = rotationIntervalMs(secret);
    if (intervalMs === undefined) return 'not-applicable';
    if (intervalMs <= limits.slowestScheduleMs) return 'clear';
    return {
      since: undefined,
      what: `Rotation windows are up to ${formatDuration(intervalMs)} apart; the limit is ${formatDuration(limits.slowestScheduleMs)}.`,
    };
  },
  advise: ({ secret, limits }) => [
    {
      text: 'Shorten the schedule. This command tests the rotation and does not rotate now. Change the schedule where the secret is provisioned, too.',
      commands: [scheduleEvery(secret, Math.max(1, Math.floor(limits.slowestScheduleMs / DAY)))],
    },
  ],
};
