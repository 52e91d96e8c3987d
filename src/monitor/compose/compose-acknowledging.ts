import type { AcknowledgingOnRequest } from '../application/operate/acknowledge-on-request.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { secrets } from './parts/secrets.ts';
import { table } from './parts/table.ts';

/** Composes the service of `acknowledge`. */
export function composeAcknowledging(config: Config, seams?: Seams): AcknowledgingOnRequest {
  const joints = join(config, seams);
  return { clock: joints.clock, ...table(joints), ...secrets(joints) };
}
