import { Stack } from 'aws-cdk-lib';
import { CfnSubscription, type ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { AUDIT_SUMMARY, TRANSITIONS } from '../../src/monitor/domain/alert/notification.ts';
import { FINDING_CODES, SEVERITIES } from '../../src/monitor/domain/finding/finding.ts';

/** The topics, the values that their messages can carry, and the subscriptions made elsewhere. */
export interface HeardProps {
  readonly alertTopic: ITopic;
  readonly healthTopic: ITopic;
  /** Owners that a tag may choose from. */
  readonly owners: readonly string[];
  /** Whether others subscribe to the topics, so that nobody here has to. */
  readonly subscribedElsewhere: boolean;
}

/** Returns the values of each attribute that alerts can be filtered by; undefined where every value can occur. */
const attributes = (owners: readonly string[]): Readonly<Record<string, readonly string[] | undefined>> => ({
  account: undefined,
  region: undefined,
  severity: SEVERITIES,
  transition: TRANSITIONS,
  code: [...FINDING_CODES, 'baseline-digest', 'weekly-digest', AUDIT_SUMMARY],
  owner: owners,
  escalated: ['yes'],
});

/**
 * Returns the faults by which a notification would reach nobody, over all subscriptions of the app. It is called at
 * synthesis, so that later ones count.
 */
export function unheard(monitor: IConstruct, props: HeardProps): readonly string[] {
  const { alertTopic, healthTopic, owners, subscribedElsewhere } = props;
  const alerts = subscriptionsTo(monitor, alertTopic);
  const known = attributes(owners);
  const faults = alerts.flatMap((each) => filterFaults(each, known));
  if (subscribedElsewhere) return faults;
  const toAll = alerts.some(({ filterPolicy }) => isEmpty(filterPolicy));
  const isHealthHeard = subscriptionsTo(monitor, healthTopic).some(({ filterPolicy }) =>
    isEmpty(filterPolicy),
  );
  return [
    ...faults,
    ...(toAll
      ? []
      : [`No subscription without a filter is there for the alerts: some would reach nobody. ${REMEDY}`]),
    ...(isHealthHeard
      ? []
      : [`Nobody is subscribed to the health topic: that the monitor fails would reach nobody. ${REMEDY}`]),
  ];
}

const REMEDY = 'Add one, or set subscribedElsewhere where others subscribe to the topics.';

const subscriptionsTo = (monitor: IConstruct, topic: ITopic): readonly CfnSubscription[] => {
  const arnOf = (arn: string): string => JSON.stringify(Stack.of(topic).resolve(arn));
  return monitor.node.root.node
    .findAll()
    .filter((each): each is CfnSubscription => each instanceof CfnSubscription)
    .filter(({ topicArn }) => arnOf(topicArn) === arnOf(topic.topicArn));
};

function filterFaults(
  subscription: CfnSubscription,
  known: ReturnType<typeof attributes>,
): readonly string[] {
  const { filterPolicy, filterPolicyScope, node } = subscription;
  if (isEmpty(filterPolicy)) return [];
  const path = `The filter of "${node.path}"`;
  if (filterPolicyScope === 'MessageBody') return [`${path} is about the body, and alerts are plain text`];
  const policy: unknown = Stack.of(subscription).resolve(filterPolicy);
  return Object.entries(Object(policy)).flatMap(([name, wanted]) => {
    if (!Object.hasOwn(known, name))
      return [`${path} asks for "${name}", which no alert has; they have ${Object.keys(known).join(', ')}`];
    const values = known[name];
    return [wanted]
      .flat()
      .filter((condition) => !canHold(condition, values))
      .map(
        (condition) =>
          `${path} asks for ${name} ${JSON.stringify(condition)}, which never comes${knownAs(values)}`,
      );
  });
}

const knownAs = (values: readonly string[] | undefined): string =>
  values === undefined ? ': it is text' : `; known are ${values.join(', ')}`;

/** Conditions beside whole values, and whether a value meets them. https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html */
const CONDITIONS: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  prefix: (value, wanted) => value.startsWith(wanted),
  suffix: (value, wanted) => value.endsWith(wanted),
  'equals-ignore-case': (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
};

/** Whether a condition of a filter holds for a value that can occur; one about numbers never does, for all are text. */
function canHold(condition: unknown, values: readonly string[] | undefined): boolean {
  if (typeof condition === 'number') return false;
  if (typeof condition === 'string') return values?.includes(condition) ?? true;
  const [[operator, wanted] = ['', undefined]] = Object.entries(Object(condition));
  if (operator === 'numeric') return false;
  const meets = CONDITIONS[operator];
  if (meets === undefined || typeof wanted !== 'string') return true;
  return values?.some((value) => meets(value, wanted)) ?? true;
}

const isEmpty = (policy: unknown): boolean =>
  policy === undefined || Object.keys(Object(policy)).length === 0;
