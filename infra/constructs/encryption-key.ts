import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type PolicyStatementProps, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** Properties of an {@link EncryptionKey}. */
export interface EncryptionKeyProps {
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Returns the policy by which a resource is kept once it was made: a first deployment that fails leaves nothing behind.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
export const keptOnceMade = (policy: RemovalPolicy): RemovalPolicy =>
  policy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : policy;

const USE = ['kms:Decrypt', 'kms:GenerateDataKey'];

/**
 * The one key of table, queues and topics. It is customer managed because services that deliver for us have to be let
 * in, which `aws/sqs` and `aws/sns` do not allow.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class EncryptionKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { removalPolicy }: EncryptionKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Table, queues and topics of the secret rotation monitor',
      enableKeyRotation: true,
      removalPolicy: keptOnceMade(removalPolicy),
    });
    const { account, region, partition } = Stack.of(this);
    // EventBridge names no source to KMS when it delivers: a condition would drop every event. The queues have it.
    this.#admit('EventBridge', 'events.amazonaws.com', {});
    this.#admit('CloudWatch', 'cloudwatch.amazonaws.com', { StringEquals: { 'aws:SourceAccount': account } });
    this.#admit('Topics', 'sns.amazonaws.com', {
      ArnLike: { 'aws:SourceArn': `arn:${partition}:sns:${region}:${account}:*` },
    });
  }

  #admit(sid: string, service: string, conditions: NonNullable<PolicyStatementProps['conditions']>): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal(service)],
        actions: USE,
        resources: ['*'],
        conditions,
      }),
    );
  }
}
