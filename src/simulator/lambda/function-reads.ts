import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Operation } from '../call/service.ts';
import type { FunctionResource } from './function-resources.ts';

/** Finds a function; fails as Lambda does when there is none. */
export type FindFunction = (nameOrArn: string) => FunctionResource;

const naming = z.object({ FunctionName: z.string().min(1) });

/** The name of the function that an input is about. */
export const functionNameIn: Reader<string> = (input) => readInput(naming, input).FunctionName;

type Reader<T> = (input: Parameters<Operation>[0]) => T;

/** The operations that describe a function. */
export function readingOperations(find: FindFunction): Record<string, Operation> {
  return {
    GetFunctionConfiguration: (input) => shownConfiguration(find(functionNameIn(input))),
    GetFunction: (input) => {
      const found = find(functionNameIn(input));
      return {
        Configuration: shownConfiguration(found),
        Code: {
          RepositoryType: 'S3',
          Location: `https://awslambda-code.s3.amazonaws.com/snapshots/${found.name}?X-Amz-Signature=simulated`,
        },
        ...(found.reservedConcurrency !== undefined && { Concurrency: shownConcurrency(found) }),
      };
    },
    GetFunctionConcurrency: (input) => {
      const found = find(functionNameIn(input));
      return found.reservedConcurrency === undefined ? {} : shownConcurrency(found);
    },
    GetPolicy: (input) => {
      const { policy } = find(functionNameIn(input));
      if (policy.length === 0) throw noPolicy();
      const document = { Version: '2012-10-17', Id: 'default', Statement: policy };
      return { Policy: JSON.stringify(document), RevisionId: '00000000-0000-4000-8000-000000000000' };
    },
  };
}

/** Returns Lambda's error for a function without a policy, or a statement that does not exist. */
export const noPolicy = (): AwsError =>
  new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);

/** The configuration of a function as Lambda shows it. */
export const shownConfiguration = ({
  name,
  arn,
  environment,
  timeoutSeconds,
  lastModifiedAt,
  stateReasonCode,
  ...rest
}: FunctionResource): object => ({
  FunctionName: name,
  FunctionArn: arn,
  Runtime: rest.runtime,
  Role: rest.role,
  Handler: 'index.handler',
  PackageType: 'Zip',
  Timeout: timeoutSeconds,
  MemorySize: 128,
  LastModified: new Date(lastModifiedAt).toISOString().replace('Z', '+0000'),
  CodeSha256: rest.codeSha256,
  Version: '$LATEST',
  State: rest.state,
  ...(stateReasonCode !== undefined && { StateReasonCode: stateReasonCode }),
  LastUpdateStatus: 'Successful',
  LoggingConfig: { LogFormat: 'Text', LogGroup: rest.logGroup },
  ...(Object.keys(environment).length > 0 && { Environment: { Variables: environment } }),
});

/** Reserved concurrency as Lambda shows it. */
export const shownConcurrency = ({ reservedConcurrency }: FunctionResource): object => ({
  ReservedConcurrentExecutions: reservedConcurrency,
});
