import type { SNSClient } from '@aws-sdk/client-sns';
import type { Notifier } from '../../ports/tell/notifier.ts';
import { MAX_TEXT_BYTES, publish } from './publish.ts';

/** SNS takes "less than 100 characters". https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MAX_SUBJECT = 99;
const CUT = '\n… cut here: the message was too long for SNS.';

/** One text message: more than 140 bytes are sent, and paid, in parts. https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html */
const MAX_SMS = 140;

/** Notifies people through an SNS topic; e-mail subscribers read the plain text, phones one text message. */
export const snsNotifier = (client: SNSClient, topicArn: string): Notifier => ({
  deliver: ({ subject, text, attributes }) =>
    publish(client, {
      topicArn,
      subject: snsSubject(subject),
      text: snsText(text),
      sms: smsText(subject, text),
      attributes,
    }),
});

/** Subject and first line in plain ASCII, of which a text message takes most. */
export function smsText(subject: string, text: string): string {
  const [first = ''] = text.split('\n');
  const said = `${asciiOf(subject)}: ${asciiOf(first)}`;
  return said.length <= MAX_SMS ? said : `${said.slice(0, MAX_SMS - 3)}...`;
}

const asciiOf = (text: string): string => text.replaceAll(/[^\x20-\x7e]+/g, '?').trim();

/** A subject SNS accepts: printable ASCII without line breaks, beginning with a printable character, 99 at most. */
export function snsSubject(subject: string): string {
  const ascii = asciiOf(subject);
  const text = ascii === '' ? 'Secret rotation' : ascii;
  return text.length <= MAX_SUBJECT ? text : `${text.slice(0, MAX_SUBJECT - 3)}...`;
}

/** A text SNS accepts: not empty, at most 248 KiB of UTF-8, cut between characters. */
export function snsText(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length === 0) return ' ';
  if (bytes.length <= MAX_TEXT_BYTES) return text;
  const room = MAX_TEXT_BYTES - Buffer.byteLength(CUT);
  return `${new TextDecoder().decode(bytes.subarray(0, room)).replace(/�+$/, '')}${CUT}`;
}
