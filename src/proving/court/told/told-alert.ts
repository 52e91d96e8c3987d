/** Something that people were told about a secret, as they got it. */
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
