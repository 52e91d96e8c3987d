export {
  type Agent,
  type AgentOptions,
  type AgentStats,
  type Availability,
  secretsManagerAgent,
} from './agent/agent.ts';
export type { AgentMetricsOptions, EmfDocument } from './agent/agent-metrics.ts';
