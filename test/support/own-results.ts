import { asffFinding } from '../../src/monitor/domain/report-format/asff-finding.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { aProvenance, aSecretAudit, aVerdict } from './reports.ts';

/** Lets the Security Hub of a simulated account have a result of its own about a secret. */
export async function judgeInHub(
  simulator: Simulator,
  secretArn: string,
  { control, status }: { readonly control: string; readonly status: string },
): Promise<void> {
  const { account, region } = simulator.home;
  const secret = aSecretAudit({ secretArn, account, region });
  const Id = `${secretArn} ${control}`;
  const Findings = [{ ...asffFinding(secret, aVerdict(), aProvenance()), Id }];
  await simulator.call('securityhub', 'BatchImportFindings', { Findings }, 'hub');
  const ProductArn = `arn:aws:securityhub:${region}::product/aws/securityhub`;
  simulator.securityHub.edit(Id, { ProductArn, Compliance: { Status: status, SecurityControlId: control } });
}
