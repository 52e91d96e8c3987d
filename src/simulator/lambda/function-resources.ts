import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Instant } from '../../calendar/instant.ts';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Home, Operation } from '../call/service.ts';
import { defaultLogGroup } from '../logs/log-groups.ts';
import type { SimulatorClock } from '../time/clock.ts';
import { letsRotate, type PolicyStatement, rotationPermission } from './resource-policy.ts';

/** Lambda's configuration of a function, apart from the effects of its code. */
export interface FunctionConfiguration {
  readonly runtime: string;
  readonly timeoutSeconds: number;
  /** `Active`, or why it cannot be invoked. https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
  readonly state: 'Active' | 'Inactive' | 'Pending' | 'Failed';
  readonly stateReasonCode: string | undefined;
  readonly lastModifiedAt: Instant;
  readonly codeSha256: string;
  /** ARN of the execution role. */
  readonly role: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Undefined takes from the account's common pool; 0 throttles every invocation. */
  readonly reservedConcurrency: number | undefined;
  readonly policy: readonly PolicyStatement[];
  /** The log group that it writes to. */
  readonly logGroup: string;
}

/** A function that exists. */
export interface FunctionResource extends FunctionConfiguration {
  readonly name: string;
  readonly arn: string;
}

/** A stretch of time in which a function could not rotate. */
export interface BrokenStretch {
  readonly from: Instant;
  /** Undefined while it lasts. */
  readonly until: Instant | undefined;
}

/** Lambda's longest timeout. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LONGEST_TIMEOUT_SECONDS = 900;

/** The functions of the account as resources: their configuration, concurrency and policies. */
export class FunctionResources {
  readonly #byArn = new Map<string, FunctionResource>();
  readonly #broken = new Map<string, readonly BrokenStretch[]>();
  readonly #clock: SimulatorClock;
  readonly #home: Home;
  /** Executions that the account may have at a time; fresh accounts have 10. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
  concurrencyLimit = 1000;
  /** The queues that feed functions. */
  readonly mappings: EventSourceMappings = new EventSourceMappings();

  constructor(clock: SimulatorClock, home: Home) {
    this.#clock = clock;
    this.#home = home;
  }

  /** Makes a function, healthy but for what is given; one that exists keeps what is not given. */
  deploy(nameOrArn: string, given: Partial<FunctionConfiguration> = {}): FunctionResource {
    const arn = this.arnOf(nameOrArn);
    const deployed = { ...(this.#byArn.get(arn) ?? this.#healthy(arn)), ...given };
    this.#byArn.set(arn, deployed);
    this.#note(arn, !letsRotate(deployed.policy, this.#home.account));
    return deployed;
  }

  /** The function with this name, ARN or qualified ARN. */
  find(nameOrArn: string): FunctionResource | undefined {
    return this.#byArn.get(this.arnOf(nameOrArn));
  }

  /** All functions, by name. */
  all(): readonly FunctionResource[] {
    return [...this.#byArn.values()].toSorted((a, b) => a.name.localeCompare(b.name));
  }

  remove(nameOrArn: string): void {
    const arn = this.arnOf(nameOrArn);
    this.#byArn.delete(arn);
    this.#note(arn, true);
  }

  /** Returns the rest of the account's concurrency, not counting one function's reservation. */
  unreservedWithout(arn: string): number {
    const others = [...this.#byArn.values()].filter((each) => each.arn !== arn);
    return others.reduce(
      (left, { reservedConcurrency = 0 }) => left - reservedConcurrency,
      this.concurrencyLimit,
    );
  }

  /** The ground truth: when Secrets Manager could not have invoked a function. */
  brokenStretches(nameOrArn: string): readonly BrokenStretch[] {
    return this.#broken.get(this.arnOf(nameOrArn)) ?? [];
  }

  /** The ARN, without its qualifier, of the function with this name or ARN. */
  arnOf(nameOrArn: string): string {
    const { account, region } = this.#home;
    if (nameOrArn.startsWith('arn:')) return nameOrArn.split(':').slice(0, 7).join(':');
    return `arn:aws:lambda:${region}:${account}:function:${nameOrArn.split(':')[0]}`;
  }

  /** The policy that lets Secrets Manager invoke a function. */
  usualPolicy(nameOrArn: string): readonly PolicyStatement[] {
    return [rotationPermission(this.arnOf(nameOrArn), this.#home)];
  }

  #note(arn: string, isBroken: boolean): void {
    const known = this.#broken.get(arn) ?? [];
    const open = known.at(-1)?.until === undefined ? known.at(-1) : undefined;
    const now = this.#clock.now();
    if (isBroken && open === undefined) this.#broken.set(arn, [...known, { from: now, until: undefined }]);
    if (!isBroken && open !== undefined) {
      this.#broken.set(arn, [...known.slice(0, -1), { ...open, until: now }]);
    }
  }

  #healthy(arn: string): FunctionResource {
    const name = arn.split(':')[6] ?? '';
    return {
      name,
      arn,
      runtime: 'python3.13',
      timeoutSeconds: LONGEST_TIMEOUT_SECONDS,
      state: 'Active',
      stateReasonCode: undefined,
      lastModifiedAt: this.#clock.now(),
      codeSha256: codeHash(name),
      role: `arn:aws:iam::${this.#home.account}:role/${name}`,
      environment: {},
      reservedConcurrency: undefined,
      policy: this.usualPolicy(arn),
      logGroup: defaultLogGroup(name),
    };
  }
}

/** The digest of a deployment package, as Lambda reports it. */
export const codeHash = (code: string): string => createHash('sha256').update(code).digest('base64');

/** A queue that feeds a function. */
interface EventSourceMapping {
  readonly uuid: string;
  readonly eventSourceArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  isEnabled: boolean;
}

const listing = z.object({ FunctionName: z.string().optional(), EventSourceArn: z.string().optional() });
const updating = z.object({ UUID: z.string(), Enabled: z.boolean().optional() });

/** The mappings of an account. */
class EventSourceMappings {
  readonly #all = new Map<string, EventSourceMapping>();

  /** Adds a mapping, which is enabled. */
  add(mapping: Omit<EventSourceMapping, 'uuid' | 'isEnabled'>): EventSourceMapping {
    const uuid = `0feed000-0000-4000-8000-${String(this.#all.size).padStart(12, '0')}`;
    const added = { ...mapping, uuid, isEnabled: true };
    this.#all.set(uuid, added);
    return added;
  }

  remove({ uuid }: EventSourceMapping): void {
    this.#all.delete(uuid);
  }

  /** https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html */
  get operations(): Record<string, Operation> {
    return {
      ListEventSourceMappings: (input) => {
        const { FunctionName = '', EventSourceArn = '' } = readInput(listing, input);
        const found = [...this.#all.values()].filter(
          ({ functionArn, eventSourceArn }) =>
            `:${functionArn}`.endsWith(`:${FunctionName}`) && eventSourceArn.endsWith(EventSourceArn),
        );
        return { EventSourceMappings: found.map(shown) };
      },
      UpdateEventSourceMapping: (input) => {
        const { UUID, Enabled } = readInput(updating, input);
        const found = this.#all.get(UUID);
        if (found === undefined)
          throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
        found.isEnabled = Enabled ?? found.isEnabled;
        return shown(found);
      },
    };
  }
}

const shown = ({ uuid, eventSourceArn, functionArn, batchSize, isEnabled }: EventSourceMapping): object => ({
  UUID: uuid,
  EventSourceArn: eventSourceArn,
  FunctionArn: functionArn,
  BatchSize: batchSize,
  State: isEnabled ? 'Enabled' : 'Disabled',
});
