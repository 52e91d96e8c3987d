import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  type CreateScheduleCommandOutput,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { SECOND } from '../../../../src/calendar/instant.ts';
import { clientOf, type OpenAccount, openAccount, START } from '../open-account.ts';

/** The role that schedules of these tests run with. */
export const RoleArn = 'arn:aws:iam::111122223333:role/scheduler';
/** The function that schedules of these tests invoke. */
export const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:f';

/** The simulator's scheduler, as {@link openScheduler} opens it. */
interface OpenScheduler extends OpenAccount {
  readonly client: SchedulerClient;
  create(given?: Partial<CreateScheduleCommandInput>): Promise<CreateScheduleCommandOutput>;
  readonly seen: readonly { readonly second: number; readonly event: unknown }[];
}

/** An account, a client of its Scheduler, and what the function `f` was invoked with, at which second after START. */
export function openScheduler(): OpenScheduler {
  const account = openAccount();
  const seen: { readonly second: number; readonly event: unknown }[] = [];
  account.functions.register('f', (event) => {
    seen.push({ second: (account.clock.now() - START) / SECOND, event });
  });
  const client = new SchedulerClient(clientOf(account));
  const create = (given: Partial<CreateScheduleCommandInput> = {}) =>
    client.send(new CreateScheduleCommand({ ...schedule(given), ...given }));
  return { ...account, client, create, seen };
}

/** A schedule that runs every five minutes, unless given otherwise. */
export const schedule = (given: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
  Name: 's',
  ScheduleExpression: 'rate(5 minutes)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: FUNCTION, RoleArn },
  ...given,
});
