import { readFile } from 'node:fs/promises';
import { readScenario } from '../../simulator/scenario/read-scenario.ts';
import type { Scenario } from '../../simulator/scenario/scenario.ts';

/** Reads a scenario file; fails with a ScenarioError that names every fault, or as the file system does. */
export async function readScenarioFile(path: string): Promise<Scenario> {
  return readScenario(await readFile(path, 'utf8'));
}
