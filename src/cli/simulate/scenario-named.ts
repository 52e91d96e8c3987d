import { readFile } from 'node:fs/promises';
import { checkScenario, readScenario } from '../../simulator/scenario/read-scenario.ts';
import type { Scenario } from '../../simulator/scenario/scenario.ts';
import { DEFAULT_SCENARIO } from '../drill/default-scenario.ts';

/** The scenario that comes with the program; a file of this name is `./default`. */
const DEFAULT = 'default';

/** Reads a scenario by name or from a file; fails with a ScenarioError that names every fault, or as the file system does. */
export async function scenarioNamed(nameOrPath: string): Promise<Scenario> {
  return nameOrPath === DEFAULT
    ? checkScenario(DEFAULT_SCENARIO)
    : readScenario(await readFile(nameOrPath, 'utf8'));
}
