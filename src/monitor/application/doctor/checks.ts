import { DAY, HOUR, type Instant, later } from '../../../calendar/instant.ts';
import {
  auditAgeDiagnoses,
  eventAgeDiagnosis,
  memberDiagnosis,
  sweepAgeDiagnosis,
} from '../../domain/doctor/ages.ts';
import type { Deployed, DeployedTopic, EventRule } from '../../domain/doctor/deployed.ts';
import { DEPLOYED_HANDLERS } from '../../domain/doctor/deployed-handlers.ts';
import type { Diagnosis } from '../../domain/doctor/diagnosis.ts';
import {
  concurrencyDiagnosis,
  functionDiagnoses,
  invokeDiagnosis,
  logGroupDiagnosis,
  runtimeDiagnosis,
  widgetDiagnosis,
} from '../../domain/doctor/functions.ts';
import { identityDiagnosis, keyDiagnoses, neededActions } from '../../domain/doctor/permissions.ts';
import { deadLetterDiagnosis, feedDiagnosis, queuePolicyDiagnoses } from '../../domain/doctor/queues.ts';
import {
  type JudgedRule,
  ruleDiagnosis,
  WANTED_EVENTS,
  type WantedEvents,
} from '../../domain/doctor/rules.ts';
import { alarmTopicDiagnosis, smsDiagnoses, subscriptionDiagnoses } from '../../domain/doctor/topics.ts';
import { trailDiagnoses } from '../../domain/doctor/trails.ts';
import { mayInvoke } from '../../domain/examine/invoke-grant.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { type FunctionInspector, FunctionInspectorError } from '../../ports/look/function-inspector.ts';
import type { SecretCatalog } from '../../ports/look/secret-catalog.ts';
import type { DeploymentProbe } from '../../ports/watch/deployment-probe.ts';

/** The ports by which checks examine a deployment. */
export interface Doctor {
  readonly probe: DeploymentProbe;
  /** The secrets, for the rotation functions that they name. */
  readonly catalog: Pick<SecretCatalog, 'list'>;
  readonly inspector: Pick<FunctionInspector, 'configuration' | 'grants'>;
  readonly deployed: Deployed;
  readonly now: Instant;
}

/** One check of the doctor, for what it examines. */
export interface Check<Examined> {
  /** Name of the deployment in its diagnoses. */
  readonly name: string;
  /** The permissions that it takes. */
  readonly needs: readonly string[];
  run(examined: Examined): Promise<readonly Diagnosis[]>;
}

/** Functions that queues feed. */
const FED = ['on-rotation-event', 'on-label-updated', 'deliver', 'sweep-target'] as const;

const check = (name: string, needs: readonly string[], run: Check<Doctor>['run']): Check<Doctor> => ({
  name,
  needs,
  run,
});

/** Whether CloudTrail feeds EventBridge in this account and region. */
export const TRAIL_CHECK: Check<Pick<Doctor, 'probe'>> = {
  name: 'trail',
  needs: [
    'cloudtrail:DescribeTrails',
    'cloudtrail:GetTrailStatus',
    'cloudtrail:GetEventSelectors',
    'cloudtrail:ListEventDataStores',
  ],
  run: async ({ probe }) => trailDiagnoses(await probe.trails(), await probe.eventDataStores()),
};

/** Permissions to look at rotation functions and their logs. */
export const NEEDED_FOR_LOGS: readonly string[] = [
  'secretsmanager:ListSecrets',
  'lambda:GetFunctionConfiguration',
  'lambda:GetPolicy',
  'logs:DescribeLogGroups',
];

/** Everything that is looked at, in the order in which an event would meet it. */
export const CHECKS: readonly Check<Doctor>[] = [
  TRAIL_CHECK,
  check(
    'rules',
    [
      'lambda:ListEventSourceMappings',
      'events:ListRuleNamesByTarget',
      'events:DescribeRule',
      'events:ListTargetsByRule',
      'events:TestEventPattern',
    ],
    rules,
  ),
  check('queues', ['lambda:ListEventSourceMappings'], async ({ probe, deployed: { name } }) =>
    Promise.all(
      FED.map(async (handler) =>
        feedDiagnosis(`${name}-${handler}`, (await probe.feeds(`${name}-${handler}`))[0]),
      ),
    ),
  ),
  check(
    'queue-policies',
    [
      'lambda:ListEventSourceMappings',
      'events:ListRuleNamesByTarget',
      'events:DescribeRule',
      'events:ListTargetsByRule',
      'sqs:GetQueueUrl',
      'sqs:GetQueueAttributes',
    ],
    queuePolicies,
  ),
  check('functions', ['lambda:GetFunctionConfiguration'], async ({ deployed }) =>
    functionDiagnoses(deployed, ALWAYS_DEPLOYED),
  ),
  check('identity-policies', ['iam:SimulatePrincipalPolicy'], identityPolicies),
  check(
    'key-policy',
    ['sqs:GetQueueAttributes', 'kms:GetKeyPolicy'],
    async ({ probe, deployed: { deliveryQueueUrl, account } }) => {
      const keyId = (await probe.queue(deliveryQueueUrl))?.keyId;
      return keyId === undefined ? [] : keyDiagnoses(keyId, await probe.keyPolicy(keyId), account);
    },
  ),
  check('dead-letters', ['sqs:GetQueueAttributes'], async ({ probe, deployed }) =>
    Promise.all(
      deployed.deadLetterQueueUrls.map(async (url) => deadLetterDiagnosis(url, await probe.queue(url))),
    ),
  ),
  check(
    'subscriptions',
    ['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic', 'sns:GetSubscriptionAttributes'],
    subscriptions,
  ),
  check(
    'topic-policies',
    ['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic', 'sns:GetSubscriptionAttributes'],
    async ({ probe, deployed: { topics, account } }) => {
      const topic = topics['health'] === undefined ? undefined : await probe.topic(topics['health']);
      return topic === undefined ? [] : [alarmTopicDiagnosis(topic, account)];
    },
  ),
  check('sms-sandbox', ['sns:GetSMSSandboxAccountStatus'], async (doctor) => {
    const topics = await topicsOf(doctor);
    const hasNumbers = topics.some(({ subscriptions }) =>
      subscriptions.some(({ protocol }) => protocol === 'sms'),
    );
    return hasNumbers ? smsDiagnoses(topics, await doctor.probe.isInSmsSandbox()) : [];
  }),
  check('widget', ['lambda:InvokeFunction'], async ({ probe, deployed: { name } }) => [
    widgetDiagnosis(`${name}-open-alerts-widget`, await probe.mayInvoke(`${name}-open-alerts-widget`)),
  ]),
  check('concurrency', ['lambda:GetAccountSettings'], async ({ probe }) => [
    concurrencyDiagnosis(await probe.concurrency()),
  ]),
  check('log-groups', NEEDED_FOR_LOGS, async (doctor) => [
    ...doctor.deployed.functions.map(({ name, runtime }) => runtimeDiagnosis(name, runtime, doctor.now)),
    ...(await rotationFunctions(doctor)),
  ]),
  check('last-sweep', ['cloudwatch:GetMetricData'], async (doctor) => [
    sweepAgeDiagnosis(doctor.deployed, await newest(doctor, 'SweepHeartbeat', 14 * DAY), doctor.now),
  ]),
  check('last-event', ['cloudwatch:GetMetricData'], async (doctor) => {
    const received = await newest(doctor, 'EventsReceived', 14 * DAY);
    const missed = await newest(doctor, 'EventsMissed', DAY);
    return [eventAgeDiagnosis(doctor.deployed, { received, missed }, doctor.now)];
  }),
  check('last-audit', ['cloudwatch:GetMetricData'], async (doctor) =>
    auditAgeDiagnoses(doctor.deployed, await newest(doctor, 'AuditAge', 14 * DAY), doctor.now),
  ),
  check(
    'member-rules',
    [
      'lambda:ListEventSourceMappings',
      'events:ListEventBuses',
      'events:ListRuleNamesByTarget',
      'events:DescribeRule',
      'events:ListTargetsByRule',
      'events:TestEventPattern',
    ],
    memberRules,
  ),
  check('members', ['cloudwatch:GetMetricData'], async (doctor) =>
    doctor.deployed.hasMembers ? [memberDiagnosis(await newest(doctor, 'TargetsNotSwept', HOUR))] : [],
  ),
];

async function rules({ probe, deployed: { name } }: Doctor): Promise<readonly Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  for (const [handler, wanted] of Object.entries(WANTED_EVENTS)) {
    const [feed] = await probe.feeds(`${name}-${handler}`);
    const found = feed === undefined ? [] : await probe.rulesTo(feed.queueArn);
    for (const each of wanted)
      diagnoses.push(ruleDiagnosis(each, await judgedRules(probe, found, each), 'the queue of the monitor'));
  }
  return diagnoses;
}

/** The rules with how many of the wanted events each lets through, by EventBridge's own word. */
export const judgedRules = (
  probe: Pick<DeploymentProbe, 'matching'>,
  found: readonly EventRule[],
  { events }: WantedEvents,
): Promise<readonly JudgedRule[]> =>
  Promise.all(
    found.map(async (rule) => ({
      rule,
      matching: rule.pattern === undefined ? 0 : await probe.matching(rule.pattern, events),
    })),
  );

/** The rules of the bus that members send to: it is the one beside the default whose rules send to the queues. */
async function memberRules({ probe, deployed }: Doctor): Promise<readonly Diagnosis[]> {
  if (!deployed.hasMembers) return [];
  const buses = (await probe.buses()).filter(({ name }) => name !== 'default');
  const diagnoses: Diagnosis[] = [];
  for (const [handler, wanted] of Object.entries(WANTED_EVENTS)) {
    const [feed] = await probe.feeds(`${deployed.name}-${handler}`);
    const found = await Promise.all(
      buses.map(({ name }) => (feed === undefined ? [] : probe.rulesTo(feed.queueArn, name))),
    );
    for (const each of wanted) {
      const judged = await judgedRules(probe, found.flat(), each);
      const diagnosis = ruleDiagnosis(each, judged, 'the queue of the monitor');
      diagnoses.push({ ...diagnosis, check: 'member-rules' });
    }
  }
  return diagnoses;
}

async function queuePolicies({ probe, deployed: { name, account } }: Doctor): Promise<readonly Diagnosis[]> {
  const fed = await Promise.all(
    Object.keys(WANTED_EVENTS).map((handler) => probe.feeds(`${name}-${handler}`)),
  );
  const diagnoses = await Promise.all(
    fed.flat().map(async ({ queueArn }) => {
      const queue = await probe.queue(queueArn);
      return queue === undefined ? [] : queuePolicyDiagnoses(queue, await probe.rulesTo(queueArn), account);
    }),
  );
  return diagnoses.flat();
}

async function identityPolicies({ probe, deployed }: Doctor): Promise<readonly Diagnosis[]> {
  const needed = neededActions(deployed);
  const diagnoses = await Promise.all(
    deployed.functions.map(async ({ name, roleArn }) => {
      const own = needed.filter(({ handler }) => name === `${deployed.name}-${handler}`);
      const simulated = roleArn === undefined ? [] : await probe.simulate(roleArn, own);
      return own.map((each) =>
        identityDiagnosis(
          name,
          each,
          simulated?.find(({ action, resource }) => action === each.action && resource === each.resource),
        ),
      );
    }),
  );
  return diagnoses.flat();
}

async function subscriptions({ probe, deployed }: Doctor): Promise<readonly Diagnosis[]> {
  const diagnoses = await Promise.all(
    Object.entries(deployed.topics)
      .filter(([use]) => PEOPLE.includes(use))
      .map(async ([use, arn]) => subscriptionDiagnoses(use, arn, await probe.topic(arn))),
  );
  return diagnoses.flat();
}

/** The topics that people subscribe to; that of Slack has its queue. */
const PEOPLE: readonly string[] = ['alerts', 'escalations', 'health', 'amazon-q'];

async function topicsOf({ probe, deployed: { topics } }: Doctor): Promise<readonly DeployedTopic[]> {
  const found = await Promise.all(Object.values(topics).map((arn) => probe.topic(arn)));
  return found.filter((topic) => topic !== undefined);
}

/** Most rotation functions that are looked at. */
const MOST_FUNCTIONS = 200;
/** Handlers that are missing where they are not deployed. */
const ALWAYS_DEPLOYED = Object.keys(DEPLOYED_HANDLERS).filter((name) => DEPLOYED_HANDLERS[name] === 'always');

/** Whether the rotation functions may be invoked, their logs can be read, and their runtimes are supported. */
export async function rotationFunctions({
  probe,
  catalog,
  inspector,
  now,
}: Omit<Doctor, 'deployed'>): Promise<readonly Diagnosis[]> {
  const arns = new Map<string, Secret>();
  for await (const { secrets } of catalog.list()) {
    for (const secret of secrets) {
      const { rotationFunctionArn: arn } = secret;
      if (arn !== undefined && !arns.has(arn)) arns.set(arn, secret);
    }
    if (arns.size >= MOST_FUNCTIONS) break;
  }
  const diagnoses: Diagnosis[] = [];
  for (const [arn, secret] of arns) {
    const name = arn.split(':')[6] ?? arn;
    const configuration = await inspector.configuration(arn);
    // That a function is gone is what the alerts about its secrets say.
    if (configuration === undefined) continue;
    const group = configuration.logGroup ?? `/aws/lambda/${name}`;
    diagnoses.push(
      logGroupDiagnosis(name, configuration, await probe.logGroupExists(group)),
      runtimeDiagnosis(name, configuration.runtime, now),
      invokeDiagnosis(name, await invocability(inspector, arn, secret)),
    );
  }
  return diagnoses;
}

/** Whether Secrets Manager may invoke a function for one of its secrets; the error where its policy may not be read. */
async function invocability(
  inspector: Pick<FunctionInspector, 'grants'>,
  arn: string,
  secret: Secret,
): Promise<ReturnType<typeof mayInvoke> | FunctionInspectorError> {
  try {
    return mayInvoke(await inspector.grants(arn), secret);
  } catch (error) {
    if (error instanceof FunctionInspectorError && error.reason === 'denied') return error;
    throw error;
  }
}

const newest = ({ probe, deployed, now }: Doctor, metric: string, withinMs: number) =>
  probe.newest(deployed.metricsNamespace, metric, { from: later(now, -withinMs), until: now });
