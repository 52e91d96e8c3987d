import type { CallRequest } from '../../simulator/call/call-log.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { type Answer, unreachable, unverifiable } from '../court/truth/call-truths.ts';
import type { Condition } from '../court/truth/truth.ts';

/** Calls by which the monitor looks at one secret. */
const LOOKS: readonly string[] = ['DescribeSecret', 'ListSecretVersionIds'];

/** The answers to the calls with which the monitor lists secrets and looks at them. */
export class CallAnswers {
  readonly #simulator: Simulator;
  readonly #lists: Answered[] = [];
  readonly #looks = new Map<string, Answered[]>();
  readonly #open = new WeakMap<CallRequest, Answered>();

  /** Listens from now on to the calls of some roles. */
  constructor(simulator: Simulator, roles: readonly string[]) {
    this.#simulator = simulator;
    simulator.faults.before((call) => {
      if (call.service === 'secretsmanager' && roles.includes(call.role)) this.#begin(call);
    });
    simulator.faults.after((call) => this.#end(call));
  }

  /** The times during which the account and region could not be listed, or one of the secrets could not be looked at. */
  conditions(secrets: ReadonlyMap<string, { readonly arn: string }>): readonly Condition[] {
    const { account, region } = this.#simulator.home;
    return [
      ...unreachable(`${account} ${region}`, this.#lists),
      ...[...secrets].flatMap(([name, { arn }]) => unverifiable(name, this.#looks.get(arn) ?? [])),
    ];
  }

  #begin(call: CallRequest): void {
    const answers = this.#answersTo(call);
    if (answers === undefined) return;
    const answer = { at: this.#simulator.clock.now(), ok: false };
    answers.push(answer);
    this.#open.set(call, answer);
  }

  #end(call: CallRequest): void {
    const answer = this.#open.get(call);
    if (answer !== undefined) answer.ok = true;
  }

  #answersTo({ operation, input }: CallRequest): Answered[] | undefined {
    if (operation === 'ListSecrets') return this.#lists;
    const { SecretId } = input;
    if (!LOOKS.includes(operation) || typeof SecretId !== 'string') return undefined;
    const answers = this.#looks.get(SecretId) ?? [];
    this.#looks.set(SecretId, answers);
    return answers;
  }
}

/** An answer, which is a failure until it has come. */
interface Answered extends Answer {
  ok: boolean;
}
