import type { DeployedQueue, EventRule, QueueFeed } from './deployed.ts';
import { type Diagnosis, diagnosing } from './diagnosis.ts';
import { admission } from './resource-policy.ts';

const feeds = diagnosing('queues');
const letters = diagnosing('dead-letters');
const policies = diagnosing('queue-policies');

const REDEPLOY = 'Deploy the stack again.';

/** Whether the queue of a function is there and feeds it. */
export function feedDiagnosis(functionName: string, feed: QueueFeed | undefined): Diagnosis {
  if (feed === undefined) return feeds.fail(functionName, 'No queue feeds the function.', REDEPLOY);
  return feed.isEnabled
    ? feeds.ok(functionName, 'Its queue feeds the function.')
    : feeds.fail(
        functionName,
        'Its queue does not feed the function: the mapping is disabled.',
        `Enable it: aws lambda list-event-source-mappings --function-name ${functionName}, then aws lambda update-event-source-mapping --enabled`,
      );
}

/** Whether nothing lies in a queue of what could not be done. */
export function deadLetterDiagnosis(url: string, queue: DeployedQueue | undefined): Diagnosis {
  if (queue === undefined) return letters.fail(url, 'The queue does not exist.', REDEPLOY);
  const { arn, messages } = queue;
  return messages === 0
    ? letters.ok(arn, 'The dead-letter queue is empty.')
    : letters.fail(
        arn,
        `Messages that could not be handled: ${messages}.`,
        'Read why in the log of the function, then let the next sweep try them again; docs/runbooks/alarms.md says how.',
      );
}

/** Whether the rules may send to the queue that they name. */
export function queuePolicyDiagnoses(
  queue: DeployedQueue,
  rules: readonly EventRule[],
  account: string,
): readonly Diagnosis[] {
  return rules.map(({ arn, name }) => {
    const answers = {
      yes: policies.ok(queue.arn, `The rule ${name} may send to the queue.`),
      no: policies.fail(queue.arn, `The policy of the queue does not let the rule ${name} send.`, REDEPLOY),
      unknown: policies.unknown(
        queue.arn,
        `The policy of the queue hangs on conditions that are not understood for the rule ${name}.`,
        'Read the policy, and compare it with that of the template.',
      ),
    };
    const request = { service: 'events.amazonaws.com', action: 'sqs:SendMessage', sourceArn: arn, account };
    return answers[admission(queue.policy, request)];
  });
}
