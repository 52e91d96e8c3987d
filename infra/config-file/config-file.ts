import { DeploymentError } from '../props/deployment-error.ts';
import type { MemberGroup } from '../props/member-props.ts';

/** A subscriber to the alerts. */
export interface FileSubscription {
  /** Alerts, what is wrong with the monitor itself, or CRITICAL alerts that nobody acknowledged. */
  readonly topic: 'alerts' | 'health' | 'escalations';
  readonly protocol: 'email' | 'https' | 'sms';
  readonly endpoint: string;
  /** The wanted values of each attribute of a message that is named. */
  readonly filter?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** The checked contents of `rotation-monitor.config.json`. */
export interface ConfigFile {
  /** Texts of settings, by key, such as `stuck-after`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly subscriptions: readonly FileSubscription[];
  /** Other accounts and regions to watch. */
  readonly targets: readonly MemberGroup[];
  /** Id of the organization that they belong to; undefined when it is not said. */
  readonly organizationId: string | undefined;
}

/** One thing in the file that cannot be used. */
export interface ConfigFileFault {
  /** Path of the value in the file, such as `subscriptions.0.endpoint`. */
  readonly path: string;
  readonly expected: string;
}

/** The file cannot be used; names every fault at once. */
export class ConfigFileError extends DeploymentError {
  override readonly name: string = 'ConfigFileError';
  readonly faults: readonly ConfigFileFault[];

  constructor(path: string, faults: readonly ConfigFileFault[]) {
    const lines = faults.map((fault) => `  ${fault.path}: ${fault.expected}`);
    super([`Cannot use ${path}:`, ...lines, 'docs/settings.md describes the file.'].join('\n'));
    this.faults = faults;
  }
}
