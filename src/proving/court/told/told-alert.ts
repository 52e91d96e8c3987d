/** An alert about a secret, as people received it. */
export interface ToldAlert {
  readonly secretName: string;
  readonly secretArn: string;
  readonly code: string;
  readonly severity: string;
  readonly transition: string;
  readonly reason: string;
  /** ISO 8601, when it arrived. */
  readonly at: string;
  readonly subject: string;
  readonly text: string;
}
