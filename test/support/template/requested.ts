import type { CallRequest } from '../../../src/simulator/call-log.ts';
import type { Home, ServiceName } from '../../../src/simulator/service.ts';

/** What one call asks of IAM. */
export interface Requested {
  /** Such as `cloudwatch:GetMetricData`. */
  readonly action: string;
  /** ARNs of what the action is done to; `*` where IAM knows no resource for it. */
  readonly resources: readonly string[];
  /** Values of condition keys that this call carries, by key in lower case; undefined where only their presence is known. */
  readonly keys: Readonly<Record<string, string | undefined>>;
}

/**
 * What a call asks, by the Service Authorization Reference.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function requestedBy(call: CallRequest, home: Home): readonly Requested[] {
  const resources = RESOURCES[call.service]?.(call, home) ?? ['*'];
  const everywhere = { 'aws:requestedregion': call.service === 'cloudtrail' ? undefined : home.region };
  const action = `${PREFIXES[call.service] ?? call.service}:${call.operation}`;
  const [owner] = resources.map((resource) => resource.split(':')[4]);
  const keys = { ...everywhere, ...(owner ? { 'aws:resourceaccount': owner } : {}), ...ownKeys(call) };
  return [{ action, resources, keys }, ...passedRole(call)];
}

/** Names of services in the call log that IAM calls otherwise. */
const PREFIXES: Partial<Record<ServiceName, string>> = { monitoring: 'cloudwatch' };

type ResourcesOf = (call: CallRequest, home: Home) => readonly string[];

const text = ({ input }: CallRequest, name: string): string => String(input[name] ?? '');
const arn = (service: string, { account, region }: Home, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;
/** An ARN as it is; else the ARN that a name stands for. */
const named = (value: string, otherwise: (name: string) => string): readonly string[] => [
  value.startsWith('arn:') ? value : otherwise(value),
];

const RESOURCES: Partial<Record<ServiceName, ResourcesOf>> = {
  secretsmanager: (call, home) =>
    call.input['SecretId'] === undefined
      ? ['*']
      : named(text(call, 'SecretId'), (name) => arn('secretsmanager', home, `secret:${name}-??????`)),
  dynamodb: (call, home) => {
    const [table = ''] = named(text(call, 'TableName'), (name) => arn('dynamodb', home, `table/${name}`));
    return [call.input['IndexName'] === undefined ? table : `${table}/index/${text(call, 'IndexName')}`];
  },
  sqs: (call, home) => [arn('sqs', home, text(call, 'QueueUrl').split('/').at(-1) ?? '')],
  sns: (call) => [text(call, 'TopicArn')],
  events: (call, home) =>
    entriesOf(call).flatMap(({ EventBusName }) =>
      named(String(EventBusName), (name) => arn('events', home, `event-bus/${name}`)),
    ),
  scheduler: (call, home) => [
    arn('scheduler', home, `schedule/${text(call, 'GroupName')}/${text(call, 'Name')}`),
  ],
  lambda: (call, home) =>
    named(text(call, 'FunctionName'), (name) => arn('lambda', home, `function:${name}`)),
  ssm: (call, home) => [arn('ssm', home, `parameter${text(call, 'Name')}`)],
  sts: (call) => [call.input['RoleArn'] === undefined ? '*' : text(call, 'RoleArn')],
};

const entriesOf = ({ input }: CallRequest): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(input['Entries']) ? input['Entries'] : [];

function ownKeys(call: CallRequest): Requested['keys'] {
  if (call.service === 'events') return { 'events:source': String(entriesOf(call)[0]?.['Source']) };
  if (call.operation === 'AssumeRole') return { 'aws:resourceorgid': undefined };
  return {};
}

/** A schedule names the role that it runs with. */
function passedRole({ operation, input }: CallRequest): readonly Requested[] {
  const { Target } = input;
  if (operation !== 'CreateSchedule' || typeof Target !== 'object' || Target === null) return [];
  const role = 'RoleArn' in Target ? String(Target.RoleArn) : '';
  const keys = { 'iam:passedtoservice': 'scheduler.amazonaws.com' };
  return [{ action: 'iam:PassRole', resources: [role], keys }];
}
