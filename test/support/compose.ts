import { parseRotationEvent } from '../../src/monitor/adapters/eventbridge/parse-rotation-event.ts';
import type { Service } from '../../src/monitor/application/service.ts';
import { join, type Seams } from '../../src/monitor/compose/joints/joints.ts';
import { applications } from '../../src/monitor/compose/parts/applications.ts';
import { auditStarting } from '../../src/monitor/compose/parts/audit-starting.ts';
import { auditing } from '../../src/monitor/compose/parts/auditing.ts';
import { canary } from '../../src/monitor/compose/parts/canary.ts';
import { checking } from '../../src/monitor/compose/parts/checking.ts';
import { eventQueues } from '../../src/monitor/compose/parts/event-queues.ts';
import { health } from '../../src/monitor/compose/parts/health.ts';
import { leases } from '../../src/monitor/compose/parts/leases.ts';
import { people } from '../../src/monitor/compose/parts/people.ts';
import { selfWatch } from '../../src/monitor/compose/parts/self-watch.ts';
import { slack } from '../../src/monitor/compose/parts/slack.ts';
import type { Config } from '../../src/monitor/config/settings.ts';

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
