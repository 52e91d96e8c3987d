/** A role of another account was not given: nothing there can be reached, whatever was asked for. */
export class RoleError extends Error {
  override readonly name = 'RoleError';
  readonly roleArn: string;

  constructor(roleArn: string, cause: unknown) {
    super(`Cannot assume ${roleArn}`, { cause });
    this.roleArn = roleArn;
  }
}
