import { DAY, HOUR, type Instant, later } from '../../../calendar/instant.ts';
import {
  auditAgeDiagnoses,
  eventAgeDiagnosis,
  memberDiagnosis,
  sweepAgeDiagnosis,
} from '../../domain/doctor/ages.ts';
import type { Deployed, DeployedTopic } from '../../domain/doctor/deployed.ts';
import { DEPLOYED_HANDLERS } from '../../domain/doctor/deployed-handlers.ts';
import type { Diagnosis } from '../../domain/doctor/diagnosis.ts';
import {
  concurrencyDiagnosis,
  functionDiagnoses,
  logGroupDiagnosis,
  runtimeDiagnosis,
  widgetDiagnosis,
} from '../../domain/doctor/functions.ts';
import { identityDiagnosis, keyDiagnoses, neededActions } from '../../domain/doctor/permissions.ts';
import { deadLetterDiagnosis, feedDiagnosis, queuePolicyDiagnoses } from '../../domain/doctor/queues.ts';
import { ruleDiagnosis, WANTED_EVENTS } from '../../domain/doctor/rules.ts';
import { alarmTopicDiagnosis, smsDiagnoses, subscriptionDiagnoses } from '../../domain/doctor/topics.ts';
import { trailDiagnoses } from '../../domain/doctor/trails.ts';
import type { FunctionInspector } from '../../ports/look/function-inspector.ts';
import type { SecretCatalog } from '../../ports/look/secret-catalog.ts';
import type { DeploymentProbe } from '../../ports/watch/deployment-probe.ts';

/** The ports by which checks examine a deployment. */
export interface Doctor {
  readonly probe: DeploymentProbe;
  /** The secrets, for the rotation functions that they name. */
  readonly catalog: Pick<SecretCatalog, 'list'>;
  readonly inspector: Pick<FunctionInspector, 'configuration'>;
  readonly deployed: Deployed;
  readonly now: Instant;
}

/** One check of the doctor. */
export interface Check {
  /** Name of the deployment in its diagnoses. */
  readonly name: string;
  /** The permissions that it takes. */
  readonly needs: readonly string[];
  run(doctor: Doctor): Promise<readonly Diagnosis[]>;
}

/** Functions that queues feed. */
const FED = ['on-rotation-event', 'on-label-updated', 'deliver', 'sweep-target'] as const;

const check = (name: string, needs: readonly string[], run: Check['run']): Check => ({ name, needs, run });

/** Everything that is looked at, in the order in which an event would meet it. */
export const CHECKS: readonly Check[] = [
  check(
    'trail',
    [
      'cloudtrail:DescribeTrails',
      'cloudtrail:GetTrailStatus',
      'cloudtrail:GetEventSelectors',
      'cloudtrail:ListEventDataStores',
    ],
    async ({ probe }) => trailDiagnoses(await probe.trails(), await probe.eventDataStores()),
  ),
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
  check(
    'log-groups',
    ['secretsmanager:ListSecrets', 'lambda:GetFunctionConfiguration', 'logs:DescribeLogGroups'],
    rotationFunctions,
  ),
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
  check('members', ['cloudwatch:GetMetricData'], async (doctor) =>
    doctor.deployed.hasMembers ? [memberDiagnosis(await newest(doctor, 'TargetsNotSwept', HOUR))] : [],
  ),
];

async function rules({ probe, deployed: { name } }: Doctor): Promise<readonly Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  for (const [handler, wanted] of Object.entries(WANTED_EVENTS)) {
    const [feed] = await probe.feeds(`${name}-${handler}`);
    const found = feed === undefined ? [] : await probe.rulesTo(feed.queueArn);
    for (const each of wanted) {
      const judged = await Promise.all(
        found.map(async (rule) => ({
          rule,
          matching: rule.pattern === undefined ? 0 : await probe.matching(rule.pattern, each.events),
        })),
      );
      diagnoses.push(ruleDiagnosis(each, judged));
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
          simulated.find(({ action, resource }) => action === each.action && resource === each.resource),
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

async function rotationFunctions({
  probe,
  catalog,
  inspector,
  deployed,
  now,
}: Doctor): Promise<readonly Diagnosis[]> {
  const arns = new Set<string>();
  for await (const { secrets } of catalog.list()) {
    for (const { rotationFunctionArn } of secrets)
      if (rotationFunctionArn !== undefined) arns.add(rotationFunctionArn);
    if (arns.size >= MOST_FUNCTIONS) break;
  }
  const diagnoses: Diagnosis[] = deployed.functions.map(({ name, runtime }) =>
    runtimeDiagnosis(name, runtime, now),
  );
  for (const arn of arns) {
    const name = arn.split(':')[6] ?? arn;
    const configuration = await inspector.configuration(arn);
    // That a function is gone is what the alerts about its secrets say.
    if (configuration === undefined) continue;
    const group = configuration.logGroup ?? `/aws/lambda/${name}`;
    diagnoses.push(
      logGroupDiagnosis(name, configuration, await probe.logGroupExists(group)),
      runtimeDiagnosis(name, configuration.runtime, now),
    );
  }
  return diagnoses;
}

const newest = ({ probe, deployed, now }: Doctor, metric: string, withinMs: number) =>
  probe.newest(deployed.metricsNamespace, metric, { from: later(now, -withinMs), until: now });
