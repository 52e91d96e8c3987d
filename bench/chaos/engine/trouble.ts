import type { Instant } from '../../../src/calendar/instant.ts';
import type { Answer } from '../../../src/proving/court/truth/call-truths.ts';
import type { MonitorFunction } from '../../../src/proving/player/monitor.ts';
import { CallTimeout } from '../../../src/simulator/call/faults.ts';
import type { FunctionRun } from '../../../src/simulator/call/function-run.ts';
import type { InProcessHandler } from '../../../src/simulator/protocols/in-process-handler.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { type Arrivals, withoutSomeIds } from './arrivals.ts';
import type { Chance } from './chance.ts';
import { Doom } from './doom.ts';
import type { Journal } from './journal.ts';
import type { ChaosFaults } from './options.ts';
import { isList, isPublish, type Request, type Response, secretIn, stateIn } from './requests.ts';
import { type Sabotage, sabotaged } from './sabotage.ts';

/** Counts of the faults that the monitor's runs met. */
export interface TroubleCounts {
  /** Times of the kills, with the killed roles. */
  readonly kills: { readonly role: string; readonly at: Instant }[];
  /** Outcomes of a sweep's attempts to list the secrets. */
  readonly lists: Answer[];
  interludes: number;
  repliesLost: number;
}

/** Dependencies of the faults. */
export interface TroubleParts {
  readonly simulator: Simulator;
  readonly faults: ChaosFaults;
  readonly chance: Chance;
  readonly journal: Journal;
  readonly arrivals: Arrivals;
  readonly sabotage: Sabotage | undefined;
  /** The functions that are to be deployed. */
  readonly functions: readonly MonitorFunction[];
}

type Handler = Parameters<Simulator['functions']['register']>[1];

/** A promise that never settles: no code of a killed process runs on. */
const forever = (): Promise<never> => new Promise(() => undefined);

/** Stands between the monitor and the simulator: kills runs, loses answers, lets handlers overlap. */
export class Trouble {
  readonly counts: TroubleCounts = { kills: [], lists: [], interludes: 0, repliesLost: 0 };
  readonly #parts: TroubleParts;
  readonly #doom: Doom;
  /** The run within a call of which another handler runs, and when that one ends. */
  #interlude: { readonly host: FunctionRun | undefined; readonly ends: Promise<unknown> } | undefined;

  constructor(parts: TroubleParts) {
    this.#parts = parts;
    this.#doom = new Doom(parts.chance, parts.faults.kills);
  }

  /** The simulator with trouble on the way of each role's runs and calls; what is written there is noted, answered or not. */
  around(): Simulator {
    const { simulator, sabotage, journal } = this.#parts;
    simulator.faults.after(({ operation, input }) => {
      const state = operation === 'PutItem' ? stateIn(input) : undefined;
      if (state !== undefined) journal.note(state, simulator.clock.now());
    });
    const requestHandler: Simulator['requestHandler'] = (role, runOf = () => undefined) => {
      const inner = simulator.requestHandler(role, runOf);
      const handler = this.#parts.functions.find((each) => each.role === role)?.handler ?? role;
      const handle = sabotaged((request) => this.#handle(handler, inner, request, runOf()), sabotage);
      return { ...inner, handle };
    };
    return { ...simulator, requestHandler, functions: this.#functions() };
  }

  /** Functions whose runs are counted, and what they were invoked with. */
  #functions(): Simulator['functions'] {
    const { functions } = this.#parts.simulator;
    return {
      ...functions,
      register: (name, handler, options) =>
        functions.register(name, this.#watched(this.#handlerOf(name), handler), options),
    };
  }

  #watched(name: string, handler: Handler): Handler {
    const { simulator, arrivals } = this.#parts;
    return (event, context, run) => {
      this.#doom.runBegins(name);
      if (name !== 'on-rotation-event') return handler(event, context, run);
      arrivals.note(event, simulator.clock.now());
      return handler(withoutSomeIds(event), context, run);
    };
  }

  #handlerOf(functionName: string): string {
    return this.#parts.functions.find(({ name }) => name === functionName)?.handler ?? functionName;
  }

  async #handle(
    role: string,
    inner: InProcessHandler,
    request: Request,
    run: FunctionRun | undefined,
  ): Promise<Response> {
    const { chance, faults } = this.#parts;
    if (run?.isKilled()) return forever();
    const dies = run !== undefined && this.#doom.strikes(role);
    if (dies && chance.happens(0.5)) return this.#kill(run, role);
    if (chance.happens(faults.interludes)) await this.#letAnotherRun(request, run);
    const answer = await this.#answered(role, inner, request);
    if (run?.isKilled()) return forever();
    if (dies) return this.#kill(run, role);
    if (!isPublish(request) && chance.happens(faults.repliesLost)) {
      this.counts.repliesLost += 1;
      throw new CallTimeout('The answer was lost');
    }
    return answer;
  }

  /** The answer to a request; of lists it is noted what came of them. */
  async #answered(role: string, inner: InProcessHandler, request: Request): Promise<Response> {
    if (role !== 'sweep' || !isList(request)) return inner.handle(request);
    const note = (ok: boolean): void =>
      void this.counts.lists.push({ at: this.#parts.simulator.clock.now(), ok });
    try {
      const answer = await inner.handle(request);
      note(answer.response.statusCode === 200);
      return answer;
    } catch (error) {
      note(false);
      throw error;
    }
  }

  /** A handler that runs within the run comes to its end first: time would go on beneath it once nobody waits for the dead. */
  async #kill(run: FunctionRun, role: string): Promise<never> {
    if (this.#interlude?.host === run) await this.#interlude.ends;
    this.counts.kills.push({ role, at: this.#parts.simulator.clock.now() });
    run.kill();
    return forever();
  }

  /** Another handler runs from start to end; what it throws is its own affair. */
  async #letAnotherRun(request: Request, host: FunctionRun | undefined): Promise<void> {
    if (this.#interlude !== undefined) return;
    const { simulator, chance } = this.#parts;
    const secretId = secretIn(request);
    const [handler, event] = chance.oneOf<readonly [string, unknown]>([
      ['check-secret', { secretId }],
      ['deliver', { Records: [] }],
      ['sweep', {}],
    ]);
    if (handler === 'check-secret' && secretId === undefined) return;
    this.counts.interludes += 1;
    const name = this.#parts.functions.find((each) => each.handler === handler)?.name ?? handler;
    const ends = simulator.functions.invoke(name, event).catch(() => undefined);
    this.#interlude = { host, ends };
    await ends;
    this.#interlude = undefined;
  }
}
