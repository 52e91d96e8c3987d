import { SNSClient } from '@aws-sdk/client-sns';
import { amazonQNotifier } from '../../adapters/sns/amazon-q-notifier.ts';
import { chatTopicNotifier } from '../../adapters/sns/chat-topic-notifier.ts';
import { snsNotifier } from '../../adapters/sns/sns-notifier.ts';
import type { Service } from '../../application/service.ts';
import { fanOut, type Side } from '../../application/tell/fan-out.ts';
import type { NotingChannels } from '../../application/tell/note-channel.ts';
import { withEscalation } from '../../application/tell/with-escalation.ts';
import type { Config } from '../../config/settings.ts';
import type { Joints } from '../joints/joints.ts';

/** The alert topic, the topics that get a copy of what it took, and the escalation route where one is set. */
export function people(
  { config, sdk }: Joints,
  service: NotingChannels & Pick<Service, 'healthNotifier'>,
): Pick<Service, 'notifier'> {
  const client = new SNSClient(sdk);
  const first = snsNotifier(client, config.alertTopicArn);
  const otherPath = service.healthNotifier ?? first;
  const usual = fanOut(service, { first, sides: sides(client, config), otherPath });
  if (config.escalationTopicArn === undefined) return { notifier: usual };
  const escalation = snsNotifier(client, config.escalationTopicArn);
  return { notifier: withEscalation(service, { escalation, usual, otherPath }) };
}

function sides(client: SNSClient, { chatTopicArn, qTopicArn }: Config): readonly Side[] {
  return [
    ...(chatTopicArn === undefined
      ? []
      : [{ channel: 'chat-topic' as const, notifier: chatTopicNotifier(client, chatTopicArn) }]),
    ...(qTopicArn === undefined
      ? []
      : [{ channel: 'amazon-q' as const, notifier: amazonQNotifier(client, qTopicArn) }]),
  ];
}
