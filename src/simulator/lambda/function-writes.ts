import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Input, Operation } from '../call/service.ts';
import {
  type FindFunction,
  functionNameIn,
  noPolicy,
  shownConcurrency,
  shownConfiguration,
} from './function-reads.ts';
import { codeHash, type FunctionResource, type FunctionResources } from './function-resources.ts';
import type { PolicyStatement } from './resource-policy.ts';

const configuring = z.object({
  Runtime: z.string().min(1).optional(),
  Timeout: z.number().int().min(1).max(900).optional(),
  Role: z.string().min(1).optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
  LoggingConfig: z.object({ LogGroup: z.string().min(1).max(512).optional() }).optional(),
});
const reserving = z.object({ ReservedConcurrentExecutions: z.number().int().min(0) });
const permitting = z.object({
  StatementId: z.string().regex(/^[\w-]{1,100}$/),
  Action: z.string().min(1),
  Principal: z.string().min(1),
  SourceAccount: z.string().optional(),
  SourceArn: z.string().optional(),
});
const revoking = z.object({ StatementId: z.string().min(1) });

/** The operations that change a function. What its code does is registered, not uploaded. */
export function writingOperations(
  resources: FunctionResources,
  find: FindFunction,
): Record<string, Operation> {
  const change = (input: Input, given: Parameters<FunctionResources['deploy']>[1]): FunctionResource =>
    resources.deploy(find(functionNameIn(input)).arn, given);
  return {
    UpdateFunctionCode: (input, { now, requestId }) =>
      shownConfiguration(change(input, { codeSha256: codeHash(requestId), lastModifiedAt: now })),
    UpdateFunctionConfiguration: (input, { now }) => {
      const { Runtime, Timeout, Role, Environment, LoggingConfig } = readInput(configuring, input, invalid);
      const given = {
        ...(Runtime !== undefined && { runtime: Runtime }),
        ...(Timeout !== undefined && { timeoutSeconds: Timeout }),
        ...(Role !== undefined && { role: Role }),
        ...(Environment !== undefined && { environment: Environment.Variables }),
        ...(LoggingConfig?.LogGroup !== undefined && { logGroup: LoggingConfig.LogGroup }),
      };
      return shownConfiguration(change(input, { ...given, lastModifiedAt: now }));
    },
    PutFunctionConcurrency: (input) => {
      const { ReservedConcurrentExecutions } = readInput(reserving, input, invalid);
      const found = find(functionNameIn(input));
      const grows = ReservedConcurrentExecutions > (found.reservedConcurrency ?? 0);
      const left = resources.unreservedWithout(found.arn) - ReservedConcurrentExecutions;
      if (grows && left < LEAST_UNRESERVED) {
        throw tooMuchReserved();
      }
      return shownConcurrency(change(input, { reservedConcurrency: ReservedConcurrentExecutions }));
    },
    DeleteFunctionConcurrency: (input) => void change(input, { reservedConcurrency: undefined }),
    AddPermission: (input) => {
      const found = find(functionNameIn(input));
      const statement = statementOf(found, input);
      resources.deploy(found.arn, { policy: [...found.policy, statement] });
      return { Statement: JSON.stringify(statement) };
    },
    RemovePermission: (input) => {
      const found = find(functionNameIn(input));
      const { StatementId } = readInput(revoking, input, invalid);
      const policy = found.policy.filter(({ Sid }) => Sid !== StatementId);
      if (policy.length === found.policy.length) throw noPolicy();
      resources.deploy(found.arn, { policy });
    },
    DeleteFunction: (input) => resources.remove(find(functionNameIn(input)).arn),
  };
}

/**
 * Least concurrency that an account must leave to functions without a reservation.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const LEAST_UNRESERVED = 100;

const tooMuchReserved = (): AwsError =>
  new AwsError(
    'InvalidParameterValueException',
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${LEAST_UNRESERVED}].`,
  );

const invalid = (member: string, reason: string): AwsError =>
  new AwsError('InvalidParameterValueException', `${member}: ${reason}`);

function statementOf({ arn, policy }: FunctionResource, input: Input): PolicyStatement {
  const { StatementId, Action, Principal, SourceAccount, SourceArn } = readInput(permitting, input, invalid);
  if (policy.some(({ Sid }) => Sid === StatementId)) {
    throw new AwsError(
      'ResourceConflictException',
      `The statement id (${StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      409,
    );
  }
  const Condition = {
    ...(SourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
    ...(SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
  };
  return {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: principalOf(Principal),
    Action,
    Resource: arn,
    ...(Object.keys(Condition).length > 0 && { Condition }),
  };
}

function principalOf(principal: string): PolicyStatement['Principal'] {
  if (principal === '*') return '*';
  return principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal };
}
