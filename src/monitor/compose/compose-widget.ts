import type { ExplainingAlerts } from '../application/operate/explain-open-alerts.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { settingsOf } from './joints/settings-of.ts';
import { accessTo } from './parts/access-to.ts';
import { secrets } from './parts/secrets.ts';
import { table } from './parts/table.ts';

/** A widget is drawn every minute: it shows what is known and inspects nothing. */
const NOT_CLOSER = { inspector: undefined, history: undefined };

/** Composes the service of `open-alerts-widget`. */
export function composeWidget(config: Config, seams?: Seams): ExplainingAlerts {
  const joints = join(config, seams);
  return {
    clock: joints.clock,
    settings: settingsOf(config),
    ...table(joints),
    ...secrets(joints),
    ...NOT_CLOSER,
    accessTo: accessTo({ ...joints, closer: () => NOT_CLOSER }),
  };
}
