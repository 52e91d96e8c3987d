/** How a secret is judged: the settings, overridden by the secret's own tags. Durations in milliseconds. */
export interface Policy {
  /** A pending version older than this is stuck; already bounded by the secret's own rotation window. */
  readonly stuckAfterMs: number;
  /** How long past NextRotationDate a rotation may be before it is overdue. */
  readonly overdueGraceMs: number;
  /** How long a failed createSecret or setSecret (or an unknown step) may take to heal. */
  readonly failedGraceMs: number;
  /** How long a failed testSecret or finishSecret may take to heal. */
  readonly splitGraceMs: number;
  /** How the target is rotated; only `alternating-users` keeps the credential in use alive after testSecret. */
  readonly strategy: 'single-user' | 'alternating-users' | 'unknown';
  /** Route of the alert; one of the owners the settings allow. */
  readonly owner: string | undefined;
}
