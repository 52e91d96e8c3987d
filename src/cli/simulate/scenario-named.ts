import { readFile } from 'node:fs/promises';
import { DEFAULT_SCENARIO } from '../../proving/scenario/default-scenario.ts';
import { checkScenario, readScenario } from '../../proving/scenario/read-scenario.ts';
import type { Scenario } from '../../proving/scenario/scenario.ts';

/** The scenario that comes with the program; a file of this name is `./default`. */
const DEFAULT = 'default';

/** Reads a scenario by name or from a file; fails with a ScenarioError that names every fault, or as the file system does. */
export async function scenarioNamed(nameOrPath: string): Promise<Scenario> {
  return nameOrPath === DEFAULT
    ? checkScenario(DEFAULT_SCENARIO)
    : readScenario(await readFile(nameOrPath, 'utf8'));
}
