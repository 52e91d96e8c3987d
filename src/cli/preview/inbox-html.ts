import { formatInstant, type Instant } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import { escapeHtml } from '../../monitor/domain/escape-html.ts';

/** A mail that somebody got. */
export interface InboxMail {
  readonly at: Instant;
  readonly address: string;
  readonly subject: string;
  readonly message: string;
}

/** Most mails that are shown. */
const MOST_SHOWN = 60;

/** The latest mails, newest first; each opens to its full text. */
export function inboxHtml(mails: readonly InboxMail[]): string {
  if (mails.length === 0) return '<p class="nothing">No mail yet</p>';
  const shown = mails.slice(-MOST_SHOWN).toReversed();
  const rest = mails.length - shown.length;
  return `${shown.map(mailHtml).join('')}${rest === 0 ? '' : `<p class="nothing">${plural(rest, 'earlier mail')}</p>`}`;
}

function mailHtml({ at, address, subject, message }: InboxMail): string {
  const grave = /^\[CRITICAL\]|^ALARM:/.test(subject) ? ' grave' : '';
  const key = escapeHtml(`${at} ${address} ${subject}`);
  return `<details class="mail${grave}" data-key="${key}"><summary><time>${formatInstant(at)} to ${escapeHtml(address)}</time> <b>${escapeHtml(subject)}</b></summary><pre>${escapeHtml(textOf(message))}</pre></details>`;
}

/** Returns the readable part of a message: alarms send JSON for programs, which holds a reason for people. */
function textOf(message: string): string {
  try {
    const parsed: unknown = JSON.parse(message);
    if (typeof parsed !== 'object' || parsed === null || !('NewStateReason' in parsed)) return message;
    const description = 'AlarmDescription' in parsed ? String(parsed.AlarmDescription) : '';
    return `${description}\n\n${String(parsed.NewStateReason)}`;
  } catch {
    return message;
  }
}
