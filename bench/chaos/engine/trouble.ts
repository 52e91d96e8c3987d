import type { SecretState } from '../../../src/domain/secret-state.ts';
import { CallTimeout } from '../../../src/simulator/faults.ts';
import type { InProcessHandler } from '../../../src/simulator/in-process-handler.ts';
import { bodyText } from '../../../src/simulator/protocols/body.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { Chance } from './chance.ts';
import type { Journal } from './journal.ts';
import type { ChaosFaults } from './options.ts';

/** What befell the monitor's runs. */
export interface TroubleCounts {
  /** When a run was killed, and whose. */
  readonly kills: { readonly role: string; readonly at: number }[];
  interludes: number;
  repliesLost: number;
}

/** What the trouble works with. */
export interface TroubleParts {
  readonly simulator: Simulator;
  readonly faults: ChaosFaults;
  readonly chance: Chance;
  readonly journal: Journal;
}

type Request = Parameters<InProcessHandler['handle']>[0];

/** A promise that never settles: no code of a killed process runs on. */
const forever = (): Promise<never> => new Promise(() => undefined);

/** Stands between the monitor's SDK clients and the simulator: kills runs, loses answers, lets handlers overlap. */
export class Trouble {
  readonly counts: TroubleCounts = { kills: [], interludes: 0, repliesLost: 0 };
  readonly #parts: TroubleParts;
  /** Grows with every kill of a role; what a dead run still waits for is never answered. */
  readonly #lives = new Map<string, number>();
  #inInterlude = false;

  constructor(parts: TroubleParts) {
    this.#parts = parts;
  }

  /** The simulator with trouble on the way of each role's calls. */
  around(): Simulator {
    const { simulator } = this.#parts;
    return { ...simulator, requestHandler: (role) => this.#handler(role, simulator.requestHandler(role)) };
  }

  #handler(role: string, inner: InProcessHandler): InProcessHandler {
    return { ...inner, handle: (request) => this.#handle(role, inner, request) };
  }

  async #handle(
    role: string,
    inner: InProcessHandler,
    request: Request,
  ): ReturnType<InProcessHandler['handle']> {
    const { chance, faults, journal } = this.#parts;
    const life = this.#life(role);
    const dies = chance.happens(faults.kills);
    if (dies && chance.happens(0.5)) return this.#kill(role);
    if (chance.happens(faults.interludes)) await this.#interlude(request);
    if (this.#life(role) !== life) return forever();
    const answer = await inner.handle(request);
    const state = answer.response.statusCode === 200 ? writtenState(request) : undefined;
    if (state !== undefined) journal.note(state);
    if (this.#life(role) !== life) return forever();
    if (dies) return this.#kill(role);
    if (!isPublish(request) && chance.happens(faults.repliesLost)) {
      this.counts.repliesLost += 1;
      throw new CallTimeout('The answer was lost');
    }
    return answer;
  }

  #life(role: string): number {
    return this.#lives.get(role) ?? 0;
  }

  #kill(role: string): Promise<never> {
    const { simulator } = this.#parts;
    this.counts.kills.push({ role, at: simulator.clock.now() });
    this.#lives.set(role, this.#life(role) + 1);
    simulator.functions.kill(role);
    return forever();
  }

  /** Another handler runs from start to end; what it throws is its own affair. */
  async #interlude(request: Request): Promise<void> {
    if (this.#inInterlude) return;
    const { simulator, chance } = this.#parts;
    const secretId = secretIn(request);
    const [name, event] = chance.oneOf<readonly [string, unknown]>([
      ['check-secret', { secretId }],
      ['deliver', { Records: [] }],
      ['sweep', {}],
    ]);
    if (name === 'check-secret' && secretId === undefined) return;
    this.#inInterlude = true;
    this.counts.interludes += 1;
    await simulator.functions.invoke(name, event).catch(() => undefined);
    this.#inInterlude = false;
  }
}

const target = ({ headers }: Request): string => headers['x-amz-target'] ?? '';

const textOf = ({ body }: Request): string =>
  body instanceof Uint8Array ? bodyText(body, undefined) : String(body ?? '');

const isPublish = (request: Request): boolean =>
  /Action=Publish|AmazonSimpleNotificationService/.test(
    target(request) + (target(request) === '' ? textOf(request) : ''),
  );

/** The state of a secret or target that a request writes. */
function writtenState(request: Request): SecretState | undefined {
  if (!target(request).endsWith('.PutItem')) return undefined;
  const { Item } = JSON.parse(textOf(request));
  return Item?.sk?.S === 'state' ? (JSON.parse(Item.body.S) as SecretState) : undefined;
}

/** The secret that a request is about. */
const secretIn = (request: Request): string | undefined =>
  /arn:aws:secretsmanager:[\w-]+:\d+:secret:[^"\\#]+/.exec(textOf(request))?.[0];
