import type { Notifying } from '../application/tell/notify-chat.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { basics } from './parts/basics.ts';
import { slack } from './parts/slack.ts';
import { table } from './parts/table.ts';

/** Composes the service of `notify-slack`. */
export function composeSlack(config: Config, seams?: Seams): Notifying {
  const joints = join(config, seams);
  return { ...basics(joints), ...table(joints), ...slack(joints) };
}
