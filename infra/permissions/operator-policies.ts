import { SILENCE_TAGS } from '../../src/monitor/domain/secret/silence-tags.ts';

/** A statement of a policy that people are given. */
interface OperatorStatement {
  readonly sid: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** Patterns without partition, region and account, such as `secretsmanager:secret:*`; `*` for everything. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A policy for people, by what they do. */
export interface OperatorPolicy {
  readonly name: string;
  readonly purpose: string;
  readonly statements: readonly OperatorStatement[];
}

const allow = (
  sid: string,
  actions: readonly string[],
  resources: readonly string[] = ['*'],
): OperatorStatement => ({
  sid,
  effect: 'Allow',
  actions,
  resources,
});

/** Denies the values of secrets: an operator who looks, answers or repairs needs none. */
const NEVER_READ_VALUES: OperatorStatement = {
  sid: 'NeverReadValues',
  effect: 'Deny',
  actions: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
  resources: ['*'],
};

const LOOK_AT_SECRETS = allow('LookAtSecrets', [
  'secretsmanager:ListSecrets',
  'secretsmanager:DescribeSecret',
  'secretsmanager:ListSecretVersionIds',
]);

/** Permissions to explain a secret that looks wrong. */
const EXAMINE: readonly OperatorStatement[] = [
  allow('InspectFunctions', [
    'lambda:GetFunctionConfiguration',
    'lambda:GetFunctionConcurrency',
    'lambda:GetPolicy',
  ]),
  allow('ReadMetrics', ['cloudwatch:GetMetricData']),
  allow('ReadHistory', ['cloudtrail:LookupEvents']),
];

/**
 * Limits a statement to the secrets of one owner, by their tag.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
const OF_THE_OWNER = {
  StringEquals: { 'aws:ResourceTag/rotation-monitor:owner': ['payments'] },
} as const;

/** Permission for `explain --logs`; the command redacts what it shows. */
const READ_ERROR_LINES: OperatorStatement = allow(
  'ReadErrorLines',
  ['logs:FilterLogEvents'],
  ['logs:log-group:/aws/lambda/*'],
);

/** Permissions to read the memory of the deployed monitor, without its table and its key. */
const ASK_THE_MONITOR: readonly OperatorStatement[] = [
  // The parameter alone: others beside it may hold the address of a webhook.
  allow('FindTheDeployment', ['ssm:GetParameter'], ['ssm:parameter/rotation-monitor/rotation-monitor']),
  allow('ReadItsMemory', ['lambda:InvokeFunction'], ['lambda:function:*-read-memory']),
];

/** Permissions to look at the setup of the monitor itself. */
const LOOK_AT_THE_MONITOR: readonly OperatorStatement[] = [
  allow('FindTheMonitor', [
    'lambda:ListFunctions',
    'lambda:ListEventSourceMappings',
    'lambda:GetAccountSettings',
  ]),
  allow('LookAtTrails', [
    'cloudtrail:DescribeTrails',
    'cloudtrail:GetTrailStatus',
    'cloudtrail:GetEventSelectors',
    'cloudtrail:ListEventDataStores',
  ]),
  allow('LookAtRules', [
    'events:ListRules',
    'events:ListEventBuses',
    'events:ListRuleNamesByTarget',
    'events:DescribeRule',
    'events:ListTargetsByRule',
    'events:TestEventPattern',
  ]),
  allow('LookAtQueues', ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes']),
  allow('LookAtTopics', [
    'sns:GetTopicAttributes',
    'sns:ListSubscriptionsByTopic',
    'sns:GetSubscriptionAttributes',
  ]),
  allow('LookAtPolicies', ['iam:SimulatePrincipalPolicy', 'kms:GetKeyPolicy']),
  allow('LookForLogs', ['logs:DescribeLogGroups']),
  allow('ShowTheWidget', ['lambda:InvokeFunction'], ['lambda:function:*-open-alerts-widget']),
];

/** The bucket of reports, which `audit --archive` and `audit verify` name. */
const REPORTS = 's3:example-audits';

/**
 * Permissions to verify stored reports, and to store one more. That an object is gone, S3 says to those alone who may
 * list its bucket. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
const KEEP_REPORTS: readonly OperatorStatement[] = [
  allow('ListReports', ['s3:ListBucket', 's3:ListBucketVersions'], [REPORTS]),
  allow('ReadReports', ['s3:GetObject', 's3:GetObjectVersion'], [`${REPORTS}/*`]),
  allow('StoreReports', ['s3:PutObject'], [`${REPORTS}/*`]),
  {
    ...allow('UseKeyForReports', ['kms:Decrypt', 'kms:GenerateDataKey'], ['kms:key/*']),
    conditions: { StringEquals: { 'kms:ViaService': ['s3.eu-west-1.amazonaws.com'] } },
  },
];

/** The policies, from the least to the most. */
export const OPERATOR_POLICIES: readonly OperatorPolicy[] = [
  {
    name: 'auditor',
    purpose:
      'reports on periods, keeps the reports in a bucket and verifies them there, and lists what audits ask for: `audit`, `audit verify`, `sweep --audit`; whoever only verifies does without `StoreReports` and `kms:GenerateDataKey`',
    statements: [
      LOOK_AT_SECRETS,
      ...EXAMINE,
      ...ASK_THE_MONITOR,
      allow('ReadFindings', ['securityhub:GetFindings']),
      ...KEEP_REPORTS,
      NEVER_READ_VALUES,
    ],
  },
  {
    name: 'pusher',
    purpose: 'sends the verdicts of an audit to Security Hub: `audit push security-hub`',
    statements: [
      LOOK_AT_SECRETS,
      ...ASK_THE_MONITOR,
      allow('ReadFindings', ['securityhub:GetFindings']),
      allow('PushFindings', ['securityhub:BatchImportFindings'], ['securityhub:product/*/default']),
      NEVER_READ_VALUES,
    ],
  },
  {
    name: 'reader',
    purpose:
      'looks at secrets and at the monitor: `status`, `sweep`, `explain`, `cost`, `doctor`, and `fix` without `--apply`',
    statements: [
      LOOK_AT_SECRETS,
      ...EXAMINE,
      READ_ERROR_LINES,
      ...ASK_THE_MONITOR,
      ...LOOK_AT_THE_MONITOR,
      NEVER_READ_VALUES,
    ],
  },
  {
    name: 'responder',
    purpose:
      'acknowledges alerts with `ack`, and silences those of one owner with `silence`; of the tags only those of a silence are written',
    statements: [
      LOOK_AT_SECRETS,
      ...ASK_THE_MONITOR,
      allow('Acknowledge', ['lambda:InvokeFunction'], ['lambda:function:*-acknowledge']),
      {
        ...allow(
          'Silence',
          ['secretsmanager:TagResource', 'secretsmanager:UntagResource'],
          ['secretsmanager:secret:*'],
        ),
        // Other tags may decide who is let in, that of the owner among them.
        conditions: {
          ...OF_THE_OWNER,
          'ForAllValues:StringEquals': { 'aws:TagKeys': SILENCE_TAGS },
        },
      },
      NEVER_READ_VALUES,
    ],
  },
  {
    name: 'excepter',
    purpose:
      'asks for exceptions with `except`, approves those that others ask for, and ends them; give it to the people who may decide',
    statements: [
      allow('FindSecrets', ['secretsmanager:DescribeSecret', 'secretsmanager:ListSecrets']),
      ...ASK_THE_MONITOR,
      allow('KeepExceptions', ['lambda:InvokeFunction'], ['lambda:function:*-keep-exception']),
      NEVER_READ_VALUES,
    ],
  },
  {
    name: 'repairer',
    purpose:
      'carries out repairs with `fix --apply`, on the secrets and rotation functions that the last two statements name; the condition on the owner above can take the place of the names of secrets',
    statements: [
      LOOK_AT_SECRETS,
      ...EXAMINE,
      ...ASK_THE_MONITOR,
      allow('RecordTheRepair', ['lambda:InvokeFunction'], ['lambda:function:*-record-repair']),
      allow('NameTheAccount', ['iam:ListAccountAliases']),
      allow('LookAtAliases', ['lambda:GetAlias']),
      allow('MoveLabels', ['secretsmanager:UpdateSecretVersionStage'], ['secretsmanager:secret:prod/*']),
      allow('ProveAndFinish', ['lambda:InvokeFunction'], ['lambda:function:rotate-*']),
      NEVER_READ_VALUES,
    ],
  },
];
