import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that keep a processor busy for ten seconds or more, the longest first. One of them that began late would end alone, with the other
 * processors idle; what takes shorter fills the gaps.
 */
export const LONGEST: readonly string[] = [
  'test/e2e/simulated-quarter.test.ts',
  'test/e2e/chaos.test.ts',
  'test/client/propagation/propagation.test.ts',
  'test/e2e/broken-function.test.ts',
];

/**
 * Files that mostly wait, for databases, processes and real seconds, the longest first. Several of them at the same time
 * would hold all workers, with the processors idle.
 */
export const WAITING: readonly string[] = [
  'test/e2e/bundled-handlers.test.ts',
  'test/e2e/cli-simulate.test.ts',
  'test/client/database/locked.test.ts',
  'test/client/database/pg.test.ts',
  'test/client/database/mysql2.test.ts',
  'test/e2e/own-rotation-function.test.ts',
  'test/e2e/cli-sweep.test.ts',
  'test/client/readme.test.ts',
  'test/client/agent-server/server.test.ts',
  'test/e2e/aws-cli.test.ts',
  'test/e2e/watches-itself.test.ts',
];

/** Number of files that work between two that wait. */
const BETWEEN = 40;

/** Files that work in their order, with those that wait among them. */
export function spread<T>(working: readonly T[], waiting: readonly T[], between: number = BETWEEN): T[] {
  const places = Math.max(waiting.length, Math.ceil(working.length / between));
  return Array.from({ length: places }, (_, place) => [
    ...waiting.slice(place, place + 1),
    ...working.slice(place * between, (place + 1) * between),
  ]).flat();
}

/** Files of projects that isolate come first, then {@link LONGEST}; the others come by size or by the time of the last run. */
export class OrderOfFiles extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const named = (names: readonly string[]): TestSpecification[] =>
      names.flatMap((name) =>
        others.filter(
          ({ project, moduleId }) =>
            !project.config.isolate && relative(project.config.root, moduleId) === name,
        ),
      );
    // Projects follow each other: a worker of one ends where the next file belongs to another.
    const isolated = others.filter(({ project }) => project.config.isolate);
    const longest = named(LONGEST);
    const waiting = named(WAITING);
    const placed = new Set([...isolated, ...longest, ...waiting]);
    const working = others.filter((file) => !placed.has(file));
    const [first, ...later] = waiting;
    return [...isolated, ...(first === undefined ? [] : [first]), ...longest, ...spread(working, later)];
  }
}
