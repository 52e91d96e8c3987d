import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { SECOND } from '../../../calendar/instant.ts';
import { httpHeartbeat } from '../../adapters/heartbeat/http-heartbeat.ts';
import { snsSubscriptionWatch } from '../../adapters/sns/sns-subscription-watch.ts';
import { sqsDeadLetterWatch } from '../../adapters/sqs/sqs-dead-letter-watch.ts';
import { ssmWebhook } from '../../adapters/ssm/ssm-webhook.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** A sweep does not wait longer for a watcher outside AWS. */
const HEARTBEAT_TIMEOUT_MS: number = 5 * SECOND;

/**
 * Makes the parts by which a sweep checks the monitor itself, and the heartbeat for whoever watches it from outside.
 */
export function selfWatch({
  config,
  sdk,
  fetch,
}: Joints): Pick<Service, 'subscriptions' | 'escalationSubscriptions' | 'deadLetters' | 'heartbeat'> {
  const { alertTopicArn, escalationTopicArn, deadLetterQueueUrls, heartbeatUrlParameter } = config;
  const sns = new SNSClient(sdk);
  return {
    subscriptions: snsSubscriptionWatch(sns, alertTopicArn),
    escalationSubscriptions:
      escalationTopicArn === undefined ? undefined : snsSubscriptionWatch(sns, escalationTopicArn),
    deadLetters:
      deadLetterQueueUrls.length === 0
        ? undefined
        : sqsDeadLetterWatch(new SQSClient(sdk), deadLetterQueueUrls),
    heartbeat:
      heartbeatUrlParameter === undefined
        ? undefined
        : httpHeartbeat(ssmWebhook(new SSMClient(sdk), heartbeatUrlParameter), {
            fetch,
            timeoutMs: HEARTBEAT_TIMEOUT_MS,
          }),
  };
}
