import { SNSClient } from '@aws-sdk/client-sns';
import { snsNotifier } from '../../adapters/sns/sns-notifier.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** Makes the notifier for the monitor's own problems; undefined where no topic is set for them. */
export const health = ({ config, sdk }: Joints): Pick<Service, 'healthNotifier'> => ({
  healthNotifier:
    config.healthTopicArn === undefined ? undefined : snsNotifier(new SNSClient(sdk), config.healthTopicArn),
});
