import type { RotatingCanary } from '../application/canary/rotate-canary.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { canary } from './parts/canary.ts';

/** Composes the service of `canary-rotation` and `canary-tick`. */
export function composeCanary(config: Config, seams?: Seams): RotatingCanary {
  const joints = join(config, seams);
  return { clock: joints.clock, ...canary(joints) };
}
