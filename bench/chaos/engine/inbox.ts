import { type Read, TELLING } from '../../../src/proving/court/told/said.ts';
import { type AdvisedStep, adviceIn, toldIn } from '../../../src/proving/court/told/told-in.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';

/** The e-mails that the readers of alerts have got so far, by the secrets that they name. */
export class Inbox {
  readonly #simulator: Simulator;
  readonly #topicArn: string;
  readonly #arns: ReadonlyMap<string, string>;
  readonly #told: Read[] = [];
  readonly #bySecret = new Map<string, Read[]>();
  #read = 0;

  /** `arns` by the names of all secrets. */
  constructor(simulator: Simulator, topicArn: string, arns: ReadonlyMap<string, string>) {
    this.#simulator = simulator;
    this.#topicArn = topicArn;
    this.#arns = arns;
  }

  /** One entry for each secret that an e-mail names, oldest first. */
  told(): readonly Read[] {
    for (const email of this.#simulator.sns.inbox.slice(this.#read)) {
      if (email.topicArn !== this.#topicArn) continue;
      const told = toldIn(email, (name) => this.#arns.get(name));
      const about = told.map((each) => ({ ...each, arrivedAt: email.at }));
      this.#told.push(...about);
      for (const each of about) {
        const { secretArn } = each;
        this.#bySecret.set(secretArn, [...(this.#bySecret.get(secretArn) ?? []), each]);
      }
    }
    this.#read = this.#simulator.sns.inbox.length;
    return this.#told;
  }

  /**
   * Returns the steps that the latest e-mail under one of these codes advises about a secret; undefined when there is
   * none.
   */
  adviceAbout(arn: string, codes: ReadonlySet<string>): readonly AdvisedStep[] | undefined {
    this.told();
    const latest = this.#bySecret
      .get(arn)
      ?.findLast(
        ({ transition, code, text }) =>
          TELLING.includes(transition) && codes.has(code) && adviceIn(text).length > 0,
      );
    return latest && adviceIn(latest.text);
  }
}
