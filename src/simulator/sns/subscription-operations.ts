import * as z from 'zod';
import { DAY, later } from '../../calendar/instant.ts';
import { readInput } from '../call/input.ts';
import type { Random } from '../call/random.ts';
import type { Home, Input, Operation } from '../call/service.ts';
import type { SimulatorClock } from '../time/clock.ts';
import { invalidParameter, refuseInput } from './errors.ts';
import { compileFilterPolicy } from './filter-policy.ts';
import type { HttpDelivery } from './http-delivery.ts';
import { page } from './page.ts';
import type { Subscription, SubscriptionProtocol } from './topic.ts';
import type { Topics } from './topics.ts';

const PROTOCOLS: readonly SubscriptionProtocol[] = [
  'email',
  'email-json',
  'sqs',
  'lambda',
  'http',
  'https',
  'sms',
];

const SETTABLE: ReadonlySet<string> = new Set([
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
]);

const subscribing = z.object({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string().default(''),
  Attributes: z.record(z.string(), z.string()).default({}),
  ReturnSubscriptionArn: z.union([z.boolean(), z.stringbool()]).default(false),
});
const naming = z.object({ SubscriptionArn: z.string() });
const setting = z.object({
  SubscriptionArn: z.string(),
  AttributeName: z.string(),
  AttributeValue: z.string().default(''),
});
const listing = z.object({ NextToken: z.string().optional() });
const ofTopic = z.object({ TopicArn: z.string(), NextToken: z.string().optional() });

/** Dependencies of the operations on subscriptions. */
interface SubscriptionParts extends ConfirmationParts {
  readonly home: Home;
  /** Whether a new e-mail address must be confirmed. */
  readonly emailsArePending: boolean;
}

/** The operations on subscriptions. */
export function subscriptionOperations(parts: SubscriptionParts): Record<string, Operation> {
  const {
    topics,
    home: { account },
  } = parts;
  return {
    Subscribe: (input) => subscribe(parts, readInput(subscribing, input, refuseInput)),
    ConfirmSubscription: (input) => confirmSubscription(parts, input),
    Unsubscribe: (input) => topics.unsubscribe(readInput(naming, input, refuseInput).SubscriptionArn),
    ListSubscriptions: (input) => {
      const { NextToken } = readInput(listing, input, refuseInput);
      return shownPage(topics.subscriptions(), NextToken, account);
    },
    ListSubscriptionsByTopic: (input) => {
      const { TopicArn, NextToken } = readInput(ofTopic, input, refuseInput);
      return shownPage([...topics.find(TopicArn).subscriptions.values()], NextToken, account);
    },
    GetSubscriptionAttributes: (input) => {
      const found = topics.subscription(readInput(naming, input, refuseInput).SubscriptionArn);
      return { Attributes: attributesOf(found, account) };
    },
    SetSubscriptionAttributes: (input) => {
      const { SubscriptionArn, AttributeName, AttributeValue } = readInput(setting, input, refuseInput);
      setAttribute(topics.subscription(SubscriptionArn), AttributeName, AttributeValue);
    },
  };
}

function subscribe(parts: SubscriptionParts, input: z.infer<typeof subscribing>): object {
  const { topics, emailsArePending } = parts;
  const topic = topics.find(input.TopicArn);
  const protocol = PROTOCOLS.find((each) => each === input.Protocol);
  if (protocol === undefined) {
    throw invalidParameter(`Does not support this protocol string: ${input.Protocol}`);
  }
  checkEndpoint(protocol, input.Endpoint);
  const known = topic.subscriptions.size;
  const subscription = topics.subscribe(topic, protocol, input.Endpoint);
  if (topic.subscriptions.size === known) checkSame(subscription, input.Attributes);
  else {
    subscription.pending = protocol.startsWith('http') || (emailsArePending && protocol.startsWith('email'));
  }
  for (const [name, value] of Object.entries(input.Attributes)) setAttribute(subscription, name, value);
  if (subscription.pending && protocol.startsWith('http')) askToConfirm(parts, subscription);
  const hidden = subscription.pending && !input.ReturnSubscriptionArn;
  return { SubscriptionArn: hidden ? 'pending confirmation' : subscription.arn };
}

/** Attributes that are left out are not compared. */
function checkSame({ attributes }: Subscription, given: Readonly<Record<string, string>>): void {
  if (Object.entries(given).every(([name, value]) => (attributes.get(name) ?? '') === value)) return;
  throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
}

function checkEndpoint(protocol: SubscriptionProtocol, endpoint: string): void {
  if (protocol.startsWith('email')) {
    if (!/^[^@\s]+@[^@\s]+$/.test(endpoint)) throw invalidParameter('Email address');
  } else if (protocol === 'http' || protocol === 'https') {
    if (!endpoint.startsWith(`${protocol}://`) || !URL.canParse(endpoint)) {
      throw invalidParameter('Endpoint must match the specified protocol');
    }
  } else if (protocol === 'sms') {
    if (!/^\+\d{1,15}$/.test(endpoint)) throw invalidParameter('Invalid SMS endpoint');
  } else if (!endpoint.startsWith(`arn:aws:${protocol}:`)) {
    throw invalidParameter(`${protocol.toUpperCase()} endpoint ARN`);
  }
}

function setAttribute(subscription: Subscription, name: string, value: string): void {
  if (!SETTABLE.has(name)) throw invalidParameter('AttributeName');
  if (name === 'RawMessageDelivery' && !['true', 'false'].includes(value)) {
    throw invalidParameter(
      `Attributes Reason: RawMessageDelivery: Invalid value [${value}]. Must be true or false.`,
    );
  }
  if (name === 'FilterPolicy') {
    subscription.filter = value === '' || value === '{}' ? undefined : compileFilterPolicy(value);
  }
  subscription.attributes.set(name, value);
}

function shownPage(all: readonly Subscription[], token: string | undefined, account: string): object {
  const { items, ...rest } = page(all, token);
  return {
    Subscriptions: items.map(({ arn, pending, protocol, endpoint, topicArn }) => ({
      SubscriptionArn: pending ? 'PendingConfirmation' : arn,
      Owner: account,
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn: topicArn,
    })),
    ...rest,
  };
}

const attributesOf = (
  { arn, topicArn, protocol, endpoint, pending, attributes }: Subscription,
  owner: string,
): object => ({
  SubscriptionArn: arn,
  TopicArn: topicArn,
  Owner: owner,
  Protocol: protocol,
  Endpoint: endpoint,
  PendingConfirmation: String(pending),
  RawMessageDelivery: 'false',
  ...Object.fromEntries(attributes),
});

/** Dependencies of confirming. */
interface ConfirmationParts {
  readonly topics: Topics;
  readonly clock: SimulatorClock;
  readonly random: Random;
  readonly http: HttpDelivery;
}

/** Tokens are good for two days. https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
const TOKEN_MS = 2 * DAY;

const confirming = z.object({ TopicArn: z.string(), Token: z.string() });

/** Sends a subscriber a new token, by which alone the subscription can be confirmed. */
function askToConfirm({ clock, random, http }: ConfirmationParts, subscription: Subscription): void {
  const token = random.letters(64);
  subscription.confirmation = { token, expiresAt: later(clock.now(), TOKEN_MS) };
  http.askToConfirm(subscription, token);
}

/** ConfirmSubscription, by an SDK client or by a visit to the SubscribeURL. */
function confirmSubscription({ topics, clock }: ConfirmationParts, input: Input): object {
  const { TopicArn, Token } = readInput(confirming, input, refuseInput);
  const found = [...topics.find(TopicArn).subscriptions.values()].find(
    ({ confirmation }) =>
      confirmation !== undefined && confirmation.token === Token && confirmation.expiresAt > clock.now(),
  );
  if (found === undefined) throw invalidParameter('Token');
  found.pending = false;
  return { SubscriptionArn: found.arn };
}
