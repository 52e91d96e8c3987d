import type { AuditException } from './audit-exception.ts';
import type { ControlId } from './control.ts';

/** Status words of Steampipe's controls: https://steampipe.io/docs/reference/mod-resources/control */
export type ControlStatus = 'ok' | 'alarm' | 'info' | 'skip' | 'error';

/** The verdict of a control on one secret. */
export interface ControlVerdict {
  readonly control: ControlId;
  /** `skip` with an exception in force; `error` when what it needs could not be read. */
  readonly status: ControlStatus;
  /** One sentence. */
  readonly reason: string;
  /** The grounds of the verdict: dates, counts, settings; one line each. */
  readonly evidence: readonly string[];
  /** The exception in force at the end of the period, if any. */
  readonly exception?: AuditException | undefined;
  /** Security Hub's own result, where GetFindings may be called: PASSED, FAILED, WARNING or NOT_AVAILABLE. */
  readonly securityHub?: string | undefined;
}
