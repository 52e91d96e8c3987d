import type { SNSClient } from '@aws-sdk/client-sns';
import { formatDuration, formatInstant } from '../../../calendar/instant.ts';
import type { ChatParts } from '../../domain/message/message.ts';
import type { ChatNotifier } from '../../ports/tell/notifier.ts';
import { publish } from './publish.ts';

/** Notifies people through Amazon Q Developer in chat applications, which reads a topic of its own. */
export const amazonQNotifier = (client: SNSClient, topicArn: string): ChatNotifier => ({
  deliver: ({ chat, attributes }) =>
    publish(client, { topicArn, text: JSON.stringify(amazonQJson(chat)), attributes }),
});

/**
 * A custom notification of Amazon Q Developer in chat applications.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
interface AmazonQNotification {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly content: {
    readonly textType: 'client-markdown';
    /** At most 250 characters. */
    readonly title: string;
    /** 1 to 8,000 characters. */
    readonly description: string;
    /** At most 350 characters each. */
    readonly nextSteps?: readonly string[];
    /** At most 75 characters each. */
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    /** Messages with the same id stand in one thread. */
    readonly threadId: string;
    readonly summary: string;
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

const MAX_TITLE = 250;
const MAX_DESCRIPTION = 8000;
const MAX_STEP = 350;
const MAX_KEYWORD = 75;
/** The page names no limit for these; one that long holds any fingerprint and any list a person reads. */
const MAX_THREAD_ID = 2048;
const MAX_STEPS = 10;
const MAX_LINES = 3000;
const MAX_CHANGES = 1000;

/** Writes what Amazon Q shows in the chat channel, within its limits. Pure. */
export function amazonQJson(chat: ChatParts): AmazonQNotification {
  const { title, severity, transition, code, account, region } = chat;
  const nextSteps = chat.advice.slice(0, MAX_STEPS).map(({ text }) => plain(text, MAX_STEP));
  return {
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: plain(title, MAX_TITLE),
      description: description(chat),
      ...(nextSteps.length === 0 ? {} : { nextSteps }),
      keywords: [severity, code, transition].map((word) => plain(word, MAX_KEYWORD)),
    },
    metadata: {
      threadId: plain(chat.threadId, MAX_THREAD_ID),
      summary: plain(title, MAX_TITLE),
      additionalContext: { account, region, severity, code, transition },
    },
  };
}

function description(chat: ChatParts): string {
  const { what, risk, since, at, step, links, changes, account, region } = chat;
  const head = [
    plain(what.join('\n'), MAX_LINES),
    risk === undefined ? '' : `*Risk:* ${plain(risk, 1000)}`,
    since === undefined ? '' : `*Since:* ${formatInstant(since)} (${formatDuration(at - since)})`,
    step === undefined ? '' : `*Failing step:* ${step}`,
    changes === undefined
      ? ''
      : `*What changed in the day before:*\n${plain(changes.join('\n'), MAX_CHANGES)}`,
    `Account ${plain(account, 20)}, region ${plain(region, 40)}`,
    ...links
      .slice(0, 3)
      .map(({ label, url }) => (url.length > 500 ? '' : `${plain(label, 40)}: ${plain(url, 600)}`)),
  ].filter((line) => line !== '');
  return withCommands(head.join('\n'), chat);
}

/** Adds the commands in their order while they fit, each whole: half a command is worse than none. */
function withCommands(head: string, { advice, acknowledge, explain }: ChatParts): string {
  const acknowledging =
    acknowledge === undefined ? '' : `\n*Acknowledge* for 8 hours:${codeBlock([acknowledge])}`;
  const foot = head.length + acknowledging.length > MAX_DESCRIPTION ? '' : acknowledging;
  let said = head;
  for (const commands of [explain === undefined ? [] : [explain], ...advice.map((step) => step.commands)]) {
    if (commands.length === 0) continue;
    const block = codeBlock(commands);
    if (said.length + block.length + foot.length > MAX_DESCRIPTION) break;
    said += block;
  }
  return `${said}${foot}`;
}

const codeBlock = (commands: readonly string[]): string =>
  `\n\`\`\`\n${commands.map((command) => plain(command, MAX_DESCRIPTION)).join('\n')}\n\`\`\``;

/** Text without what chat clients would take for a mention or a link, at most `longest` characters. */
function plain(text: string, longest: number): string {
  const safe = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('](', '] (')
    .replaceAll('```', '` ` `');
  return safe.length <= longest
    ? safe
    : `${safe.slice(0, longest - 1).replace(/(&[a-z]*|[\ud800-\udbff])$/, '')}…`;
}
