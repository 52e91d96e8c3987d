import type { AuditException } from '../../domain/report/audit-exception.ts';
import type { AuditPeriod, Provenance } from '../../domain/report/audit-report.ts';
import type { AuditFrame } from '../../domain/report/compute/facts.ts';
import type { Target } from '../../domain/secret/secret.ts';
import type { FindingsHubError, HubControls } from '../../ports/report/findings-hub.ts';
import type { AuditMemory } from '../../ports/store/audit-memory.ts';
import type { Service } from '../service.ts';

/** Parts of the service that an audit of a fleet needs. */
export interface AuditingFleet extends Pick<Service, 'clock' | 'catalog' | 'accessTo' | 'settings'> {
  readonly inspector: Service['inspector'];
  readonly history: Service['history'];
  /** Undefined without a deployed monitor: then its figures are unknown, each with the reason. */
  readonly kept: AuditMemory | undefined;
  /** Security Hub's own results in a target; undefined where nobody asks it. */
  readonly hubOf?: ((target: Target) => HubControls) | undefined;
}

/** A request for an audit. */
export interface AuditRequest {
  readonly period: AuditPeriod;
  readonly targets: readonly Target[];
  /** The rules that figures and controls go by. */
  readonly rules: Pick<AuditFrame, 'controls' | 'stuckAfterMs' | 'isInBusinessHours'>;
  readonly exceptions: readonly AuditException[];
  readonly sample?: Provenance['sample'];
  readonly provenance: Pick<Provenance, 'version' | 'identity' | 'parameters' | 'exceptionsHash'>;
  /** Hears after each page how many secrets have been read. */
  readonly onPage?: (read: number) => void;
  /** Receives errors by which Security Hub's own results are unknown: the first of a target, and one that ends the questions. */
  readonly onNoHub?: (error: FindingsHubError) => void;
  /** Receives the error of a target that could not be listed. */
  readonly onUnlisted?: (error: unknown) => void;
}
