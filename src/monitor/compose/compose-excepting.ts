import type { KeepingExceptions } from '../application/operate/keep-exception.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { table } from './parts/table.ts';

/** Composes the service of `keep-exception`. */
export function composeExcepting(config: Config, seams?: Seams): KeepingExceptions {
  const joints = join(config, seams);
  return { clock: joints.clock, ...table(joints) };
}
