import { forEachLimited } from '../../src/monitor/application/for-each-limited.ts';
import type { Secret } from '../../src/monitor/domain/secret/secret.ts';
import { pendingApart } from '../../src/monitor/domain/secret/version-stage.ts';
import type { SecretCatalog } from '../../src/monitor/ports/look/secret-catalog.ts';

/** Calls in parallel, as many as the monitor makes. */
const CALLS_AT_ONCE = 4;

/**
 * The peer: lists every secret, then describes every secret, and answers those whose pending version stands apart, as
 * the tools that hydrate each secret do. It stores and sends nothing.
 */
export async function plainSweep(catalog: SecretCatalog): Promise<readonly Secret[]> {
  const listed: Secret[] = [];
  for await (const { secrets } of catalog.list()) listed.push(...secrets);
  const described: Secret[] = [];
  const errors = await forEachLimited(listed, CALLS_AT_ONCE, async ({ arn }) => {
    const secret = await catalog.describe(arn);
    if (secret !== undefined) described.push(secret);
  });
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} secrets could not be described`);
  return described.filter(({ versionStages }) => pendingApart(versionStages) !== undefined);
}
