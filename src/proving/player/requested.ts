import type { CallRequest } from '../../simulator/call/call-log.ts';
import type { Home, ServiceName } from '../../simulator/call/service.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { type PartitionKeyOf, tableRequests } from './table-requests.ts';

/** The permission that one call needs from IAM, with its resources and condition keys. */
export interface Requested {
  /** Such as `cloudwatch:GetMetricData`. */
  readonly action: string;
  /** ARNs of what the action is done to; `*` where IAM knows no resource for it. */
  readonly resources: readonly string[];
  /**
   * Values of condition keys that this call carries, by key in lower case; a list where a key has several, undefined
   * where only its presence is known.
   */
  readonly keys: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** The account, region and world of a call, with its secrets and buckets. */
type Place = Pick<Simulator, 'home' | 'world' | 'secretsManager' | 's3'>;

/**
 * Returns the permissions a call needs, by the Service Authorization Reference.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function requestedBy(
  call: CallRequest,
  place: Place,
  keyOf: PartitionKeyOf = () => undefined,
): readonly Requested[] {
  if (call.service === 'dynamodb') return askedOfTables(call, place, keyOf);
  const resources = RESOURCES[call.service]?.(call, place) ?? ['*'];
  const keys = { ...usualKeys(call, place, resources), ...ownKeys(call, place) };
  return [{ action: actionOf(call), resources, keys }, ...passedRole(call), ...missingObject(call, place)];
}

const askedOfTables = (call: CallRequest, place: Place, keyOf: PartitionKeyOf): readonly Requested[] =>
  tableRequests(call, keyOf).map(({ operation, table, index, leadingKeys }) => {
    const [tableArn = ''] = named(table, (name) => arn('dynamodb', place.home, `table/${name}`));
    const resources = [index === undefined ? tableArn : `${tableArn}/index/${index}`];
    const own = leadingKeys === undefined ? {} : { 'dynamodb:leadingkeys': leadingKeys };
    return {
      action: `dynamodb:${operation}`,
      resources,
      keys: { ...usualKeys(call, place, resources), ...own },
    };
  });

function usualKeys(call: CallRequest, place: Place, resources: readonly string[]): Requested['keys'] {
  const [owner] = resources.map((resource) => resource.split(':')[4]);
  return {
    'aws:requestedregion': isForAnyRegion(call, place) ? undefined : place.home.region,
    ...(owner ? { 'aws:resourceaccount': owner } : {}),
  };
}

/** An account that is alone takes what is asked of CloudTrail elsewhere too, without naming the place. */
const isForAnyRegion = ({ service }: CallRequest, { world }: Place): boolean =>
  service === 'cloudtrail' && world.organization === undefined;

/** Lambda names the right to invoke otherwise than the call, and SQS allows batches by the action for one message. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
const actionOf = ({ service, operation, input }: CallRequest): string => {
  if (service === 's3') return `s3:${s3ActionOf(operation, input['VersionId'] !== undefined)}`;
  const action = service === 'sqs' ? operation.replace(/Batch$/, '') : operation;
  return `${PREFIXES[service] ?? service}:${service === 'lambda' && action === 'Invoke' ? 'InvokeFunction' : action}`;
};

/** S3 names the right to read a version by its id, and to list versions, otherwise than the calls. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
function s3ActionOf(operation: string, hasVersion: boolean): string {
  if (operation === 'ListObjectVersions') return 'ListBucketVersions';
  return /^(Get|Head)Object$/.test(operation) && hasVersion ? 'GetObjectVersion' : operation;
}

/** Names of services in the call log that IAM calls otherwise. */
const PREFIXES: Partial<Record<ServiceName, string>> = { monitoring: 'cloudwatch' };

type ResourcesOf = (call: CallRequest, place: Place) => readonly string[];

const text = ({ input }: CallRequest, name: string): string => String(input[name] ?? '');
const arn = (service: string, { account, region }: Home, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;
/** An ARN as it is; else the ARN that a name stands for. */
const named = (value: string, otherwise: (name: string) => string): readonly string[] => [
  value.startsWith('arn:') ? value : otherwise(value),
];

const RESOURCES: Partial<Record<ServiceName, ResourcesOf>> = {
  secretsmanager: (call, { home }) =>
    call.input['SecretId'] === undefined
      ? ['*']
      : named(text(call, 'SecretId'), (name) => arn('secretsmanager', home, `secret:${name}-??????`)),
  sqs: (call, { home }) =>
    call.operation === 'ListQueues'
      ? ['*']
      : [arn('sqs', home, (text(call, 'QueueUrl').split('/').at(-1) ?? '') || text(call, 'QueueName'))],
  sns: (call) => (call.operation === 'Unsubscribe' ? ['*'] : [text(call, 'TopicArn')]),
  events: (call, { home }) =>
    call.input['Entries'] === undefined
      ? ['*']
      : entriesOf(call).flatMap(({ EventBusName }) =>
          named(String(EventBusName), (name) => arn('events', home, `event-bus/${name}`)),
        ),
  scheduler: (call, { home }) => [
    arn('scheduler', home, `schedule/${text(call, 'GroupName')}/${text(call, 'Name')}`),
  ],
  lambda: (call, { home }) =>
    call.input['FunctionName'] === undefined || call.operation === 'ListEventSourceMappings'
      ? ['*']
      : named(text(call, 'FunctionName'), (name) => arn('lambda', home, `function:${name}`)),
  logs: (call, { home }) =>
    call.operation === 'FilterLogEvents'
      ? [arn('logs', home, `log-group:${text(call, 'logGroupName')}:*`)]
      : ['*'],
  ssm: (call, { home }) => [arn('ssm', home, `parameter${text(call, 'Name')}`)],
  organizations: (call, { world: { organization } }) => {
    const parent = text(call, 'ParentId');
    const kind = parent.startsWith('r-') ? 'root' : 'ou';
    const { managementAccount = '', id = '' } = organization ?? {};
    return [`arn:aws:organizations::${managementAccount}:${kind}/${id}/${parent}`];
  },
  s3: (call) => [
    call.operation === 'ListObjectVersions'
      ? `arn:aws:s3:::${text(call, 'Bucket')}`
      : `arn:aws:s3:::${text(call, 'Bucket')}/${text(call, 'Key')}`,
  ],
  securityhub: ({ operation, input }) =>
    operation === 'BatchImportFindings' && Array.isArray(input['Findings'])
      ? input['Findings'].map(({ ProductArn }) => String(ProductArn))
      : ['*'],
  sts: (call) => [call.input['RoleArn'] === undefined ? '*' : text(call, 'RoleArn')],
};

const entriesOf = ({ input }: CallRequest): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(input['Entries']) ? input['Entries'] : [];

/** A role that is assumed is known by its account alone; an organization knows whose it is. */
function ownKeys(call: CallRequest, place: Place): Requested['keys'] {
  const { home, world } = place;
  const { service, operation } = call;
  if (service === 'events') return { 'events:source': String(entriesOf(call)[0]?.['Source']) };
  if (service === 'sns' && operation === 'Subscribe')
    return { 'sns:protocol': text(call, 'Protocol'), 'sns:endpoint': text(call, 'Endpoint') };
  if (operation === 'AssumeRole') {
    const [, , , , account = ''] = text(call, 'RoleArn').split(':');
    return present('aws:resourceorgid', world.organizationOf(account));
  }
  if (service === 'secretsmanager') return secretKeys(call, place);
  return service === 'organizations' ? present('aws:principalorgid', world.organizationOf(home.account)) : {};
}

/** Tags of the secret, and the keys of those that the call writes. */
function secretKeys(call: CallRequest, { secretsManager }: Place): Requested['keys'] {
  const tagKeys = tagKeysOf(call);
  const { tags = [] } = secretsManager.history(text(call, 'SecretId')).at(-1) ?? {};
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:resourcetag/${Key.toLowerCase()}`, Value])),
    ...(tagKeys.length > 0 ? { 'aws:tagkeys': tagKeys } : {}),
  };
}

/** Keys of the tags that a call writes. */
const tagKeysOf = ({ operation, input }: CallRequest): readonly string[] => {
  const { Tags, TagKeys } = input;
  if (operation === 'UntagResource' && Array.isArray(TagKeys)) return TagKeys.map(String);
  return operation === 'TagResource' && Array.isArray(Tags) ? Tags.map(({ Key }) => String(Key)) : [];
};

const present = (key: string, value: string | undefined): Requested['keys'] =>
  value === undefined ? {} : { [key]: value };

/**
 * S3 says that an object is missing to those alone who may list its bucket; to others it is denied.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
function missingObject(call: CallRequest, { s3 }: Place): readonly Requested[] {
  if (call.service !== 's3' || !/^(Get|Head)Object$/.test(call.operation)) return [];
  const { VersionId } = call.input;
  const isThere = s3.buckets.has(text(call, 'Bucket'), {
    key: text(call, 'Key'),
    versionId: VersionId === undefined ? undefined : String(VersionId),
  });
  return isThere
    ? []
    : [{ action: 's3:ListBucket', resources: [`arn:aws:s3:::${text(call, 'Bucket')}`], keys: {} }];
}

/** A schedule names the role that it runs with. */
function passedRole({ operation, input }: CallRequest): readonly Requested[] {
  const { Target } = input;
  if (operation !== 'CreateSchedule' || typeof Target !== 'object' || Target === null) return [];
  const role = 'RoleArn' in Target ? String(Target.RoleArn) : '';
  const keys = { 'iam:passedtoservice': 'scheduler.amazonaws.com' };
  return [{ action: 'iam:PassRole', resources: [role], keys }];
}
