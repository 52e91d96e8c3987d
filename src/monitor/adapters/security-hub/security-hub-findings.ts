import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  GetFindingsCommand,
  type SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { defaultProductArn } from '../../domain/report-format/asff-finding.ts';
import type { AsffFinding } from '../../domain/report-format/asff-shape.ts';
import { PRODUCT } from '../../domain/report-format/finding-identity.ts';
import type { Target } from '../../domain/secret/secret.ts';
import { type FindingsHub, FindingsHubError, type KnownFinding } from '../../ports/report/findings-hub.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

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
  known: async (token) => {
    const command = new GetFindingsCommand({
      Filters: {
        ProductArn: [{ Value: defaultProductArn(partition, account, region), Comparison: 'EQUALS' }],
        GeneratorId: [{ Value: `${PRODUCT}/`, Comparison: 'PREFIX' }],
      },
      MaxResults: PAGE,
      ...(token !== undefined && { NextToken: token }),
    });
    const answer = await client.send(command).catch(failed('read findings of'));
    return { found: (answer.Findings ?? []).flatMap(known), next: answer.NextToken };
  },
  import: async (findings) => {
    const command = new BatchImportFindingsCommand({ Findings: findings.map(sent) });
    const { FailedFindings = [] } = await client.send(command).catch(failed('import findings into'));
    return FailedFindings.map(({ Id = '', ErrorCode = '', ErrorMessage = '' }) => ({
      id: Id,
      code: ErrorCode,
      message: ErrorMessage,
      retryable: TRANSIENT.test(ErrorCode),
    }));
  },
});

const failed =
  (what: string) =>
  (error: unknown): never => {
    throw new FindingsHubError(`Cannot ${what} Security Hub: ${describeFailure(error)}`, {
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
