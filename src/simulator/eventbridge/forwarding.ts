import type { BusEvent, Home } from '../call/service.ts';
import { permits } from '../iam/policy.ts';
import type { Bus, Target } from './bus.ts';

/** An event on its way from a rule to a bus. */
export interface ForwardedEvent {
  readonly busArn: string;
  readonly event: BusEvent;
  /** Account and region of the rule. */
  readonly from: Home;
  /** Organization of the sender, and where it is in it; undefined when it is in none. */
  readonly organization: { readonly id: string; readonly path: string } | undefined;
  /** The role of the target, which may send. */
  readonly roleArn: string | undefined;
}

/** Whether a target is an event bus. */
export const isBus = ({ Arn }: Pick<Target, 'Arn'>): boolean =>
  /^arn:aws[\w-]*:events:.*:event-bus\//.test(Arn);

/** Whether a bus is in this account and region. */
export const isAt = (arn: string, { account, region }: Home): boolean => {
  const [, , , busRegion, busAccount] = arn.split(':');
  return busRegion === region && busAccount === account;
};

/**
 * Whether a bus lets an event in: one of its own account always, another only if the policy of the bus allows it.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export function letsIn({ policy, arn }: Bus, forwarded: ForwardedEvent): boolean {
  const { event, from, organization, roleArn } = forwarded;
  if (arn.split(':')[4] === from.account) return true;
  const requester = {
    principals: [`arn:aws:iam::${from.account}:root`, ...(roleArn === undefined ? [] : [roleArn])],
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
    keys: {
      'aws:principalorgid': organization?.id,
      'aws:principalorgpaths': organization && [organization.path],
      'aws:principalaccount': from.account,
      'events:source': event.source,
      'events:detail-type': event['detail-type'],
    },
  };
  return permits({ Statement: [...policy.values()] }, 'events:PutEvents', requester);
}
