export type { Lazy } from './aws/lazy-client.ts';
export type { InvalidationEvent, RefreshableAgent } from './invalidation/follower.ts';
export type { LeaseOptions } from './invalidation/leases.ts';
export {
  type ListenerStats,
  type ListenOptions,
  listenForRotations,
  type RotationListener,
} from './invalidation/listener.ts';
export { type Move, parseMove } from './invalidation/move.ts';
export { type PollingOptions, PollingSecretCache } from './invalidation/polling-cache.ts';
