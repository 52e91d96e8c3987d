import type { RecordingRepairs } from '../application/operate/record-repair.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { applications } from './parts/applications.ts';
import { table } from './parts/table.ts';

/** Composes the service of `record-repair`. */
export function composeRecording(config: Config, seams?: Seams): RecordingRepairs {
  const joints = join(config, seams);
  return { clock: joints.clock, ...table(joints), ...applications(joints) };
}
