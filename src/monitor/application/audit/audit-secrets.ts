import type { AuditFinding } from '../../domain/audit/audit-finding.ts';
import { judgeAudit } from '../../domain/audit/register.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { forEachLimited } from '../for-each-limited.ts';
import type { Service } from '../service.ts';
import { countingCatalog } from '../sweep/counting-catalog.ts';
import { lookCloser } from './look-closer.ts';

/** Parts of the service that an audit uses. */
export type Auditing = Pick<Service, 'clock' | 'catalog' | 'settings'>;

/** A finding of the audit, with its secret. */
export interface AuditedSecret extends AuditFinding {
  readonly secretArn: string;
  readonly secretName: string;
}

/** The result of an audit. */
export interface AuditReport {
  /** In the order of the list. */
  readonly findings: readonly AuditedSecret[];
  /** Secrets of which something that needed a call could not be read. */
  readonly incomplete: number;
  /** Calls to Secrets Manager. */
  readonly apiCalls: number;
}

/** Secrets asked about in parallel: one call each, far below ListSecretVersionIds' 50 a second. */
const SECRETS_AT_ONCE = 2;

/**
 * Audits all secrets of the target, those scheduled for deletion as well. Nothing is stored and nobody is notified.
 * Costs a call for each page, one for each version in use that may be too old, and one for each replicated secret that
 * may be unused. Fails with a CatalogError when the secrets cannot be listed.
 */
export async function auditSecrets(service: Auditing): Promise<AuditReport> {
  const catalog = countingCatalog(service.catalog);
  const now = service.clock.now();
  const limits = service.settings.auditLimits;
  const findings: AuditedSecret[] = [];
  let incomplete = 0;
  for await (const { secrets: page } of catalog.list({ withDeleted: true })) {
    const found = new Map<Secret, readonly AuditFinding[]>();
    const errors = await forEachLimited(page, SECRETS_AT_ONCE, async (secret) => {
      const { trouble, ...looked } = await lookCloser(catalog, secret, { limits, now });
      incomplete += Number(trouble !== undefined);
      found.set(secret, judgeAudit({ ...looked, limits }, now));
    });
    if (errors.length > 0) throw errors[0];
    for (const secret of page) {
      const named = { secretArn: secret.arn, secretName: secret.name };
      findings.push(...(found.get(secret) ?? []).map((finding) => ({ ...finding, ...named })));
    }
  }
  return { findings, incomplete, apiCalls: catalog.calls() };
}
