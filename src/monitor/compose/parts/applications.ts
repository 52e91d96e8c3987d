import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { eventbridgeSink } from '../../adapters/eventbridge/eventbridge-sink.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** The bus that applications listen on; undefined where none is set. */
export const applications = ({ config, sdk }: Joints): Pick<Service, 'applicationBus'> => ({
  applicationBus:
    config.applicationBusName === undefined
      ? undefined
      : eventbridgeSink(new EventBridgeClient(sdk), config.applicationBusName),
});
