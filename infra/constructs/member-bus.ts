import { Aws, Names } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import {
  type EventPattern,
  LABEL_UPDATED,
  ROTATION_OUTCOMES,
  SECRET_CHANGES,
} from '../../src/monitor/domain/rotation/event-patterns.ts';
import type { MemberProps } from '../props/member-props.ts';
import { accountsIn } from '../props/membership.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html */
const MAX_NAME_LENGTH = 256;

/**
 * The event bus that members send their events to, straight from the region where they arise: an event is not sent on
 * to a third bus. It is none that other rules of the account listen on, since these would take the events of all
 * members for their own.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export class MemberBus extends Construct {
  readonly eventBus: EventBus;
  /** Known before it is deployed, since members are told it. */
  readonly eventBusName: string;

  constructor(scope: Construct, id: string, props: MemberProps) {
    super(scope, id);
    this.eventBusName = Names.uniqueResourceName(this, {
      maxLength: MAX_NAME_LENGTH,
      separator: '-',
      allowedSpecialCharacters: '-',
    });
    this.eventBus = new EventBus(this, 'Bus', {
      eventBusName: this.eventBusName,
      description: 'Gets the events of Secrets Manager from the members of the secret rotation monitor',
    });
    new CfnEventBusPolicy(this, 'Members', {
      eventBusName: this.eventBus.eventBusName,
      statementId: 'Members',
      statement: {
        Effect: 'Allow',
        ...senders(props),
        Condition: { StringEquals: { ...ofOrganization(props), ...OF_SECRETS } },
        Action: 'events:PutEvents',
        Resource: this.eventBus.eventBusArn,
      },
    });
  }
}

const senders = ({ members = [], organizationId }: MemberProps): object => ({
  Principal:
    organizationId === undefined
      ? { AWS: accountsIn(members).map((account) => `arn:${Aws.PARTITION}:iam::${account}:root`) }
      : '*',
});

const ofOrganization = ({ organizationId }: MemberProps): object =>
  organizationId === undefined ? {} : { 'aws:PrincipalOrgID': organizationId };

const PATTERNS: readonly EventPattern[] = [ROTATION_OUTCOMES, SECRET_CHANGES, LABEL_UPDATED];

/** What the rules of members send, and no other event. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html */
const OF_SECRETS = {
  'events:source': [...new Set(PATTERNS.flatMap(({ source }) => source))],
  'events:detail-type': [...new Set(PATTERNS.flatMap((pattern) => pattern['detail-type']))],
};
