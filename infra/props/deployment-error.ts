/** Something that cannot be deployed as it is asked for; the message says what was found, and what to do. */
export class DeploymentError extends Error {
  override readonly name: string = 'DeploymentError';
}
