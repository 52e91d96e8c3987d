import {
  type AwsSecurityFinding,
  type AwsSecurityFindingFilters,
  BatchImportFindingsCommand,
  GetFindingsCommand,
  type SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { HUB_CONTROL_IDS } from '../../domain/report/control.ts';
import { defaultProductArn } from '../../domain/report-format/asff-finding.ts';
import type { AsffFinding } from '../../domain/report-format/asff-shape.ts';
import { PRODUCT } from '../../domain/report-format/finding-identity.ts';
import type { Target } from '../../domain/secret/secret.ts';
import {
  type FindingsHub,
  FindingsHubError,
  type HubControls,
  type KnownFinding,
} from '../../ports/report/findings-hub.ts';
import { describeNeeding, failureOf } from '../aws/failure-of.ts';

/** Most findings of a page. https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_GetFindings.html */
const PAGE = 100;

/** Codes of single findings that may pass later. */
const TRANSIENT = /Internal|Throttl|LimitExceeded|TooManyRequests|Timeout|Unavailable/;

/** Security Hub of one account and region, called from the account that the findings are about. */
export const securityHubFindings = (
  client: SecurityHubClient,
  { account, region }: Target,
  partition: string,
): FindingsHub => ({
  ...securityHubControls(client, region, partition),
  known: async (token) => {
    const command = new GetFindingsCommand({
      Filters: {
        ProductArn: [{ Value: defaultProductArn(partition, account, region), Comparison: 'EQUALS' }],
        GeneratorId: [{ Value: `${PRODUCT}/`, Comparison: 'PREFIX' }],
      },
      MaxResults: PAGE,
      ...(token !== undefined && { NextToken: token }),
    });
    const answer = await client.send(command).catch(failed('read findings of', 'securityhub:GetFindings'));
    return { found: (answer.Findings ?? []).flatMap(known), next: answer.NextToken };
  },
  import: async (findings) => {
    const command = new BatchImportFindingsCommand({ Findings: findings.map(sent) });
    const { FailedFindings = [] } = await client
      .send(command)
      .catch(failed('import findings into', 'securityhub:BatchImportFindings'));
    return FailedFindings.map(({ Id = '', ErrorCode = '', ErrorMessage = '' }) => ({
      id: Id,
      code: ErrorCode,
      message: ErrorMessage,
      retryable: TRANSIENT.test(ErrorCode),
    }));
  },
});

/**
 * The verdicts of Security Hub's own controls in a region: the active findings of its own product. With consolidated
 * control findings there is one for each control and secret; else the standards have one each, and the worst counts.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/controls-findings-create-update.html
 */
export const securityHubControls = (
  client: SecurityHubClient,
  region: string,
  partition: string,
): HubControls => ({
  verdicts: async (secretArns, onCall) => {
    const found = new Map<string, Record<string, string>>();
    if (secretArns.length === 0) return found;
    const asked = { Filters: ownVerdicts(secretArns, region, partition), MaxResults: PAGE };
    let token: string | undefined;
    do {
      onCall?.();
      const command = new GetFindingsCommand({ ...asked, ...(token !== undefined && { NextToken: token }) });
      const answer = await client.send(command).catch(failed('read findings of', 'securityhub:GetFindings'));
      for (const each of answer.Findings ?? []) note(found, each);
      token = answer.NextToken;
    } while (token !== undefined);
    return found;
  },
});

const ownVerdicts = (
  secretArns: readonly string[],
  region: string,
  partition: string,
): AwsSecurityFindingFilters => ({
  ProductArn: [
    { Value: `arn:${partition}:securityhub:${region}::product/aws/securityhub`, Comparison: 'EQUALS' },
  ],
  RecordState: [{ Value: 'ACTIVE', Comparison: 'EQUALS' }],
  ComplianceSecurityControlId: HUB_CONTROL_IDS.map((Value) => ({ Value, Comparison: 'EQUALS' })),
  ResourceId: secretArns.map((Value) => ({ Value, Comparison: 'EQUALS' })),
});

/** From the best to the worst. */
const STATUSES: readonly string[] = ['NOT_AVAILABLE', 'PASSED', 'WARNING', 'FAILED'];

function note(
  found: Map<string, Record<string, string>>,
  { Resources, Compliance }: AwsSecurityFinding,
): void {
  const secretArn = Resources?.[0]?.Id;
  const { SecurityControlId: control, Status: status } = Compliance ?? {};
  if (secretArn === undefined || control === undefined || status === undefined) return;
  const known = found.get(secretArn) ?? {};
  const before = known[control] ?? '';
  if (STATUSES.indexOf(status) > STATUSES.indexOf(before)) known[control] = status;
  found.set(secretArn, known);
}

/** The one code for an account without Security Hub and for a caller without the right. */
const isOff = (error: unknown): boolean => error instanceof Error && error.name === 'InvalidAccessException';

const failed =
  (what: string, action: string) =>
  (error: unknown): never => {
    const needs = isOff(error) ? `, or Security Hub is not enabled there` : '';
    throw new FindingsHubError(`Cannot ${what} Security Hub: ${describeNeeding(action, error)}${needs}`, {
      ...failureOf(error),
      cause: error,
    });
  };

function known({
  Id,
  CreatedAt,
  UpdatedAt,
  RecordState,
  Resources,
}: AwsSecurityFinding): readonly KnownFinding[] {
  const secretArn = Resources?.[0]?.Id;
  if (Id === undefined || CreatedAt === undefined || UpdatedAt === undefined || secretArn === undefined)
    return [];
  const recordState = RecordState === 'ARCHIVED' ? 'ARCHIVED' : 'ACTIVE';
  return [{ id: Id, secretArn, createdAt: CreatedAt, updatedAt: UpdatedAt, recordState }];
}

/** The SDK's types want lists that may be changed. */
const sent = (finding: AsffFinding): AwsSecurityFinding => ({
  ...finding,
  Resources: [...finding.Resources],
  Compliance: {
    ...finding.Compliance,
    RelatedRequirements: [...finding.Compliance.RelatedRequirements],
  },
  FindingProviderFields: {
    ...finding.FindingProviderFields,
    Types: [...finding.FindingProviderFields.Types],
  },
});
