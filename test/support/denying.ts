import { AwsError } from '../../src/simulator/call/aws-error.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

/** Lets every call of an operation be refused, as for a role without the permission. */
export function deny(simulator: Simulator, operation: string): void {
  simulator.faults.before((call) => {
    if (call.operation !== operation) return;
    const text = `User: arn:aws:sts::111122223333:assumed-role/test/test is not authorized to perform: ${operation}`;
    throw new AwsError('AccessDeniedException', text);
  });
}
