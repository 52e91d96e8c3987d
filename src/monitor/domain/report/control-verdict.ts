import type { AuditException } from './audit-exception.ts';
import type { ControlId } from './control.ts';
import type { Figure } from './figure.ts';

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
  /**
   * Security Hub's own result: PASSED, FAILED, WARNING or NOT_AVAILABLE, or unknown with the reason. Undefined where
   * nobody asked, and for controls that are not Security Hub's.
   */
  readonly securityHub?: Figure<string> | undefined;
}

/** Security Hub's own result as one line. */
export const hubResult = ({ value, basis, because = '' }: Figure<string>): string =>
  value ?? `${basis}: ${because}`;
