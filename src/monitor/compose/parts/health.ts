import { SNSClient } from '@aws-sdk/client-sns';
import { snsNotifier } from '../../adapters/sns/sns-notifier.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** Where the monitor tells what is wrong with itself; undefined where no such topic is set. */
export const health = ({ config, sdk }: Joints): Pick<Service, 'healthNotifier'> => ({
  healthNotifier:
    config.healthTopicArn === undefined ? undefined : snsNotifier(new SNSClient(sdk), config.healthTopicArn),
});
