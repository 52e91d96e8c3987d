import type { Instant } from '../../../calendar/instant.ts';
import type { Transition } from '../alert/notification.ts';
import type { Advice, Severity } from '../finding/finding.ts';
import type { RotationStep } from '../rotation/rotation-event.ts';
import type { Target } from '../secret/secret.ts';

/** A message to people, before any channel renders it. */
export interface Message {
  /** One line; a channel may cut it. */
  readonly subject: string;
  /** Plain text that reads well on a phone. */
  readonly text: string;
  /**
   * Attributes for subscriptions to filter by; values are never empty, and a list where the message is about several.
   */
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
  readonly severity: Severity;
}

/** A message that goes to chat channels too. */
export interface ChatMessage extends Message {
  /** The same in parts, for channels that show more than plain text. */
  readonly chat: ChatParts;
}

/** A place on the web that a message points to. */
export interface Link {
  readonly label: string;
  readonly url: string;
}

/** The parts from which a chat channel makes its message. */
export interface ChatParts extends Target {
  readonly title: string;
  /** A finding code, or the name of a digest. */
  readonly code: string;
  readonly transition: Transition;
  readonly severity: Severity;
  /** The problem or its end, a line each. */
  readonly what: readonly string[];
  /** One sentence about what is at risk; undefined when the alert is over or several differ. */
  readonly risk: string | undefined;
  /** Start of the condition; undefined when several differ. */
  readonly since: Instant | undefined;
  /** Time of the decision to send it. */
  readonly at: Instant;
  /** The rotation step that failed at last, where it is known. */
  readonly step: RotationStep | undefined;
  /** The command that shows all that is known; undefined where the alert is over, or about no secret. */
  readonly explain?: string | undefined;
  readonly advice: readonly Advice[];
  /** Changes in the day before, a line each; undefined when they could not be read. */
  readonly changes?: readonly string[] | undefined;
  /** The complete command that acknowledges it; undefined where there is nothing to acknowledge. */
  readonly acknowledge?: string | undefined;
  readonly links: readonly Link[];
  /** The same for all that is said about one alert: its fingerprint; of a group, that of its first member. */
  readonly threadId: string;
}
