import type { AuditSummary, Provenance } from '../report/audit-report.ts';
import type { SecretAudit } from '../report/secret-audit.ts';

/** Turns the parts of a report into text of one format, in the order in which they come. */
export interface ReportWriter {
  begin(provenance: Provenance): string;
  /** Empty for a format that shows secrets at its end. */
  secret(secret: SecretAudit): string;
  end(summary: AuditSummary): string;
}
