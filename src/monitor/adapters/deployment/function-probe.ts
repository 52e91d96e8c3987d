import {
  GetAccountSettingsCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type LambdaClient,
  paginateListEventSourceMappings,
  paginateListFunctions,
} from '@aws-sdk/client-lambda';
import type { DeployedFunction, QueueFeed } from '../../domain/doctor/deployed.ts';
import type { DeploymentProbe } from '../../ports/watch/deployment-probe.ts';
import { isForbidden } from '../aws/failure-of.ts';
import { probing, probingFor } from './probing.ts';

/** Looks at functions and at what feeds them. */
export const functionProbe = (
  client: LambdaClient,
): Pick<DeploymentProbe, 'feeds' | 'concurrency' | 'mayInvoke'> => ({
  feeds: (FunctionName) =>
    probing(`look at what feeds "${FunctionName}"`, async () => {
      const feeds: QueueFeed[] = [];
      for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings(
        { client },
        { FunctionName },
      ))
        for (const { EventSourceArn, State = '' } of EventSourceMappings)
          if (EventSourceArn !== undefined)
            feeds.push({ queueArn: EventSourceArn, isEnabled: !OFF.test(State) });
      return feeds;
    }),
  concurrency: () =>
    probing('read the concurrency of the account', async () => {
      const { AccountLimit = {} } = await client.send(new GetAccountSettingsCommand({}));
      const { ConcurrentExecutions: limit = 0, UnreservedConcurrentExecutions: unreserved = limit } =
        AccountLimit;
      return { limit, unreserved };
    }),
  mayInvoke: (FunctionName) =>
    probing(`ask whether "${FunctionName}" may be invoked`, () =>
      client.send(new InvokeCommand({ FunctionName, InvocationType: 'DryRun' })).then(
        () => true,
        (error: unknown) => {
          if (isForbidden(error)) return false;
          throw error;
        },
      ),
    ),
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html */
const OFF = /^(Disabl|Delet)/;

/** Returns the common beginning of each monitor's function names, for those whose sweep is named after the stack. */
export const namesOfMonitors = (client: LambdaClient, stackName: string): Promise<readonly string[]> =>
  probing('list the functions', async () => {
    const names: string[] = [];
    for await (const { Functions = [] } of paginateListFunctions({ client }, {}))
      for (const { FunctionName = '' } of Functions)
        if (FunctionName.startsWith(`${stackName}-`) && FunctionName.endsWith(SWEEP))
          names.push(FunctionName.slice(0, -SWEEP.length));
    return names;
  });

const SWEEP = '-sweep';

/** A function of a monitor with its settings; undefined when there is none of this name. */
export const deployedFunction = (
  client: LambdaClient,
  FunctionName: string,
): Promise<(DeployedFunction & { readonly environment: Readonly<Record<string, string>> }) | undefined> =>
  probingFor(`look at the function "${FunctionName}"`, async () => {
    const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return {
      name: FunctionName,
      arn: found.FunctionArn ?? '',
      roleArn: found.Role,
      runtime: found.Runtime,
      state: found.State,
      lastUpdateStatus: found.LastUpdateStatus,
      environment: found.Environment?.Variables ?? {},
    };
  });
