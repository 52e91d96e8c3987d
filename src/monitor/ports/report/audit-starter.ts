import { PortError } from '../failure.ts';

/** Has the scheduled audit run in an invocation of its own. Failures are {@link AuditStarterError}s. */
export interface AuditStarter {
  /** Resolves when the request was taken; the audit runs later. */
  start(): Promise<void>;
}

/** The audit could not be started. */
export class AuditStarterError extends PortError {
  override readonly name = 'AuditStarterError';
}
