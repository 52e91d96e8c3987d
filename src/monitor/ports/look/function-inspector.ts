import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { FunctionActivity, FunctionConfiguration } from '../../domain/examine/function-inspection.ts';
import type { InvokeGrant } from '../../domain/examine/invoke-grant.ts';
import { PortError } from '../failure.ts';

/**
 * Inspects rotation functions, without their code, environment and logs. Failures are {@link FunctionInspectorError}s.
 */
export interface FunctionInspector {
  /** Undefined when there is no such function. */
  configuration(functionArn: string): Promise<FunctionConfiguration | undefined>;
  /** Returns the grants to Secrets Manager in its resource policy; empty when it has no policy. */
  grants(functionArn: string): Promise<readonly InvokeGrant[]>;
  /** `none` when it takes from the account's common pool. */
  reservedConcurrency(functionArn: string): Promise<number | 'none'>;
  /** Returns the metrics of its invocations; the last minutes may be missing. */
  activity(functionArn: string, span: TimeSpan): Promise<FunctionActivity>;
}

/** A rotation function could not be looked at. */
export class FunctionInspectorError extends PortError {
  override readonly name = 'FunctionInspectorError';
}
