import type { Diagnosis } from '../../domain/doctor/diagnosis.ts';
import { keyDiagnoses } from '../../domain/doctor/permissions.ts';
import { deadLetterDiagnosis, feedDiagnosis, queuePolicyDiagnoses } from '../../domain/doctor/queues.ts';
import { WANTED_EVENTS } from '../../domain/doctor/rules.ts';
import type { Check, Doctor } from './check.ts';

/** Functions that queues feed. */
const FED = ['on-rotation-event', 'on-label-updated', 'deliver', 'sweep-target'] as const;

/** Whether queues feed the functions. */
export const QUEUES_CHECK: Check<Doctor> = {
  name: 'queues',
  needs: ['lambda:ListEventSourceMappings'],
  run: ({ probe, deployed: { name } }) =>
    Promise.all(
      FED.map(async (handler) =>
        feedDiagnosis(`${name}-${handler}`, (await probe.feeds(`${name}-${handler}`))[0]),
      ),
    ),
};

/** Whether the rules may send to the queues. */
export const QUEUE_POLICIES_CHECK: Check<Doctor> = {
  name: 'queue-policies',
  needs: [
    'lambda:ListEventSourceMappings',
    'events:ListRuleNamesByTarget',
    'events:DescribeRule',
    'events:ListTargetsByRule',
    'sqs:GetQueueUrl',
    'sqs:GetQueueAttributes',
  ],
  run: queuePolicies,
};

/** Whether the services that write to the queues may use their key. */
export const KEY_POLICY_CHECK: Check<Doctor> = {
  name: 'key-policy',
  needs: ['sqs:GetQueueAttributes', 'kms:GetKeyPolicy'],
  run: async ({ probe, deployed: { deliveryQueueUrl, account } }) => {
    const keyId = (await probe.queue(deliveryQueueUrl))?.keyId;
    return keyId === undefined ? [] : keyDiagnoses(keyId, await probe.keyPolicy(keyId), account);
  },
};

/** Number of messages in the dead-letter queues. */
export const DEAD_LETTERS_CHECK: Check<Doctor> = {
  name: 'dead-letters',
  needs: ['sqs:GetQueueAttributes'],
  run: ({ probe, deployed }) =>
    Promise.all(
      deployed.deadLetterQueueUrls.map(async (url) => deadLetterDiagnosis(url, await probe.queue(url))),
    ),
};

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
