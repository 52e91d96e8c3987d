import { auditFleet } from '../../src/monitor/application/audit/audit-fleet.ts';
import { auditMemoryOf } from '../../src/monitor/application/audit/audit-memory-of.ts';
import { auditRulesOf } from '../../src/monitor/compose/joints/audit-rules-of.ts';
import type { AuditSummary } from '../../src/monitor/domain/report/audit-report.ts';
import type { SecretAudit } from '../../src/monitor/domain/report/secret-audit.ts';
import { compose } from '../../test/support/compose.ts';
import type { PlayedQuarter } from './play-quarter.ts';

/** The audit of a quarter that was played. */
export interface AuditedQuarter {
  readonly rows: ReadonlyMap<string, SecretAudit>;
  readonly summary: AuditSummary;
}

/** Audits a quarter through the tables and calls of the deployed monitor. */
export async function auditQuarter({ simulator, plan, from, to }: PlayedQuarter): Promise<AuditedQuarter> {
  const { clock } = simulator;
  const service = compose(plan.config, {
    clock: { now: () => clock.now(), pause: async () => undefined },
    requestHandler: simulator.requestHandler('auditor'),
    writeLine: () => undefined,
  });
  const stream = await auditFleet(
    { ...service, kept: auditMemoryOf(service) },
    {
      period: { from, to, label: '2026-Q1' },
      targets: [service.settings.target],
      rules: auditRulesOf(plan.config),
      exceptions: [],
      provenance: { version: '0.0.0', identity: 'auditor', parameters: {}, exceptionsHash: '' },
    },
  );
  const rows = new Map<string, SecretAudit>();
  for await (const row of stream.secrets) rows.set(row.secretArn, row);
  return { rows, summary: await stream.summary() };
}
