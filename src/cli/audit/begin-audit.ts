import type { AuditRequest } from '../../monitor/application/audit/audit-request.ts';
import type { AuditStream } from '../../monitor/domain/report/audit-report.ts';
import type { AuditMemory } from '../../monitor/ports/store/audit-memory.ts';
import type { Called } from '../aws/calling.ts';
import { exceptionsIn } from '../except/exceptions-file.ts';
import { clocksOf } from '../terminal/clocks-of.ts';
import type { Terminal } from '../terminal/output.ts';
import { packageVersion } from '../terminal/package-version.ts';
import { type AuditOptions, periodOf } from './audit-options.ts';

/** The listeners of an audit, and the terminal whose settings it goes by. */
interface Hearing extends Pick<AuditRequest, 'onPage' | 'onUnlisted' | 'onNoHub'> {
  readonly terminal: Terminal;
  /** The memory of a deployed monitor; undefined without one. */
  readonly kept?: AuditMemory | undefined;
}

/** Begins the audit that options ask for; its secrets are read as they are taken. */
export async function beginAudit(
  { connected }: Pick<Called, 'connected'>,
  options: AuditOptions,
  { terminal, kept, ...heard }: Hearing,
): Promise<AuditStream> {
  const [{ composeAudit }, { auditFleet }] = await Promise.all([
    import('../../monitor/compose/operator/compose-audit.ts'),
    import('../../monitor/application/audit/audit-fleet.ts'),
  ]);
  const { now, sample, seed = '' } = options;
  const { clock } = clocksOf(terminal, now);
  const { exceptions, exceptionsHash } = await exceptionsIn(options.exceptions);
  const { service, rules, identity, parameters } = await composeAudit(connected, terminal.environment, {
    clock,
    kept,
    asksHub: heard.onNoHub !== undefined,
  });
  return auditFleet(service, {
    period: periodOf(options, clock.now()),
    targets: [service.settings.target],
    rules,
    exceptions,
    sample: sample === undefined ? undefined : { size: sample, seed },
    provenance: { version: packageVersion(), identity, parameters, exceptionsHash },
    ...heard,
  });
}
