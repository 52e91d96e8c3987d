import type { ExplainingAlerts } from '../application/operate/explain-open-alerts.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { settingsOf } from './joints/settings-of.ts';
import { accessTo, NO_CLOSER_LOOK } from './parts/access-to.ts';
import { secrets } from './parts/secrets.ts';
import { table } from './parts/table.ts';

/** Composes the service of `open-alerts-widget`, drawn every minute: it shows what is known and inspects nothing. */
export function composeWidget(config: Config, seams?: Seams): ExplainingAlerts {
  const joints = join(config, seams);
  return {
    clock: joints.clock,
    settings: settingsOf(config),
    ...table(joints),
    ...secrets(joints),
    ...NO_CLOSER_LOOK,
    accessTo: accessTo({ ...joints, closer: () => NO_CLOSER_LOOK }),
  };
}
