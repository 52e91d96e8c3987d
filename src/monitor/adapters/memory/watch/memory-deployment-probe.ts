import type {
  DeployedQueue,
  DeployedTopic,
  EventRule,
  QueueFeed,
  Trail,
} from '../../../domain/doctor/deployed.ts';
import type { DeploymentProbe } from '../../../ports/watch/deployment-probe.ts';

/** A deployment in memory; parts that are left out are missing from it. */
export interface MemoryDeployment {
  readonly trails?: readonly Trail[];
  readonly dataStores?: readonly string[];
  /** By name of the function. */
  readonly feeds?: Readonly<Record<string, readonly QueueFeed[]>>;
  readonly rules?: readonly EventRule[];
  readonly queues?: readonly DeployedQueue[];
  readonly topics?: readonly DeployedTopic[];
  readonly logGroups?: readonly string[];
}

/** A deployment in memory, whose roles may do everything and whose metrics are empty. */
export const memoryDeploymentProbe = (deployment: MemoryDeployment = {}): DeploymentProbe => {
  const { trails = [], dataStores = [], feeds = {}, rules = [], queues = [], topics = [] } = deployment;
  return {
    trails: async () => trails,
    eventDataStores: async () => dataStores,
    feeds: async (functionName) => feeds[functionName] ?? [],
    rules: async () => rules,
    buses: async () => [{ name: 'default', arn: 'arn:aws:events:eu-west-1:111122223333:event-bus/default' }],
    rulesTo: async (wanted) => rules.filter(({ targets }) => targets.some(({ arn }) => arn === wanted)),
    matching: async (_pattern, events) => events.length,
    queue: async (urlOrArn) => queues.find(({ arn }) => nameIn(arn, ':') === nameIn(urlOrArn, /[:/]/)),
    topic: async (wanted) => topics.find(({ arn }) => arn === wanted),
    keyPolicy: async () => undefined,
    concurrency: async () => ({ limit: 1_000, unreserved: 1_000 }),
    mayInvoke: async () => true,
    logGroupExists: async (name) => deployment.logGroups?.includes(name) === true,
    simulate: async (_roleArn, asked) =>
      asked.map((each) => ({ ...each, decision: 'allowed', missingKeys: [] })),
    isInSmsSandbox: async () => false,
    newest: async () => undefined,
  };
};

const nameIn = (address: string, separator: string | RegExp): string => address.split(separator).at(-1) ?? '';
