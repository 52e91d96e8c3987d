import * as z from 'zod';
import type { TemplateParts, TemplateResource } from './template.ts';

/** Account, region and names to which a template is deployed. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** Base of queue URLs. */
  readonly sqsEndpoint: string;
  /** Beginning of the names that CloudFormation makes for roles; empty when left out. */
  readonly stackName?: string;
  /** Parameters that differ from their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The results of `Ref` and `Fn::GetAtt` for a resource of one type with this physical name. */
interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

type Identify = (name: string, place: Place, busName: string | undefined) => Identity;

const arn = (service: string, { account, region }: Place, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

const named =
  (service: string, prefix: string): Identify =>
  (name, place) => ({ ref: name, attributes: { Arn: arn(service, place, `${prefix}${name}`) } });

/** Suffix of a secret's name in its ARN, which Secrets Manager makes by chance. */
export const SECRET_SUFFIX = 'AbCdEf';

/** The types of the monitor's resources that others refer to. */
const IDENTITIES: Readonly<Record<string, Identify>> = {
  'AWS::DynamoDB::Table': named('dynamodb', 'table/'),
  'AWS::Events::EventBus': (name, place) => ({
    ref: name,
    attributes: { Arn: arn('events', place, `event-bus/${name}`), Name: name },
  }),
  'AWS::Events::Rule': (name, place, busName) => {
    const path = busName === undefined ? name : `${busName}/${name}`;
    return { ref: path, attributes: { Arn: arn('events', place, `rule/${path}`) } };
  },
  'AWS::KMS::Key': named('kms', 'key/'),
  'AWS::Lambda::Function': named('lambda', 'function:'),
  'AWS::S3::Bucket': (name) => ({ ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } }),
  'AWS::Scheduler::ScheduleGroup': named('scheduler', 'schedule-group/'),
  'AWS::IAM::Role': (name, { account }) => ({
    ref: name,
    attributes: { Arn: `arn:aws:iam::${account}:role/${name}` },
  }),
  'AWS::Logs::LogGroup': (name, place) => ({
    ref: name,
    attributes: { Arn: arn('logs', place, `log-group:${name}:*`) },
  }),
  'AWS::SecretsManager::Secret': (name, place) => ({
    ref: arn('secretsmanager', place, `secret:${name}-${SECRET_SUFFIX}`),
    attributes: {},
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
const NAMES = ['FunctionName', 'RoleName', 'Name'];

/** Works out references as CloudFormation does; throws where it does not know what one gives. */
class Resolver {
  readonly #place: Place;
  readonly #resources: ReadonlyMap<string, TemplateResource>;
  /** Values of parameters and pseudo parameters. */
  readonly #parameters: Readonly<Record<string, string | readonly string[]>>;

  constructor({ resources, defaults, lists }: TemplateParts, place: Place) {
    this.#place = place;
    this.#resources = new Map(resources.map((each) => [each.id, each]));
    const given: Readonly<Record<string, string>> = { ...defaults, ...place.parameters };
    this.#parameters = {
      'AWS::AccountId': place.account,
      'AWS::Region': place.region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      ...given,
      ...Object.fromEntries(lists.map((id) => [id, given[id]?.split(',') ?? []])),
    };
  }

  readonly resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(this.resolve);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [[name, argument] = ['', undefined]] = entries;
    const intrinsic = entries.length === 1 ? this.#intrinsics[name] : undefined;
    if (intrinsic !== undefined) return intrinsic(argument);
    return Object.fromEntries(entries.map(([key, each]) => [key, this.resolve(each)]));
  };

  readonly #intrinsics: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (id) => this.#reference(String(id)),
    'Fn::GetAtt': (argument) => this.#attribute(...attributePath.parse(argument)),
    'Fn::Join': (argument) => {
      const [separator, parts] = joined.parse(argument);
      return parts.map(this.resolve).join(separator);
    },
    'Fn::Sub': (text) =>
      String(text).replaceAll(/\$\{([\w:]+)\}/g, (_whole, id: string) => String(this.#reference(id))),
    'Fn::Equals': (argument) => {
      const [one, other] = pair.parse(argument);
      return this.resolve(one) === this.resolve(other);
    },
    'Fn::Not': (argument) => several.parse(argument).every((each) => this.resolve(each) === false),
    'Fn::And': (argument) => several.parse(argument).every((each) => this.resolve(each) === true),
  };

  #reference(id: string): string | readonly string[] {
    return this.#parameters[id] ?? this.#identity(id).ref;
  }

  #attribute(id: string, name: string): string {
    const found = this.#identity(id).attributes[name];
    if (found === undefined) throw new Error(`Cannot resolve the attribute ${name} of ${id}`);
    return found;
  }

  #identity(id: string): Identity {
    const { type = '', properties = {} } = this.#resources.get(id) ?? {};
    const identify = IDENTITIES[type];
    if (identify === undefined) throw new Error(`Cannot refer to ${id}: its type is not known`);
    const given = NAMES.map((name) => this.#text(properties[name])).find((name) => name !== undefined);
    const busName = this.#text(properties['EventBusName']);
    return identify(given ?? madeName(type, id, this.#place), this.#place, busName);
  }

  #text(value: unknown): string | undefined {
    const text = this.resolve(value);
    return typeof text === 'string' ? text : undefined;
  }
}

/** The name that CloudFormation makes where none is given. */
function madeName(type: string, id: string, { stackName }: Place): string {
  // Names of buckets have no capital letters. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  if (type === 'AWS::S3::Bucket') return id.toLowerCase();
  return type === 'AWS::IAM::Role' && stackName !== undefined ? `${stackName}-${id}` : id;
}

const attributePath = z.tuple([z.string(), z.string()]);
const joined = z.tuple([z.string(), z.array(z.unknown())]);
const pair = z.tuple([z.unknown(), z.unknown()]);
const several = z.array(z.unknown());

/** The resources that are made, with all references worked out. */
export function resolved(template: TemplateParts, place: Place): readonly TemplateResource[] {
  const { resolve } = new Resolver(template, place);
  const isMade = ({ condition }: TemplateResource): boolean =>
    condition === undefined || resolve(template.conditions[condition]) === true;
  return template.resources.filter(isMade).map((each) => ({
    ...each,
    properties: resolve(each.properties) as TemplateResource['properties'],
  }));
}
