import { AwsError } from '../call/aws-error.ts';
import type { Home } from '../call/service.ts';
import type { Statement } from '../iam/policy.ts';
import type { Bus, Rule } from './bus.ts';
import { isAt } from './forwarding.ts';

/** Name of the bus that every account has and that AWS services send their events to. */
const DEFAULT_BUS = 'default';

/** The event buses of the account. */
export class Buses {
  readonly #home: Home;
  readonly #byName = new Map<string, Bus>();

  constructor(home: Home) {
    this.#home = home;
    this.create(DEFAULT_BUS);
  }

  /** Makes a bus; fails when the name is taken. */
  create(name: string): Bus {
    if (this.#byName.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    }
    const { account, region } = this.#home;
    const bus = {
      name,
      arn: `arn:aws:events:${region}:${account}:event-bus/${name}`,
      rules: new Map<string, Rule>(),
      policy: new Map<string, Statement>(),
    };
    this.#byName.set(name, bus);
    return bus;
  }

  /** The bus with this name or ARN, the default bus without one; fails when there is none. */
  find(nameOrArn: string = DEFAULT_BUS): Bus {
    const name = nameOrArn.split('/').at(-1) ?? '';
    const isElsewhere = nameOrArn.startsWith('arn:') && !isAt(nameOrArn, this.#home);
    const bus = isElsewhere ? undefined : this.#byName.get(name);
    if (bus === undefined)
      throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
    return bus;
  }

  remove(name: string): void {
    if (name === DEFAULT_BUS) throw new AwsError('ValidationException', 'Cannot delete event bus default.');
    this.#byName.delete(name);
  }

  all(): readonly Bus[] {
    return [...this.#byName.values()];
  }

  /** The rule with this name on the bus; fails when there is none. */
  rule(bus: Bus, name: string): Rule {
    const rule = bus.rules.get(name);
    if (rule !== undefined) return rule;
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus.name}.`);
  }

  /** ARN of a rule of this name on the bus. */
  ruleArn(bus: Bus, name: string): string {
    const { account, region } = this.#home;
    const path = bus.name === DEFAULT_BUS ? name : `${bus.name}/${name}`;
    return `arn:aws:events:${region}:${account}:rule/${path}`;
  }
}
