import { formatInstant, type Instant } from '../../../../calendar/instant.ts';
import { plural } from '../../../../calendar/plural.ts';
import type { ControlJudge } from './control.ts';

/** Rotations happen as scheduled. https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html */
export const secretsManager2: ControlJudge = {
  id: 'SecretsManager.2',
  judge({ secret: { nextRotationAt, lastRotatedAt }, figures, isBehind, at }) {
    if (!figures.rotationEnabled)
      return { status: 'skip', reason: 'Automatic rotation is off.', evidence: [] };
    const { windowsDue, windowsMissed } = figures;
    const evidence = [
      `Windows due: ${windowsDue.value ?? 'unknown'}, missed: ${windowsMissed.value ?? 'unknown'}`,
      lastRotation(lastRotatedAt, at),
    ];
    const isLate = nextRotationAt !== undefined && nextRotationAt < at;
    if (isBehind === true || isLate) {
      return { status: 'alarm', reason: 'The last rotation that was due has not succeeded.', evidence };
    }
    if (isBehind === undefined) {
      return { status: 'error', reason: 'No history shows whether rotations happened in time.', evidence };
    }
    const missed = windowsMissed.value ?? 0;
    if (missed > 0) {
      const reason = `${plural(missed, 'window')} closed without a rotation, and a later rotation succeeded.`;
      return { status: 'info', reason, evidence };
    }
    return { status: 'ok', reason: 'Rotations happened as scheduled.', evidence };
  },
};

/** AWS keeps the last rotation alone, which may have come later. */
function lastRotation(lastRotatedAt: Instant | undefined, at: Instant): string {
  if (lastRotatedAt === undefined) return 'Last rotation: never';
  const after = lastRotatedAt >= at ? ', after the period' : '';
  return `Last rotation${after}: ${formatInstant(lastRotatedAt)}`;
}
