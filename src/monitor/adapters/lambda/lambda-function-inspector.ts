import {
  type FunctionConfiguration as Answer,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  type LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import type { FunctionConfiguration } from '../../domain/examine/function-inspection.ts';
import type { InvokeGrant } from '../../domain/examine/invoke-grant.ts';
import { type FunctionInspector, FunctionInspectorError } from '../../ports/look/function-inspector.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Longest text taken from an answer. */
const LONGEST_TEXT = 128;

/**
 * Asks Lambda about rotation functions: GetFunctionConfiguration rather than GetFunction, which would also hand over
 * the code. The environment in its answer is dropped at once.
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

type Json = Readonly<Record<string, unknown>>;

/** Name of Secrets Manager as a principal in policies. */
const ROTATOR = 'secretsmanager.amazonaws.com';

/** Condition operators that hold when one of the values fits, wildcards counted. */
const FITTING = /^(ForAnyValue:)?(String(Equals|Like|EqualsIgnoreCase)|Arn(Equals|Like))(IfExists)?$/;

/**
 * Returns the statements of a resource policy that let Secrets Manager invoke the function; undefined when the text is
 * no policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function readGrants(policy: string): readonly InvokeGrant[] | undefined {
  const document = parsed(policy);
  const statements = isRecord(document) ? document['Statement'] : undefined;
  if (statements === undefined) return undefined;
  return listOf(statements).flatMap((statement) => (isRecord(statement) ? (grantOf(statement) ?? []) : []));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Undefined for a statement about somebody or something else. */
function grantOf(statement: Json): InvokeGrant | undefined {
  const inverted = statement['NotPrincipal'] !== undefined || statement['NotAction'] !== undefined;
  if (!inverted && !(namesRotator(statement['Principal']) && namesInvoke(statement['Action'])))
    return undefined;
  const conditions = conditionsOf(statement['Condition']);
  return {
    effect: statement['Effect'] === 'Deny' ? 'deny' : 'allow',
    sourceAccounts: valuesOf(conditions, 'aws:sourceaccount'),
    sourceArns: valuesOf(conditions, 'aws:sourcearn'),
    isConditional: inverted || conditions.some((condition) => !isUnderstood(condition)),
  };
}

function namesRotator(principal: unknown): boolean {
  if (principal === '*') return true;
  if (!isRecord(principal)) return false;
  return listOf(principal['Service']).includes(ROTATOR) || listOf(principal['AWS']).includes('*');
}

/** Actions may carry wildcards anywhere; those that people write for functions are these. */
const namesInvoke = (action: unknown): boolean =>
  listOf(action).some(
    (name) => typeof name === 'string' && /^(\*|lambda:(\*|Invoke\*|InvokeFunction|InvokeF\*))$/i.test(name),
  );

interface Condition {
  readonly operator: string;
  /** In lower case: keys do not depend on case. */
  readonly key: string;
  readonly values: readonly unknown[];
}

const conditionsOf = (block: unknown): readonly Condition[] =>
  entriesOf(block).flatMap(([operator, wanted]) =>
    entriesOf(wanted).map(([key, values]) => ({ operator, key: key.toLowerCase(), values: listOf(values) })),
  );

const isUnderstood = ({ operator, key, values }: Condition): boolean =>
  FITTING.test(operator) &&
  (key === 'aws:sourceaccount' || key === 'aws:sourcearn') &&
  values.every((value) => typeof value === 'string');

/** The values that a key may have; undefined when any will do. */
function valuesOf(conditions: readonly Condition[], key: string): readonly string[] | undefined {
  const understood = conditions.filter((condition) => condition.key === key && isUnderstood(condition));
  if (understood.length === 0) return undefined;
  return understood.flatMap(({ values }) => values.map(String));
}

const listOf = (value: unknown): readonly unknown[] => {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
};

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  isRecord(value) ? Object.entries(value) : [];

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
