import type { Delivering } from '../application/tell/deliver-alerts.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { basics } from './parts/basics.ts';
import { health } from './parts/health.ts';
import { people } from './parts/people.ts';
import { table } from './parts/table.ts';
import { waking } from './parts/waking.ts';

/** Composes the service of `deliver`. */
export function composeDelivery(config: Config, seams?: Seams): Delivering {
  const joints = join(config, seams);
  const service = { ...basics(joints), ...table(joints), ...health(joints) };
  return { ...service, ...waking(joints), ...people(joints, service) };
}
