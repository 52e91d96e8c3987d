import type { CheckingOnRequest } from '../application/operate/check-on-request.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { checking } from './parts/checking.ts';

/** Composes the service of `check-secret`. */
export const composeCheck = (config: Config, seams?: Seams): CheckingOnRequest =>
  checking(join(config, seams));
