export {
  type Agent,
  type AgentOptions,
  type AgentStats,
  secretsManagerAgent,
} from './agent/agent.ts';
export type { AgentMetricsOptions, Availability, EmfDocument } from './agent/agent-metrics.ts';
