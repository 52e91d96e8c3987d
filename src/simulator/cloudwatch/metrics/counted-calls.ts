import type { Instant } from '../../../calendar/instant.ts';
import type { Operation, Service } from '../../call/service.ts';

/** A service each of whose calls `count` gets, whatever becomes of it. */
export const countedCalls = (service: Service, count: (operation: string, at: Instant) => void): Service => ({
  operations: Object.fromEntries(
    Object.entries(service.operations).map(([name, operation]): [string, Operation] => [
      name,
      (input, call) => {
        count(name, call.now);
        return operation(input, call);
      },
    ]),
  ),
});
