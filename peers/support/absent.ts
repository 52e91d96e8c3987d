/** Software that should be a peer and that no registry here has in a usable version. */
export interface Absent {
  readonly software: string;
  readonly version: string;
  readonly from: string;
  readonly against: string;
  /** The reason; a clause without a full stop. */
  readonly reason: string;
}

/** Peers that are missing. */
export const ABSENT: readonly Absent[] = [
  {
    software: 'OpenTofu with the AWS provider',
    version: 'v1.12.6, v1.60.0',
    from: 'Go proxy',
    against: '`simulate`',
    reason:
      'v1.60.0 is the newest AWS provider that the proxy has: it speaks plugin protocol 4 while OpenTofu wants 5 or 6, and it takes no endpoint for Secrets Manager',
  },
];
