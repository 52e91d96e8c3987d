import { Aws } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow } from './permissions.ts';

/** Regions that are asked; undefined for that of the stack alone. */
type Regions = readonly string[] | undefined;

const within = (regions: Regions) => ({
  StringEquals: { 'aws:RequestedRegion': regions ?? Aws.REGION },
});

/** Allows finding suspects; IAM knows no narrower resource. */
export const listSecrets = (regions?: Regions): PolicyStatement =>
  allow('ListSecrets', ['secretsmanager:ListSecrets'], { resources: ['*'], conditions: within(regions) });

/** Every resource of a kind in the account and regions, as conditions say once more. */
const everyIn = (regions: Regions, service: string, kind: string) => ({
  resources: [
    `arn:${Aws.PARTITION}:${service}:${regions === undefined ? Aws.REGION : '*'}:${Aws.ACCOUNT_ID}:${kind}:*`,
  ],
  conditions: {
    StringEquals: {
      'aws:ResourceAccount': Aws.ACCOUNT_ID,
      ...(regions === undefined ? {} : { 'aws:RequestedRegion': regions }),
    },
  },
});

/** Allows confirming a suspect and finding the age of its versions. */
export const lookAtSecrets = (regions?: Regions): PolicyStatement =>
  allow(
    'LookAtSecrets',
    ['secretsmanager:DescribeSecret', 'secretsmanager:ListSecretVersionIds'],
    everyIn(regions, 'secretsmanager', 'secret'),
  );

/** Allows finding the ARN behind a name. */
export const describeSecrets = (): PolicyStatement =>
  allow('DescribeSecrets', ['secretsmanager:DescribeSecret'], everyIn(undefined, 'secretsmanager', 'secret'));

/** Allows finding out why a rotation function fails, without its code, environment and logs. */
export const inspectFunctions = (regions?: Regions): PolicyStatement =>
  allow(
    'InspectFunctions',
    ['lambda:GetFunctionConfiguration', 'lambda:GetFunctionConcurrency', 'lambda:GetPolicy'],
    everyIn(regions, 'lambda', 'function'),
  );

/** Allows counting its invocations and failures; IAM knows no narrower resource. */
export const readFunctionMetrics = (regions?: Regions): PolicyStatement =>
  allow('ReadFunctionMetrics', ['cloudwatch:GetMetricData'], {
    resources: ['*'],
    conditions: within(regions),
  });

/** Allows reading Security Hub's own verdicts; its hub is the only resource. */
export const readFindings = (regions?: Regions): PolicyStatement =>
  allow('ReadFindings', ['securityhub:GetFindings'], { resources: ['*'], conditions: within(regions) });

/** Regions in which services without a region record their calls, one for each partition. */
const GLOBAL_REGIONS = ['us-east-1', 'us-gov-west-1', 'cn-north-1'];

/** Allows finding recent changes, those too that no event reported; IAM knows no narrower resource. */
export const readHistory = (regions?: Regions): readonly PolicyStatement[] => [
  allow('ReadHistory', ['cloudtrail:LookupEvents'], { resources: ['*'], conditions: within(regions) }),
  allow('ReadGlobalHistory', ['cloudtrail:LookupEvents'], {
    resources: ['*'],
    conditions: within(GLOBAL_REGIONS),
  }),
];
