import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take about half a minute or more beside others, the longest first. One of them that began late would end alone, with the other
 * processors idle; what takes shorter fills the gaps.
 */
export const LONGEST: readonly string[] = [
  'test/e2e/simulated-quarter.test.ts',
  'test/e2e/chaos.test.ts',
  'test/client/propagation/propagation.test.ts',
  'test/e2e/broken-function.test.ts',
  'test/e2e/bundled-handlers.test.ts',
  'test/client/database/locked.test.ts',
  'test/client/rotation/rehearse.test.ts',
];

/** The order of Vitest, by size or by the time of the last run, but for the files of {@link LONGEST}. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const rank = ({ project, moduleId }: TestSpecification): number => {
      // Projects follow each other: a worker of one ends where the next file belongs to another.
      if (project.config.isolate) return -1;
      const known = LONGEST.indexOf(relative(project.config.root, moduleId));
      return known === -1 ? LONGEST.length : known;
    };
    return others.sort((a, b) => rank(a) - rank(b));
  }
}
