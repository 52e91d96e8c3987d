import type { Instant } from '../../../calendar/instant.ts';
import type { ControlId } from './control.ts';

/** Permission, for a while, not to meet one control for one secret; kept by its own function or in a reviewed file. */
export interface AuditException {
  readonly secretArn: string;
  readonly control: ControlId;
  /** Two to 256 characters, one line. */
  readonly reason: string;
  /** The number or address of the ticket that carries the decision. */
  readonly ticket: string | undefined;
  /** STS ARN or name of who asked for it; always another than the approver. */
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly grantedAt: Instant;
  /** At most 400 days after `grantedAt`. */
  readonly until: Instant;
}
