import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import type { HubFinding } from './finding.ts';

const conditions = z
  .array(z.strictObject({ Value: z.string(), Comparison: z.enum(['EQUALS', 'PREFIX', 'NOT_EQUALS']) }))
  .min(1)
  .max(20);

/** Filters that the simulator knows, each with the values of a finding that it compares. */
const FILTERS: Readonly<Record<string, (finding: HubFinding) => readonly unknown[]>> = {
  Id: ({ Id }) => [Id],
  ProductArn: ({ ProductArn }) => [ProductArn],
  AwsAccountId: ({ AwsAccountId }) => [AwsAccountId],
  GeneratorId: ({ GeneratorId }) => [GeneratorId],
  RecordState: ({ RecordState }) => [RecordState],
  ResourceId: ({ Resources }) => Resources.map(({ Id }) => Id),
  ResourceType: ({ Resources }) => Resources.map(({ Type }) => Type),
  ComplianceStatus: ({ Compliance }) => [Compliance?.Status],
  ComplianceSecurityControlId: ({ Compliance }) => [Compliance?.['SecurityControlId']],
  WorkflowStatus: ({ Workflow }) => [Workflow.Status],
};

/**
 * Whether a finding meets all filters; of the conditions of one filter one is enough. Filters that are not simulated
 * are refused by their names.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFindingFilters.html
 */
export function matching(filters: Readonly<Record<string, unknown>>): (finding: HubFinding) => boolean {
  const tests = Object.entries(filters).map(([name, given]) => {
    const read = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
    if (read === undefined) throw invalid(`The simulator does not filter by ${name}.`);
    const parsed = conditions.safeParse(given);
    if (!parsed.success) throw invalid(`Invalid parameter: Filters.${name}`);
    return (finding: HubFinding) => parsed.data.some((condition) => read(finding).some(meets(condition)));
  });
  return (finding) => tests.every((test) => test(finding));
}

const meets =
  ({ Value, Comparison }: z.infer<typeof conditions>[number]) =>
  (value: unknown): boolean => {
    if (typeof value !== 'string') return false;
    if (Comparison === 'PREFIX') return value.startsWith(Value);
    return (value === Value) === (Comparison === 'EQUALS');
  };

/** The error for input that Security Hub cannot accept. */
export const invalid = (message: string): AwsError => new AwsError('InvalidInputException', message);
