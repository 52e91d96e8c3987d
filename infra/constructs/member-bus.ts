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
import { accountsIn, unitsIn } from '../props/membership.ts';

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
  /** Known before it is deployed, since members get it as a parameter. */
  readonly eventBusName: string;

  constructor(scope: Construct, id: string, props: MemberProps) {
    super(scope, id);
    const { members = [] } = props;
    this.eventBusName = Names.uniqueResourceName(this, {
      maxLength: MAX_NAME_LENGTH,
      separator: '-',
      allowedSpecialCharacters: '-',
    });
    this.eventBus = new EventBus(this, 'Bus', {
      eventBusName: this.eventBusName,
      description: 'Gets the events of Secrets Manager from the members of the secret rotation monitor',
    });
    if (accountsIn(members).length > 0) this.#letIn('Members', namedAccounts(props));
    if (unitsIn(members).length > 0) this.#letIn('Units', accountsOfUnits(props));
  }

  /** Lets senders put what the rules of members send, and no other event. */
  #letIn(statementId: string, { Principal, Condition }: Senders): void {
    const { StringEquals, ...others } = Condition;
    new CfnEventBusPolicy(this, statementId, {
      eventBusName: this.eventBus.eventBusName,
      statementId,
      statement: {
        Effect: 'Allow',
        Principal,
        Condition: { StringEquals: { ...StringEquals, ...OF_SECRETS }, ...others },
        Action: 'events:PutEvents',
        Resource: this.eventBus.eventBusArn,
      },
    });
  }
}

/** The accounts that may send, in the terms of a policy. */
interface Senders {
  readonly Principal: object | '*';
  readonly Condition: Readonly<Record<string, object>>;
}

const namedAccounts = ({ members = [], organizationId }: MemberProps): Senders =>
  organizationId === undefined
    ? {
        Principal: { AWS: accountsIn(members).map((account) => `arn:${Aws.PARTITION}:iam::${account}:root`) },
        Condition: {},
      }
    : {
        Principal: '*',
        Condition: {
          StringEquals: {
            'aws:PrincipalOrgID': organizationId,
            'aws:PrincipalAccount': accountsIn(members),
          },
        },
      };

/**
 * The accounts in the units and in the units inside them: the path of an account names its units from the root on.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
 */
const accountsOfUnits = ({ members = [], organizationId = '' }: MemberProps): Senders => ({
  Principal: '*',
  Condition: {
    StringEquals: { 'aws:PrincipalOrgID': organizationId },
    'ForAnyValue:StringLike': {
      'aws:PrincipalOrgPaths': unitsIn(members).map((unit) =>
        unit.startsWith('r-') ? `${organizationId}/${unit}/*` : `${organizationId}/*/${unit}/*`,
      ),
    },
  },
});

const PATTERNS: readonly EventPattern[] = [ROTATION_OUTCOMES, SECRET_CHANGES, LABEL_UPDATED];

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html */
const OF_SECRETS = {
  'events:source': [...new Set(PATTERNS.flatMap(({ source }) => source))],
  'events:detail-type': [...new Set(PATTERNS.flatMap((pattern) => pattern['detail-type']))],
};
