import { parseRotationEvent } from '../adapters/eventbridge/parse-rotation-event.ts';
import type { Sweeping } from '../application/sweep/sweep-secrets.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { applications } from './parts/applications.ts';
import { auditStarting } from './parts/audit-starting.ts';
import { checking } from './parts/checking.ts';
import { health } from './parts/health.ts';
import { leases } from './parts/leases.ts';
import { selfWatch } from './parts/self-watch.ts';

/** Composes the service of `sweep`. */
export function composeSweep(config: Config, seams?: Seams): Sweeping {
  const joints = join(config, seams);
  return {
    ...checking(joints),
    ...applications(joints),
    ...leases(joints),
    ...health(joints),
    ...selfWatch(joints),
    ...auditStarting(joints),
    parseEvent: parseRotationEvent,
  };
}
