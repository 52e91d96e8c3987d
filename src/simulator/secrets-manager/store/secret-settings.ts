/** The service's treatment of one secret in a run; settable at any time. */
export interface SecretSetting {
  /** AWSPENDING stays on the version that became AWSCURRENT, which is as healthy as its absence. */
  readonly leavesPending: boolean;
  /** The owning service cannot rotate the secret. */
  readonly managedFails: boolean;
  /** Windows open and nothing happens. */
  readonly missesWindows: boolean;
  /** A value put by hand moves LastRotatedDate, too; whether it does on AWS is not documented. */
  readonly putsMoveRotatedDate: boolean;
  /** Outcome of copying to other Regions; with `hangs` it never ends. */
  readonly replication: 'works' | 'fails' | 'hangs';
}

const USUAL: SecretSetting = {
  leavesPending: false,
  managedFails: false,
  missesWindows: false,
  putsMoveRotatedDate: false,
  replication: 'works',
};

/** The settings of all secrets, by ARN; only those that differ from the usual take room. */
export class SecretSettings {
  readonly #byArn = new Map<string, SecretSetting>();
  #usual: SecretSetting = USUAL;

  of(arn: string): SecretSetting {
    return this.#byArn.get(arn) ?? this.#usual;
  }

  /** Changes the settings of one secret. */
  set(arn: string, setting: Partial<SecretSetting>): void {
    this.#byArn.set(arn, { ...this.of(arn), ...setting });
  }

  /** Changes the settings of all secrets that have none of their own. */
  setForAll(setting: Partial<SecretSetting>): void {
    this.#usual = { ...this.#usual, ...setting };
  }
}
