import { parseRotationEvent } from './adapters/eventbridge/parse-rotation-event.ts';
import type { Service } from './application/service.ts';
import { join, type Seams } from './compose/joints.ts';
import { applications } from './compose/parts/applications.ts';
import { canary } from './compose/parts/canary.ts';
import { checking } from './compose/parts/checking.ts';
import { health } from './compose/parts/health.ts';
import { leases } from './compose/parts/leases.ts';
import { people } from './compose/parts/people.ts';
import { selfWatch } from './compose/parts/self-watch.ts';
import { slack } from './compose/parts/slack.ts';
import type { Config } from './config/settings.ts';

export type { Service } from './application/service.ts';
export type { Seams } from './compose/joints.ts';

/** Every part at once, for whoever runs all functions in one process: the drill, tests and chaos. */
export function compose(config: Config, seams: Seams = {}): Service {
  const joints = join(config, seams);
  const service = { ...checking(joints), ...health(joints) };
  return {
    ...service,
    ...applications(joints),
    ...leases(joints),
    ...selfWatch(joints),
    ...people(joints, service),
    ...slack(joints),
    ...canary(joints),
    parseEvent: parseRotationEvent,
  };
}
