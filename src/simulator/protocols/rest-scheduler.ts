import { AwsError } from '../call/aws-error.ts';
import type { Input } from '../call/service.ts';
import { encodeJson, parseJson } from './json.ts';
import type { Exchange, Protocol, WireRequest, WireResponse } from './wire.ts';

const RESOURCE = /^\/(schedules|schedule-groups)(?:\/([^/]+))?\/?$/;

/** Operations by method, resource, and whether one is named. */
const OPERATIONS: Readonly<Record<string, string>> = {
  'POST schedules named': 'CreateSchedule',
  'GET schedules named': 'GetSchedule',
  'PUT schedules named': 'UpdateSchedule',
  'DELETE schedules named': 'DeleteSchedule',
  'GET schedules': 'ListSchedules',
  'POST schedule-groups named': 'CreateScheduleGroup',
  'GET schedule-groups named': 'GetScheduleGroup',
  'DELETE schedule-groups named': 'DeleteScheduleGroup',
  'GET schedule-groups': 'ListScheduleGroups',
};

/** Members that the query string calls otherwise. */
const QUERY_NAMES: Readonly<Record<string, string>> = {
  groupName: 'GroupName',
  ScheduleGroup: 'GroupName',
  clientToken: 'ClientToken',
};

/**
 * EventBridge Scheduler's REST protocol: JSON in and out, names in the path.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
 */
export const restSchedulerProtocol: Protocol = (request, exchange) => {
  const [, resource, name] = RESOURCE.exec(request.path) ?? [];
  const operation = OPERATIONS[`${request.method} ${resource}${name === undefined ? '' : ' named'}`];
  return operation === undefined ? undefined : answer({ operation, name, request }, exchange);
};

interface Asked {
  readonly operation: string;
  readonly name: string | undefined;
  readonly request: WireRequest;
}

async function answer({ operation, name, request }: Asked, exchange: Exchange): Promise<WireResponse> {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': exchange.requestId() };
  const { role, body } = request;
  try {
    const input: Input = {
      ...parseJson(body),
      ...queryMembers(request.query),
      ...(name === undefined ? {} : { Name: decodeURIComponent(name) }),
    };
    const output = await exchange.dispatch({ service: 'scheduler', operation, input, role });
    return { status: 200, headers, body: encodeJson(output ?? {}) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const text = JSON.stringify({ Message: error.message });
    return { status: error.status, headers: { ...headers, 'x-amzn-errortype': error.code }, body: text };
  }
}

const queryMembers = (query: WireRequest['query']): Input =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [QUERY_NAMES[name] ?? name, value]));
