import { expect, onTestFinished } from 'vitest';
import { embeddedEnvironment } from '../../../src/proving/embedded/environment.ts';
import { enforce } from '../../../src/proving/player/enforce.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { embeddedStatements } from './embedded-statements.ts';

/**
 * From now on each function of an embedded deployment may do what the synthesized policies allow, and the test fails if
 * it asked for more. `settings` are those beside the usual ones.
 */
export function withDeployedRights(simulator: Simulator, settings: Readonly<Record<string, string>>): void {
  const environment = { ...embeddedEnvironment(simulator.home), ...settings };
  const { refused } = enforce([simulator], embeddedStatements(environment));
  onTestFinished(() => expect([...refused], 'calls that the deployed policies do not allow').toEqual([]));
}
