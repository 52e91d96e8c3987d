import type { RoleStatement } from '../../../scripts/template/statements.ts';
import type { CallLog } from '../../../src/simulator/call-log.ts';

/** Names of services in the call log that IAM calls otherwise. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/**
 * The IAM actions of what a role has called. SQS allows batches by the action for one message.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 */
export const actionsCalled = (callLog: CallLog, role: string): readonly string[] =>
  Object.keys(callLog.counts(role)).map((call) => {
    const [service = '', operation = ''] = call.split(':');
    return `${PREFIXES[service] ?? service}:${service === 'sqs' ? operation.replace(/Batch$/, '') : operation}`;
  });

/** The actions that a role may take. */
export const actionsAllowed = (statements: readonly RoleStatement[], role: string): readonly string[] =>
  statements
    .filter((each) => each.role === role && each.effect === 'Allow')
    .flatMap(({ actions }) => actions);
