import type { SNSClient } from '@aws-sdk/client-sns';
import type { Notifier } from '../../ports/tell/notifier.ts';
import { MAX_MESSAGE_BYTES, publish } from './publish.ts';

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

/** Bytes of a message beside its text: the JSON around it, and the text message. */
const BESIDE_TEXT = 512;

/** A text SNS accepts: not empty, at most some 248 KiB as a string of JSON, cut between characters. */
export function snsText(text: string): string {
  if (text === '') return ' ';
  const limit = MAX_MESSAGE_BYTES - BESIDE_TEXT;
  const bytes = Buffer.from(text, 'utf8');
  let cut = text;
  for (let size = jsonBytes(cut), room = bytes.length; size > limit; size = jsonBytes(cut)) {
    room = Math.floor((room * limit) / size) - Buffer.byteLength(CUT);
    cut = `${new TextDecoder().decode(bytes.subarray(0, room)).replace(/�+$/, '')}${CUT}`;
  }
  return cut;
}

const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text));
