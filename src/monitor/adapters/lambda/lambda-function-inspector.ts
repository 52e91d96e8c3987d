import {
  type FunctionConfiguration as Answer,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  type LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import type { FunctionConfiguration } from '../../domain/examine/function-inspection.ts';
import { type FunctionInspector, FunctionInspectorError } from '../../ports/look/function-inspector.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';
import { readGrants } from './read-grants.ts';

/** Longest text taken from an answer. */
const LONGEST_TEXT = 128;

/**
 * Asks Lambda about rotation functions: GetFunctionConfiguration rather than GetFunction, which would also hand over
 * the code. What it tells of the environment is dropped at once.
 */
export const lambdaFunctionInspector = (client: LambdaClient): Omit<FunctionInspector, 'activity'> => ({
  async configuration(functionArn) {
    try {
      return translated(
        await client.send(new GetFunctionConfigurationCommand({ FunctionName: functionArn })),
      );
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw refused(functionArn, 'lambda:GetFunctionConfiguration', error);
    }
  },
  async grants(functionArn) {
    const policy = await client.send(new GetPolicyCommand({ FunctionName: functionArn })).then(
      (answer) => answer.Policy ?? '',
      (error: unknown) => {
        // A function without a policy; that it exists is known from its configuration.
        if (error instanceof ResourceNotFoundException) return '{"Statement":[]}';
        throw refused(functionArn, 'lambda:GetPolicy', error);
      },
    );
    const grants = readGrants(policy);
    if (grants !== undefined) return grants;
    throw new FunctionInspectorError(`Cannot inspect "${functionArn}": its policy cannot be read`, {
      reason: 'invalid',
      retryable: false,
    });
  },
  async reservedConcurrency(functionArn) {
    try {
      const FunctionName = unqualified(functionArn);
      const answer = await client.send(new GetFunctionConcurrencyCommand({ FunctionName }));
      return answer.ReservedConcurrentExecutions ?? 'none';
    } catch (error) {
      throw refused(functionArn, 'lambda:GetFunctionConcurrency', error);
    }
  },
});

const translated = (answer: Answer): FunctionConfiguration => ({
  state: text(answer.State),
  stateReasonCode: text(answer.StateReasonCode),
  runtime: text(answer.Runtime),
  timeoutSeconds: answer.Timeout,
  roleName: text(answer.Role?.split('/').at(-1)),
  logGroup: logGroup(answer.LoggingConfig?.LogGroup),
});

const text = (value: string | undefined): string | undefined => value?.slice(0, LONGEST_TEXT) || undefined;

/** A name that is cut or odd would lead nowhere. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html */
const logGroup = (name: string | undefined): string | undefined =>
  name !== undefined && /^[\w./#-]{1,512}$/.test(name) ? name : undefined;

/** Concurrency belongs to the function, not to its versions. */
const unqualified = (functionArn: string): string => functionArn.split(':').slice(0, 7).join(':');

function refused(functionArn: string, permission: string, error: unknown): FunctionInspectorError {
  const failure = failureOf(error);
  const needs = failure.reason === 'denied' ? `, needs ${permission}` : '';
  return new FunctionInspectorError(`Cannot inspect "${functionArn}": ${describeFailure(error)}${needs}`, {
    ...failure,
    cause: error,
  });
}
