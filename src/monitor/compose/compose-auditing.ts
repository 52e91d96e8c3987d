import type { RunningAudit } from '../application/audit/run-audit.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { NO_CLOSER_LOOK } from './parts/access-to.ts';
import { auditStarting } from './parts/audit-starting.ts';
import { auditing, hubVerdicts } from './parts/auditing.ts';
import { basics } from './parts/basics.ts';
import { health } from './parts/health.ts';
import { membership } from './parts/members.ts';
import { people } from './parts/people.ts';
import { secrets } from './parts/secrets.ts';
import { table } from './parts/table.ts';

/** Composes the service of `audit`; throws where its settings lack the bucket or the schedule. */
export function composeAuditing(config: Config, seams?: Seams): RunningAudit {
  const joints = join(config, seams);
  const service = { ...basics(joints), ...table(joints), ...health(joints) };
  const { audits } = auditing(joints);
  const { auditStarter } = auditStarting(joints);
  if (audits === undefined || auditStarter === undefined)
    throw new RangeError(
      'Cannot audit: ROTATION_MONITOR_REPORT_BUCKET and ROTATION_MONITOR_AUDIT_EVERY have to be set, and the name of the function has to end in "audit"',
    );
  return {
    ...service,
    ...secrets(joints),
    ...membership(joints, () => NO_CLOSER_LOOK),
    ...people(joints, service),
    ...hubVerdicts(joints),
    ...NO_CLOSER_LOOK,
    audits,
    auditStarter,
  };
}
