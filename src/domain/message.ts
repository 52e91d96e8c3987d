import type { Severity } from './finding.ts';

/** What is said to people, before any channel renders it. */
export interface Message {
  /** One line; a channel may cut it. */
  readonly subject: string;
  /** Plain text that reads well on a phone. */
  readonly text: string;
  /** For subscriptions to filter by; values are never empty. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly severity: Severity;
}
