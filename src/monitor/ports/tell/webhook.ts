import type { Redacted } from '../../domain/redacted.ts';
import { PortError } from '../failure.ts';

/**
 * The address that a service outside AWS gave us, which lets whoever has it post there; fails with a
 * {@link WebhookError}.
 */
export interface Webhook {
  /** The address, remembered until {@link Webhook.forget}. */
  url(): Promise<Redacted>;
  /** Lets the next call look again, since the address does not work any longer. */
  forget(): void;
}

/** The address could not be read, or is none. */
export class WebhookError extends PortError {
  override readonly name = 'WebhookError';
}
