import { formatInstant } from '../../../calendar/instant.ts';
import type { Provenance } from '../report/audit-report.ts';
import type { ControlId } from '../report/control.ts';
import { CONTROLS } from '../report/control.ts';
import { type ControlStatus, type ControlVerdict, hubResult } from '../report/control-verdict.ts';
import type { SecretAudit } from '../report/secret-audit.ts';
import { shownLine } from '../shown.ts';
import type { AsffFinding, AsffResource, ComplianceStatus } from './asff-shape.ts';
import { findingIdOf, PRODUCT, partitionOf, severityOf } from './finding-identity.ts';

/** Longest texts. https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html */
const LONGEST = { title: 256, description: 1024, recommendation: 512, productField: 2048, resourceName: 256 };

/** Evidence that product fields carry; 50 fields are the most that Security Hub keeps. */
const MOST_EVIDENCE = 20;

const COMPLIANCE: Readonly<Record<ControlStatus, ComplianceStatus>> = {
  ok: 'PASSED',
  alarm: 'FAILED',
  error: 'WARNING',
  info: 'NOT_AVAILABLE',
  skip: 'NOT_AVAILABLE',
};

/** The ARN of the product of an account's own findings. */
export const defaultProductArn = (partition: string, account: string, region: string): string =>
  `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`;

/** The secret of a finding, as far as the finding shows it. */
type FoundSecret = Pick<SecretAudit, 'secretArn' | 'secretName' | 'account' | 'region' | 'deletedAt'> & {
  readonly rotationEnabled: boolean | undefined;
};

/** A finding of an earlier audit that no longer holds, and why. */
interface Archiving {
  readonly control: ControlId;
  readonly secretArn: string;
  readonly account: string;
  readonly region: string;
  readonly because: string;
}

/** A finding of an earlier audit, archived. */
export function archivedFinding(
  { control, because, ...secret }: Archiving,
  about: Pick<Provenance, 'readAt' | 'version'>,
): AsffFinding {
  const secretName = secret.secretArn
    .split(':')
    .slice(6)
    .join(':')
    .replace(/-[^-]*$/, '');
  const verdict = { control, status: 'skip', reason: because, evidence: [] } as const;
  const found = { ...secret, secretName, rotationEnabled: undefined, deletedAt: undefined };
  return { ...asffFinding(found, verdict, about), RecordState: 'ARCHIVED' };
}

/** The verdict of one control on one secret, in the AWS Security Finding Format. A deleted secret's is archived. */
export function asffFinding(
  secret: FoundSecret,
  verdict: ControlVerdict,
  { readAt, version }: Pick<Provenance, 'readAt' | 'version'>,
): AsffFinding {
  const control = CONTROLS[verdict.control];
  const partition = partitionOf(secret.secretArn);
  const at = formatInstant(readAt);
  return {
    SchemaVersion: '2018-10-08',
    Id: findingIdOf(verdict.control, secret.secretArn),
    ProductArn: defaultProductArn(partition, secret.account, secret.region),
    GeneratorId: `${PRODUCT}/${verdict.control}`,
    AwsAccountId: secret.account,
    CreatedAt: at,
    UpdatedAt: at,
    Title: shownLine(control.title, LONGEST.title),
    Description: shownLine(`${secret.secretName}: ${verdict.reason}`, LONGEST.description),
    Resources: [resource(secret, partition)],
    Compliance: {
      Status: COMPLIANCE[verdict.status],
      RelatedRequirements: [`${control.standard} ${control.requirement}`, ...control.related],
    },
    FindingProviderFields: {
      Severity: { Label: severityOf(verdict), Original: control.severity },
      Types: ['Software and Configuration Checks/Industry and Regulatory Standards'],
    },
    Remediation: {
      Recommendation: { Text: shownLine(control.remedy, LONGEST.recommendation), Url: control.url },
    },
    ProductFields: productFields(verdict, version),
    RecordState: secret.deletedAt === undefined ? 'ACTIVE' : 'ARCHIVED',
  };
}

const resource = (secret: FoundSecret, partition: AsffResource['Partition']): AsffResource => ({
  Type: 'AwsSecretsManagerSecret',
  Id: secret.secretArn,
  Partition: partition,
  Region: secret.region,
  Details: {
    AwsSecretsManagerSecret: {
      Name: shownLine(secret.secretName, LONGEST.resourceName),
      RotationEnabled: secret.rotationEnabled,
      Deleted: secret.deletedAt !== undefined,
    },
  },
});

function productFields(
  { status, evidence, exception, securityHub }: ControlVerdict,
  version: string,
): Record<string, string> {
  const fields: Record<string, string> = {
    [`${PRODUCT}/version`]: version,
    [`${PRODUCT}/status`]: status,
    ...(exception && { [`${PRODUCT}/exception`]: exception.reason }),
    ...(securityHub && { [`${PRODUCT}/security-hub`]: hubResult(securityHub) }),
    ...Object.fromEntries(
      evidence.slice(0, MOST_EVIDENCE).map((line, index) => [`${PRODUCT}/evidence/${index + 1}`, line]),
    ),
  };
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => [name, shownLine(text, LONGEST.productField)]),
  );
}
