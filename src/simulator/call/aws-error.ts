/** An error as the simulated service answers it; the protocol renders it. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** Such as `ResourceNotFoundException`. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
