import type { SecurityHubClientConfig } from '@aws-sdk/client-securityhub';
import type { HubControls } from '../../ports/report/findings-hub.ts';
import { SILENT } from './joints.ts';
import { onFirstUse } from './on-first-use.ts';

/** Security Hub of one region, in the account that reads. */
interface Hub {
  readonly region: string;
  /** Such as `aws`, as ARNs begin with it. */
  readonly partition: string;
}

/** Security Hub's own verdicts, from a client that is loaded at the first question: few audits ask. */
export function hubControls(sdk: SecurityHubClientConfig, { region, partition }: Hub): HubControls {
  const hub = onFirstUse(async () => {
    const [{ SecurityHubClient }, { securityHubControls }] = await Promise.all([
      import('@aws-sdk/client-securityhub'),
      import('../../adapters/security-hub/security-hub-findings.ts'),
    ]);
    return securityHubControls(new SecurityHubClient({ ...sdk, region, logger: SILENT }), region, partition);
  });
  return { verdicts: async (secretArns, onCall) => (await hub()).verdicts(secretArns, onCall) };
}

/** The partition of a region. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function partitionOfRegion(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
