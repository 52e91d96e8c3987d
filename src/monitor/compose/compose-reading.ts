import type { ReadingMemory } from '../application/operate/read-memory.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { settingsOf } from './joints/settings-of.ts';
import { table } from './parts/table.ts';

/** Composes the service of `read-memory`. */
export function composeReading(config: Config, seams?: Seams): ReadingMemory {
  const joints = join(config, seams);
  return { settings: settingsOf(config), ...table(joints) };
}
