import { parseRotationEvent } from '../adapters/eventbridge/parse-rotation-event.ts';
import type { SweepingOnRequest } from '../application/sweep/sweep-on-request.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { applications } from './parts/applications.ts';
import { checking } from './parts/checking.ts';
import { leases } from './parts/leases.ts';

/** Composes the service of `sweep-target`. */
export function composeSweepTarget(config: Config, seams?: Seams): SweepingOnRequest {
  const joints = join(config, seams);
  return {
    ...checking(joints),
    ...applications(joints),
    ...leases(joints),
    parseEvent: parseRotationEvent,
  };
}
