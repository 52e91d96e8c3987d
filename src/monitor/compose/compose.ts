import { parseRotationEvent } from '../adapters/eventbridge/parse-rotation-event.ts';
import type { Service } from '../application/service.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { applications } from './parts/applications.ts';
import { auditing, auditStarting } from './parts/auditing.ts';
import { canary } from './parts/canary.ts';
import { checking } from './parts/checking.ts';
import { eventQueues } from './parts/event-queues.ts';
import { health } from './parts/health.ts';
import { leases } from './parts/leases.ts';
import { people } from './parts/people.ts';
import { selfWatch } from './parts/self-watch.ts';
import { slack } from './parts/slack.ts';

export type { Service } from '../application/service.ts';
export type { Seams } from './joints/joints.ts';

/** Every part at once, for tests and benchmarks that do the work of several functions with one service. */
export function compose(config: Config, seams: Seams = {}): Service {
  const joints = join(config, seams);
  const service = { ...checking(joints), ...health(joints) };
  return {
    ...service,
    ...applications(joints),
    ...eventQueues(joints),
    ...leases(joints),
    ...selfWatch(joints),
    ...people(joints, service),
    ...slack(joints),
    ...canary(joints),
    ...auditing(joints),
    ...auditStarting(joints),
    parseEvent: parseRotationEvent,
  };
}
