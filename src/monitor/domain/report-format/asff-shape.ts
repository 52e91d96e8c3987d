import type { Severity } from '../finding/finding.ts';

/** Security Hub's names of a control's results. */
export type ComplianceStatus = 'PASSED' | 'WARNING' | 'FAILED' | 'NOT_AVAILABLE';

/** The secret that a finding is about. */
export interface AsffResource {
  readonly Type: 'AwsSecretsManagerSecret';
  readonly Id: string;
  readonly Partition: 'aws' | 'aws-cn' | 'aws-us-gov';
  readonly Region: string;
  readonly Details: {
    readonly AwsSecretsManagerSecret: {
      readonly Name: string;
      readonly RotationEnabled: boolean | undefined;
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
