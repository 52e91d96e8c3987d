import { formatDuration } from '../../src/calendar/instant.ts';
import type { FailureMode } from '../../src/proving/failure-modes/failure-mode.ts';
import { FAILURE_MODES } from '../../src/proving/failure-modes/failure-mode-table.ts';
import { code, page, table } from './markdown.ts';

/** Every failure mode and what the monitor makes of it, from the table that a test plays. */
export const failureModesPage = (): string =>
  page(
    '# Failure modes',
    'Each line is a scenario that a test plays with the deployed monitor. It has the alert, its latest time after the failure, the step in the alert, and its answer about the credential in use. Sweeps run every five minutes, and events arrive. A second alert about the same version is sent only where the severity rises. What to do is in [the runbooks](runbooks/), by the code of the alert.',
    table(
      ['Mode', 'What happens', 'Alert', 'Step', 'Credential in use', 'Remark'],
      Object.entries(FAILURE_MODES).map(([id, mode]) => [
        id,
        mode.what,
        toldText(mode),
        code(mode.step),
        mode.credentialInUse?.replaceAll('-', ' ') ?? '–',
        mode.remark ?? '–',
      ]),
    ),
    "Events that were lost are found in CloudTrail's history some minutes later. Without event and history, everything that leaves a version pending is reported as `stuck-pending` HIGH within 1 h 6 min (F11 and F11b as `rotation-will-not-heal`). The credential in use is then unknown (broken in F19).",
    'N1 to N7 must never be reported; neither must F9, F12 and F20.',
  );

const toldText = ({ told }: FailureMode): string =>
  told
    .map(
      ({ code: name, severity, withinMs }) => `${code(name)} ${severity} within ${formatDuration(withinMs)}`,
    )
    .join(', then ') || 'nobody';
