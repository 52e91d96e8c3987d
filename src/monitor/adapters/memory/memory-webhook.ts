import { Redacted } from '../../domain/redacted.ts';
import type { Webhook } from '../../ports/tell/webhook.ts';

/** A webhook whose address is known from the start. */
export function memoryWebhook(url: string): Webhook {
  const known = new Redacted(url);
  return { url: async () => known, forget: () => undefined };
}
