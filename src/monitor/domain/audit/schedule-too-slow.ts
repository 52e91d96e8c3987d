import { DAY, formatDuration } from '../../../calendar/instant.ts';
import { scheduleEvery } from '../explain/commands.ts';
import { rotationIntervalMs } from '../secret/rotation-interval.ts';
import type { AuditDetector } from './audit-finding.ts';

/** Finds rotation schedules whose windows are too far apart. */
export const scheduleTooSlow: AuditDetector = {
  code: 'schedule-too-slow',
  severity: 'LOW',
  meaning: 'The windows of the rotation schedule are further apart than the settings allow.',
  remedy: 'Let the secret rotate more often.',
  requirement: 'Every secret with rotation rotates often enough.',
  risk: 'The credential stays in use for longer than was agreed.',
  detect({ secret, limits }) {
    if (secret.rotationEnabled !== true) return 'not-applicable';
    const intervalMs = rotationIntervalMs(secret);
    if (intervalMs === undefined) return 'not-applicable';
    if (intervalMs <= limits.slowestScheduleMs) return 'clear';
    return {
      since: undefined,
      what: `Up to ${formatDuration(intervalMs)} pass between two rotation windows; at most ${formatDuration(limits.slowestScheduleMs)} are allowed.`,
    };
  },
  advise: ({ secret, limits }) => [
    {
      text: 'Let it rotate more often. This tests the rotation and does not rotate now; change it where the secret is provisioned, too.',
      commands: [scheduleEvery(secret, Math.max(1, Math.floor(limits.slowestScheduleMs / DAY)))],
    },
  ],
};
