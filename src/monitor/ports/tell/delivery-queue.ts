import { PortError } from '../failure.ts';

/** Makes `deliver` run soon; fails with a {@link DeliveryQueueError}. */
export interface DeliveryQueue {
  /** Asks for a delivery run after `seconds` (0 to 900). A run that asks for the next says the how manieth that is. */
  wake(seconds: number, hop?: number): Promise<void>;
}

/** The delivery could not be woken; the next sweep wakes it again. */
export class DeliveryQueueError extends PortError {
  override readonly name = 'DeliveryQueueError';
}
