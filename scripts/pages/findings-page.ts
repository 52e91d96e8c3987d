import { AUDIT_DETECTORS } from '../../src/monitor/domain/audit/register.ts';
import { FINDINGS } from '../../src/monitor/domain/detect/register.ts';
import { code, page, table } from './markdown.ts';

/** Every finding in order of precedence, from the register of detectors. */
export const findingsPage = (): string =>
  page(
    '# Findings',
    'In order of precedence: of several findings about one secret the first speaks and inhibits the others. All findings about one pending version are one alert.',
    table(
      ['Finding', 'Means', 'Severity', 'What to do', 'Healthy is'],
      FINDINGS.map(({ code: name, meaning, severities, remedy, requirement }) => [
        code(name),
        meaning,
        severities,
        remedy,
        requirement,
      ]),
    ),
    'Every alert says why the monitor thinks so, whether the credential in use is still good, and which commands to type for this secret. Each finding has [a runbook](runbooks/); how each failure mode is reported: [failure modes](failure-modes.md).',
    '## What only audits find',
    'Nobody is alerted to these. `rotation-monitor sweep --audit` lists them; the limits are the settings `max-age`, `slowest-schedule` and `unused-after`.',
    table(
      ['Finding', 'Means', 'Severity', 'What to do', 'Required is'],
      AUDIT_DETECTORS.map(({ code: name, meaning, severity, remedy, requirement }) => [
        code(name),
        meaning,
        severity,
        remedy,
        requirement,
      ]),
    ),
    'Never reported: AWSPENDING on the AWSCURRENT version, a rotation within its threshold, a failure that recovered within the grace period. The same holds for secrets that are scheduled for deletion and for replicas: alerts are about the primary.',
  );
