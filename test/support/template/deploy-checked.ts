import { expect, onTestFinished } from 'vitest';
import { type DeployOptions, deployTemplate } from '../../../src/proving/player/deploy-template.ts';
import type { Enforcement } from '../../../src/proving/player/enforce.ts';
import type { TemplateResource } from '../../../src/proving/player/template.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';

/** Deploys the resources of a template; the test fails when a role tried what its policies do not allow. */
export async function deployChecked(
  simulator: Simulator,
  resources: readonly TemplateResource[],
  options?: DeployOptions,
): Promise<Enforcement> {
  const enforcement = await deployTemplate(simulator, resources, options);
  onTestFinished(() => expect([...enforcement.refused]).toEqual([]));
  return enforcement;
}
