import * as z from 'zod';
import { readInput } from '../call/input.ts';
import type { Random } from '../call/random.ts';
import type { Home, Input, Operation, Service } from '../call/service.ts';
import { deliver, type Email, type SnsDependencies } from './delivery.ts';
import { refuseInput } from './errors.ts';
import { HttpDelivery } from './http-delivery.ts';
import type { HttpPost } from './http-post.ts';
import { page } from './page.ts';
import { readPublication } from './publish.ts';
import { subscriptionOperations } from './subscription-operations.ts';
import type { Topic } from './topic.ts';
import { Topics } from './topics.ts';

/** SNS with standard topics, and what tests and scenarios ask of it. */
export interface Sns extends Service {
  /** Every e-mail delivered, oldest first. */
  readonly inbox: readonly Email[];
  /** Publishes for another service; false when there is no such topic. */
  announce(topicArn: string, message: string): boolean;
  /** Confirms the pending subscriptions of an address, as its reader does by a click. */
  confirm(address: string): void;
}

/** Options of SNS. */
export interface SnsOptions extends Omit<SnsDependencies, 'http'> {
  readonly random: Random;
  readonly home: Home;
  /** Returns the address of this SNS. */
  readonly endpoint: () => string;
  /** Posts to the subscribers over HTTP. */
  readonly post: HttpPost;
  /** Whether subscriptions of e-mail addresses wait for `confirm`. */
  readonly emailsArePending: boolean;
}

/** An SNS without topics. */
export function createSns(options: SnsOptions): Sns {
  const { clock, home, random, emailsArePending, post, endpoint } = options;
  const topics = new Topics(home, random);
  const http = new HttpDelivery({ clock, post, endpoint, uuid: random.uuid });
  const inbox: Email[] = [];
  const publish = (input: Input): string => {
    const publication = readPublication(input, random.uuid());
    deliver({ ...options, http }, topics.find(publication.topicArn), publication, inbox);
    return publication.messageId;
  };
  return {
    operations: {
      ...topicOperations(topics, home),
      ...subscriptionOperations({ topics, home, clock, random, http, emailsArePending }),
      // Every account begins there. https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox.html
      GetSMSSandboxAccountStatus: () => ({ IsInSandbox: true }),
      Publish: (input) => ({ MessageId: publish(input) }),
    },
    inbox,
    announce: (TopicArn, Message) => {
      const exists = topics.all().some(({ arn }) => arn === TopicArn);
      if (exists) publish({ TopicArn, Message });
      return exists;
    },
    confirm: (address) => {
      for (const each of topics.subscriptions()) if (each.endpoint === address) each.pending = false;
    },
  };
}

const creating = z.object({ Name: z.string(), Attributes: z.record(z.string(), z.string()).default({}) });
const naming = z.object({ TopicArn: z.string() });
const setting = z.object({
  TopicArn: z.string(),
  AttributeName: z.string(),
  AttributeValue: z.string().default(''),
});
const listing = z.object({ NextToken: z.string().optional() });

function topicOperations(topics: Topics, { account }: Home): Record<string, Operation> {
  return {
    CreateTopic: (input) => {
      const { Name, Attributes } = readInput(creating, input, refuseInput);
      const topic = topics.create(Name);
      for (const [name, value] of Object.entries(Attributes)) topic.attributes.set(name, value);
      return { TopicArn: topic.arn };
    },
    DeleteTopic: (input) => topics.remove(readInput(naming, input, refuseInput).TopicArn),
    ListTopics: (input) => {
      const { items, ...rest } = page(topics.all(), readInput(listing, input, refuseInput).NextToken);
      return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), ...rest };
    },
    GetTopicAttributes: (input) => ({
      Attributes: attributesOf(topics.find(readInput(naming, input, refuseInput).TopicArn), account),
    }),
    SetTopicAttributes: (input) => {
      const { TopicArn, AttributeName, AttributeValue } = readInput(setting, input, refuseInput);
      topics.find(TopicArn).attributes.set(AttributeName, AttributeValue);
    },
  };
}

function attributesOf({ arn, attributes, subscriptions, deleted }: Topic, owner: string): object {
  const pending = [...subscriptions.values()].filter((each) => each.pending).length;
  return {
    TopicArn: arn,
    Owner: owner,
    DisplayName: '',
    ...Object.fromEntries(attributes),
    SubscriptionsConfirmed: String(subscriptions.size - pending),
    SubscriptionsPending: String(pending),
    SubscriptionsDeleted: String(deleted),
  };
}
