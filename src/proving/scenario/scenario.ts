import type { Instant } from '../../calendar/instant.ts';
import type { Input } from '../../simulator/call/service.ts';
import type {
  FailureCause,
  FunctionBehaviour,
} from '../../simulator/secrets-manager/rotation/rotation-function.ts';
import type { RotationStep } from '../../simulator/secrets-manager/store/version-stages.ts';
import type { FindingName, SeverityName } from './finding-names.ts';

/** The behaviour of a rotation function. */
export interface BehaviourOfFunction {
  readonly behaviour: FunctionBehaviour;
  /** Fault that keeps it from rotating; the steps that fail follow from it. */
  readonly cause?: FailureCause | undefined;
  /** Step at which it fails or hangs, or at which its cause arises. */
  readonly step?: RotationStep | undefined;
  /** Number of failures of a flaky function for each version, or of failures before the cause is over. */
  readonly times?: number | undefined;
}

/** A rotation function of a scenario. */
interface ScenarioFunction extends BehaviourOfFunction {
  readonly name: string;
}

/** The service's treatment of a secret; a part that is left out stays as it is. */
export interface BehaviourOfSecret {
  /** AWSPENDING stays on the version that became AWSCURRENT. */
  readonly leavesPending?: boolean | undefined;
  /** The owning service cannot rotate the secret. */
  readonly managedFails?: boolean | undefined;
  /** Windows open and nothing happens. */
  readonly missesWindows?: boolean | undefined;
  /** Outcome of copying to other Regions; with `hangs` it never ends. */
  readonly replication?: 'works' | 'fails' | 'hangs' | undefined;
}

/** The way a secret is rotated: by a function, by the service that owns it, in another Region, or not at all. */
export type SecretKind = 'function' | 'managed' | 'replica' | 'none';

/** A secret of a scenario. */
export interface ScenarioSecret {
  readonly name: string;
  readonly kind: SecretKind;
  /** Name of the rotation function, of kind `function` only. */
  readonly function?: string | undefined;
  /** A rate() or cron() expression. */
  readonly schedule?: string | undefined;
  /** Length of the rotation window, such as `4h`. */
  readonly duration?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Other Regions that have a replica, in sync at the start. */
  readonly replicas?: readonly string[] | undefined;
}

/** Something that happens at its time. */
export interface TimelineEntry {
  /** Milliseconds after the start. */
  readonly atMs: number;
  /** An operation of Secrets Manager, `SetFunctionBehaviour`, `SetSecretBehaviour` or `advice`. */
  readonly do: string;
  readonly secret: string;
  readonly with: Input;
}

/** Faults between the services and the monitor; shares from 0 to 1, durations in milliseconds. */
interface ScenarioFaults {
  /** Share of events that never arrive. */
  readonly drop: number;
  /** Share of events that arrive twice. */
  readonly duplicate: number;
  /** Longest delay of an event. */
  readonly delayMaxMs: number;
  /** Longest lag of ListSecrets. */
  readonly listStaleMaxMs: number;
  /** Longest lag of DescribeSecret. */
  readonly describeStaleMaxMs: number;
  /** Share of the monitor's calls that are throttled. */
  readonly throttle: number;
  /** Share of the monitor's calls at which the run that makes them is killed. */
  readonly kill: number;
}

/** A finding that people have to be alerted to. */
export interface ExpectedAnnouncement {
  readonly secret: string;
  readonly code: FindingName;
  /** The least severity that has to be reached. */
  readonly severity: SeverityName;
  /** Milliseconds after the start, at the latest, also when no event arrives; undefined leaves it to promise 1. */
  readonly byMs: number | undefined;
}

/** A secret about which nobody may be alerted; with a code, not under that one. */
export interface ExpectedSilence {
  readonly secret: string;
  readonly code?: FindingName | undefined;
}

/** A story to play in the simulator, as read from its file. */
export interface Scenario {
  readonly name: string;
  readonly start: Instant;
  readonly days: number;
  readonly seed: number;
  readonly sweepEveryMs: number;
  readonly functions: readonly ScenarioFunction[];
  readonly secrets: readonly ScenarioSecret[];
  readonly timeline: readonly TimelineEntry[];
  readonly faults: ScenarioFaults;
  readonly expect: {
    readonly announce: readonly ExpectedAnnouncement[];
    readonly never: readonly ExpectedSilence[];
  };
}
