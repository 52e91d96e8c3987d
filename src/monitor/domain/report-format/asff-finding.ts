import { formatInstant } from '../../../calendar/instant.ts';
import type { Severity } from '../finding/finding.ts';
import type { Provenance } from '../report/audit-report.ts';
import { CONTROLS } from '../report/control.ts';
import type { ControlStatus, ControlVerdict } from '../report/control-verdict.ts';
import type { SecretAudit } from '../report/secret-audit.ts';
import { shownLine } from '../shown.ts';
import { findingIdOf, PRODUCT, partitionOf, severityOf } from './finding-identity.ts';

/** Longest texts. https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html */
const LONGEST = { title: 256, description: 1024, recommendation: 512, productField: 2048, resourceName: 256 };

/** Evidence that product fields carry; 50 fields are the most that Security Hub keeps. */
const MOST_EVIDENCE = 20;

/** Security Hub's names of a control's results. */
type ComplianceStatus = 'PASSED' | 'WARNING' | 'FAILED' | 'NOT_AVAILABLE';

const COMPLIANCE: Readonly<Record<ControlStatus, ComplianceStatus>> = {
  ok: 'PASSED',
  alarm: 'FAILED',
  error: 'WARNING',
  info: 'NOT_AVAILABLE',
  skip: 'NOT_AVAILABLE',
};

/** The secret that a finding is about. */
interface AsffResource {
  readonly Type: 'AwsSecretsManagerSecret';
  readonly Id: string;
  readonly Partition: 'aws' | 'aws-cn' | 'aws-us-gov';
  readonly Region: string;
  readonly Details: {
    readonly AwsSecretsManagerSecret: {
      readonly Name: string;
      readonly RotationEnabled: boolean;
      readonly Deleted: boolean;
    };
  };
}

/** The fields of an AWS Security Finding that audits fill. It never has a Workflow, which belongs to people. */
export interface AsffFinding {
  readonly SchemaVersion: '2018-10-08';
  readonly Id: string;
  readonly ProductArn: string;
  readonly GeneratorId: string;
  readonly AwsAccountId: string;
  /** Time the finding was first imported; ISO 8601. */
  readonly CreatedAt: string;
  /** Security Hub takes an update only with a later moment. */
  readonly UpdatedAt: string;
  readonly Title: string;
  readonly Description: string;
  readonly Resources: readonly AsffResource[];
  readonly Compliance: { readonly Status: ComplianceStatus; readonly RelatedRequirements: readonly string[] };
  readonly FindingProviderFields: {
    readonly Severity: { readonly Label: Severity; readonly Original: string };
    readonly Types: readonly string[];
  };
  readonly Remediation: { readonly Recommendation: { readonly Text: string; readonly Url: string } };
  readonly ProductFields: Readonly<Record<string, string>>;
  readonly RecordState: 'ACTIVE' | 'ARCHIVED';
}

/** The ARN of the product of an account's own findings. */
export const defaultProductArn = (partition: string, account: string, region: string): string =>
  `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`;

/** The verdict of one control on one secret, in the AWS Security Finding Format. A deleted secret's is archived. */
export function asffFinding(
  secret: SecretAudit,
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

const resource = (secret: SecretAudit, partition: AsffResource['Partition']): AsffResource => ({
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
  { status, evidence, exception }: ControlVerdict,
  version: string,
): Record<string, string> {
  const fields: Record<string, string> = {
    [`${PRODUCT}/version`]: version,
    [`${PRODUCT}/status`]: status,
    ...(exception && { [`${PRODUCT}/exception`]: exception.reason }),
    ...Object.fromEntries(
      evidence.slice(0, MOST_EVIDENCE).map((line, index) => [`${PRODUCT}/evidence/${index + 1}`, line]),
    ),
  };
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => [name, shownLine(text, LONGEST.productField)]),
  );
}
