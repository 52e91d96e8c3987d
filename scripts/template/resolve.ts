import * as z from 'zod';
import type { TemplateResource } from './template.ts';

/** Where a template is deployed to. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** What the URLs of queues begin with. */
  readonly sqsEndpoint: string;
}

/** What `Ref` and `Fn::GetAtt` give for a resource of one type with this physical name. */
interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

type Identify = (name: string, place: Place) => Identity;

const arn = (service: string, { account, region }: Place, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

const named =
  (service: string, prefix: string): Identify =>
  (name, place) => ({ ref: name, attributes: { Arn: arn(service, place, `${prefix}${name}`) } });

/** The types of the monitor's resources that others refer to. */
const IDENTITIES: Readonly<Record<string, Identify>> = {
  'AWS::DynamoDB::Table': named('dynamodb', 'table/'),
  'AWS::Events::Rule': named('events', 'rule/'),
  'AWS::KMS::Key': named('kms', 'key/'),
  'AWS::Lambda::Function': named('lambda', 'function:'),
  'AWS::Scheduler::ScheduleGroup': named('scheduler', 'schedule-group/'),
  'AWS::IAM::Role': (name, { account }) => ({
    ref: name,
    attributes: { Arn: `arn:aws:iam::${account}:role/${name}` },
  }),
  'AWS::Logs::LogGroup': (name, place) => ({
    ref: name,
    attributes: { Arn: arn('logs', place, `log-group:${name}:*`) },
  }),
  'AWS::SNS::Topic': (name, place) => ({
    ref: arn('sns', place, name),
    attributes: { TopicName: name },
  }),
  'AWS::SQS::Queue': (name, place) => ({
    ref: `${place.sqsEndpoint}/${place.account}/${name}`,
    attributes: { Arn: arn('sqs', place, name), QueueName: name },
  }),
};

/** Properties that give a resource its physical name; all others are named by their logical id. */
const NAMES = ['FunctionName', 'Name'];

/** Works out references as CloudFormation does; throws where it does not know what one gives. */
function resolver(resources: readonly TemplateResource[], place: Place): (value: unknown) => unknown {
  const identities = new Map(resources.flatMap((each) => identified(each, place)));
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': place.account,
    'AWS::Region': place.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const reference = (id: string): string => pseudo[id] ?? known(identities, id).ref;
  const attribute = (id: string, name: string): string => {
    const found = known(identities, id).attributes[name];
    if (found === undefined) throw new Error(`Cannot tell the attribute ${name} of ${id}`);
    return found;
  };
  const intrinsics: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (id) => reference(String(id)),
    'Fn::GetAtt': (argument) => attribute(...attributePath.parse(argument)),
    'Fn::Join': (argument) => {
      const [separator, parts] = joined.parse(argument);
      return parts.map(resolve).join(separator);
    },
    'Fn::Sub': (text) => String(text).replaceAll(/\$\{([\w:]+)\}/g, (_whole, id: string) => reference(id)),
  };
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [[name, argument] = ['', undefined]] = entries;
    const intrinsic = entries.length === 1 ? intrinsics[name] : undefined;
    if (intrinsic !== undefined) return intrinsic(argument);
    return Object.fromEntries(entries.map(([key, each]) => [key, resolve(each)]));
  };
  return resolve;
}

const attributePath = z.tuple([z.string(), z.string()]);
const joined = z.tuple([z.string(), z.array(z.unknown())]);

function identified({ id, type, properties }: TemplateResource, place: Place): readonly [string, Identity][] {
  const given = NAMES.map((name) => properties[name]).find((name) => typeof name === 'string');
  const identify = IDENTITIES[type];
  return identify === undefined ? [] : [[id, identify(given ?? id, place)]];
}

function known(identities: ReadonlyMap<string, Identity>, id: string): Identity {
  const found = identities.get(id);
  if (found === undefined) throw new Error(`Cannot refer to ${id}: its type is not known`);
  return found;
}

/** The resources with all references worked out. */
export function resolved(resources: readonly TemplateResource[], place: Place): readonly TemplateResource[] {
  const resolve = resolver(resources, place);
  return resources.map((each) => ({
    ...each,
    properties: resolve(each.properties) as TemplateResource['properties'],
  }));
}
