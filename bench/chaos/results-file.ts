import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { ChaosOptions } from './engine/options.ts';
import type { SeedResult } from './seed-result.ts';

/** Results of seeds that have ended, one JSON line each, so that an interrupted series goes on where it was. */
export class ResultsFile {
  readonly #path: string | undefined;

  /** Without a path nothing is kept. */
  constructor(path: string | undefined) {
    this.#path = path;
  }

  /** The result of a run with the same options. */
  find(options: ChaosOptions): SeedResult | undefined {
    return this.#all().find((each) => JSON.stringify(each.options) === JSON.stringify(options));
  }

  keep(result: SeedResult): void {
    if (this.#path !== undefined) appendFileSync(this.#path, `${JSON.stringify(result)}\n`);
  }

  #all(): readonly SeedResult[] {
    if (this.#path === undefined || !existsSync(this.#path)) return [];
    const lines = readFileSync(this.#path, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line): SeedResult => JSON.parse(line));
  }
}
