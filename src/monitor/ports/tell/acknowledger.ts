/** An operator's word that somebody is at the alerts of secrets, or no longer is. */
export interface AcknowledgeRequest {
  /** ARN or name, or several. */
  readonly secretId: string | readonly string[];
  /** Duration such as `8h`; at most 7 days. Left out where the acknowledgement ends. */
  readonly for?: string;
  /** The operator, in their own words. */
  readonly by: string;
  /** Reason in the operator's words; at most 256 characters. */
  readonly reason?: string;
  /** Takes the acknowledgement back: repeats and escalation go on. */
  readonly end?: true;
}

/** The alerts that were acknowledged, or whose acknowledgement ended. */
export interface AcknowledgeAnswer {
  /** Codes of the alerts. */
  readonly acknowledged: readonly string[];
  /** ISO 8601, UTC. */
  readonly until: string;
}

/** Takes acknowledgements. Failures are MonitorMemoryErrors; a request that lacks something is a RangeError. */
export interface Acknowledger {
  acknowledge(request: AcknowledgeRequest): Promise<AcknowledgeAnswer>;
}
