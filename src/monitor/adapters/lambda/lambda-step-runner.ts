import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import {
  type FunctionCode,
  type StepAnswer,
  type StepRunner,
  StepRunnerError,
} from '../../ports/repair/step-runner.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Longest name of an error that is shown. */
const LONGEST_NAME = 64;

/**
 * Invokes rotation functions as Secrets Manager does. The clients have to try a call once only, and to wait for longer
 * than a function may run: a second invocation beside the first could undo it.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets_turn-on-for-other.html
 */
export const lambdaStepRunner = (client: LambdaClient): StepRunner => ({
  async code(functionArn) {
    try {
      const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName: functionArn }));
      return {
        codeSha256: found.CodeSha256,
        isUpdating: found.LastUpdateStatus === 'InProgress' || found.State === 'Pending',
        isWeighted: await isWeighted(client, functionArn),
      } satisfies FunctionCode;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      if (error instanceof StepRunnerError) throw error;
      throw refused(functionArn, 'lambda:GetFunctionConfiguration', error);
    }
  },
  async run({ functionArn, step, secretArn, versionId }) {
    const request = { Step: step, SecretId: secretArn, ClientRequestToken: versionId };
    const command = new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(request) });
    try {
      const { FunctionError, Payload } = await client.send(command);
      return answerOf(FunctionError, Payload);
    } catch (error) {
      throw refused(functionArn, 'lambda:InvokeFunction', error);
    }
  },
});

/** Only an alias can have weights; versions are numbers. https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html */
async function isWeighted(client: LambdaClient, functionArn: string): Promise<boolean> {
  const qualifier = functionArn.split(':')[7];
  if (qualifier === undefined || /^(\d+|\$LATEST)$/.test(qualifier)) return false;
  const FunctionName = functionArn.split(':').slice(0, 7).join(':');
  try {
    const { RoutingConfig } = await client.send(new GetAliasCommand({ FunctionName, Name: qualifier }));
    return Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0;
  } catch (error) {
    throw refused(functionArn, 'lambda:GetAlias', error);
  }
}

/** A runtime may catch what the code throws and answer with an error as its result: both count. */
function answerOf(functionError: string | undefined, payload: Uint8Array | undefined): StepAnswer {
  const errorType = errorTypeIn(payload);
  return functionError === undefined && errorType === undefined
    ? { kind: 'succeeded' }
    : { kind: 'failed', errorType: errorType ?? functionError ?? 'unknown' };
}

function errorTypeIn(payload: Uint8Array | undefined): string | undefined {
  const text = payload === undefined ? '' : new TextDecoder().decode(payload);
  const [, name] = /^\s*\{[\s\S]*"errorType"\s*:\s*"([\w.$]{1,256})"/.exec(text) ?? [];
  return name?.slice(0, LONGEST_NAME);
}

function refused(functionArn: string, permission: string, error: unknown): StepRunnerError {
  const failure = failureOf(error);
  const needs = failure.reason === 'denied' ? `, needs ${permission}` : '';
  return new StepRunnerError(`Cannot call "${functionArn}": ${describeFailure(error)}${needs}`, {
    ...failure,
    cause: error,
  });
}
