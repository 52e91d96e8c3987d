import { SEVERITIES } from '../finding/finding.ts';
import type { DeployedTopic, Subscription } from './deployed.ts';
import { type Diagnosis, diagnosing } from './diagnosis.ts';
import { admission } from './resource-policy.ts';

const subscribed = diagnosing('subscriptions');
const policies = diagnosing('topic-policies');
const sms = diagnosing('sms-sandbox');

/** Whether somebody receives what is published to a topic, and whether the filters let anything through. */
export function subscriptionDiagnoses(
  use: string,
  arn: string,
  topic: DeployedTopic | undefined,
): readonly Diagnosis[] {
  if (topic === undefined)
    return [subscribed.fail(arn, `The topic of ${use} does not exist.`, 'Deploy the stack again.')];
  const { subscriptions } = topic;
  const confirmed = subscriptions.filter(({ isConfirmed }) => isConfirmed);
  return [
    confirmed.length === 0
      ? subscribed.fail(
          arn,
          `Nobody is subscribed to the topic of ${use}.`,
          'Subscribe somebody, and let them confirm what SNS asks.',
        )
      : subscribed.ok(arn, `Subscriptions to ${use} that are confirmed: ${confirmed.length}.`),
    ...subscriptions.filter(({ isConfirmed }) => !isConfirmed).map(pending),
    ...confirmed.flatMap(deaf),
  ];
}

const pending = ({ endpoint, protocol }: Subscription): Diagnosis =>
  subscribed.warn(
    endpoint,
    `The subscription by ${protocol} is not confirmed.`,
    'Open the link in the message of SNS, or subscribe again: a link holds for two days.',
  );

/** Values of the attributes that messages carry and filters may select by. */
const VALUES: Readonly<Record<string, readonly string[] | undefined>> = {
  severity: SEVERITIES,
  transition: ['opened', 'rose', 'repeated', 'escalated', 'silenced', 'resolved'],
  escalated: ['yes'],
  digest: ['baseline', 'weekly'],
  owner: undefined,
  code: undefined,
  account: undefined,
  region: undefined,
};

/** A filter that nothing of the monitor passes: an attribute that no message has, or values that none takes. */
function deaf({ endpoint, filterPolicy }: Subscription): readonly Diagnosis[] {
  if (filterPolicy === undefined || filterPolicy === '') return [];
  const filter = parsed(filterPolicy);
  if (filter === undefined)
    return [
      subscribed.unknown(
        endpoint,
        'The filter policy of the subscription could not be read.',
        'Read it: aws sns get-subscription-attributes',
      ),
    ];
  return Object.entries(filter).flatMap(([attribute, wanted]) => {
    if (!Object.hasOwn(VALUES, attribute))
      return subscribed.fail(
        endpoint,
        `Its filter asks for the attribute "${attribute}", which no message has.`,
        KNOWN,
      );
    const known = VALUES[attribute];
    const texts = wanted.filter((value): value is string => typeof value === 'string');
    const passes =
      known === undefined || texts.length < wanted.length || texts.some((text) => known.includes(text));
    return passes
      ? []
      : subscribed.fail(endpoint, `Its filter on "${attribute}" lets nothing through.`, KNOWN);
  });
}

const KNOWN = `Filter by ${Object.keys(VALUES).join(', ')}, in the spelling of the messages.`;

function parsed(text: string): Readonly<Record<string, readonly unknown[]>> | undefined {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null) return undefined;
    return Object.fromEntries(Object.entries(read).map(([key, value]) => [key, [value].flat()]));
  } catch {
    return undefined;
  }
}

/** Whether alarms of CloudWatch may publish to the topic of the monitor's own health. */
export function alarmTopicDiagnosis(topic: DeployedTopic, account: string): Diagnosis {
  const request = {
    service: 'cloudwatch.amazonaws.com',
    action: 'sns:Publish',
    sourceArn: undefined,
    account,
  };
  switch (admission(topic.policy, request)) {
    case 'yes':
      return policies.ok(topic.arn, 'Alarms may publish to the health topic.');
    case 'no':
      return policies.fail(
        topic.arn,
        'The policy of the health topic does not let alarms publish.',
        'Deploy the stack again.',
      );
    case 'unknown':
      return policies.unknown(
        topic.arn,
        'The policy of the health topic hangs on conditions that are not understood.',
        'Compare it with that of the template.',
      );
  }
}

/** Whether text messages reach numbers that nobody has verified. */
export function smsDiagnoses(topics: readonly DeployedTopic[], isInSandbox: boolean): readonly Diagnosis[] {
  const numbers = topics
    .flatMap(({ subscriptions }) => subscriptions)
    .filter(({ protocol }) => protocol === 'sms');
  if (numbers.length === 0) return [];
  return [
    isInSandbox
      ? sms.warn(
          'SNS',
          'The account is in the SMS sandbox: only verified numbers get text messages.',
          'Leave the sandbox in the console of SNS, or verify each number.',
        )
      : sms.ok('SNS', 'Text messages reach every number.'),
  ];
}
