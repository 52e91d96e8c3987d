import type { Chance } from './chance.ts';

/** Before anything is known of a role, its runs are taken to make so many calls. */
const USUAL_CALLS = 6;

interface Lived {
  runs: number;
  calls: number;
}

/** Decides at which calls runs die: evenly over all calls of a role, so that a share of its runs does not end. */
export class Doom {
  readonly #chance: Chance;
  readonly #share: number;
  readonly #lived = new Map<string, Lived>();

  /** `share` of the runs, 0 to 1. */
  constructor(chance: Chance, share: number) {
    this.#chance = chance;
    this.#share = share;
  }

  /** Counts a run of a role. */
  runBegins(role: string): void {
    this.#of(role).runs += 1;
  }

  /** Counts a call of a role; true when the run that makes it dies at it. */
  strikes(role: string): boolean {
    const lived = this.#of(role);
    lived.calls += 1;
    return this.#chance.happens((this.#share * lived.runs) / lived.calls);
  }

  #of(role: string): Lived {
    const known = this.#lived.get(role);
    if (known !== undefined) return known;
    const fresh = { runs: 1, calls: USUAL_CALLS };
    this.#lived.set(role, fresh);
    return fresh;
  }
}
