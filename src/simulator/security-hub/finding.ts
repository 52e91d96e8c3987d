import * as z from 'zod';
import type { Home } from '../call/service.ts';

/** Severity as findings carry it. */
interface HubSeverity {
  readonly [field: string]: unknown;
  readonly Label?: 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL' | undefined;
}

/** A finding as Security Hub keeps it; other fields are kept as they came. */
export interface HubFinding {
  readonly [field: string]: unknown;
  readonly Id: string;
  readonly ProductArn: string;
  readonly GeneratorId: string;
  readonly AwsAccountId: string;
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly Resources: readonly { readonly Type: string; readonly Id: string }[];
  readonly Compliance?:
    | { readonly [field: string]: unknown; readonly Status?: string | undefined }
    | undefined;
  readonly RecordState: 'ACTIVE' | 'ARCHIVED';
  readonly Workflow: { readonly Status: 'NEW' | 'NOTIFIED' | 'RESOLVED' | 'SUPPRESSED' };
  readonly Severity?: HubSeverity | undefined;
  readonly Types?: readonly string[] | undefined;
  readonly FindingProviderFields?:
    | {
        readonly Severity?: HubSeverity | undefined;
        readonly Types?: readonly string[] | undefined;
      }
    | undefined;
}

const text = (longest: number) => z.string().min(1).max(longest);
const moment = z.iso.datetime({ offset: true });
const severity = z.looseObject({
  Label: z.enum(['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']).optional(),
});
const types = z.array(text(256)).min(1).max(50);

/** The input of BatchImportFindings, as far as it is checked; the rest is kept as it is. */
const importedFinding: z.ZodType<HubFinding> = z
  .looseObject({
    SchemaVersion: z.literal('2018-10-08'),
    Id: text(512),
    ProductArn: text(2048),
    GeneratorId: text(512),
    AwsAccountId: z.string().regex(/^\d{12}$/),
    CreatedAt: moment,
    UpdatedAt: moment,
    Title: text(256),
    Description: text(1024),
    Resources: z
      .array(z.looseObject({ Type: text(256), Id: text(2048) }))
      .min(1)
      .max(32),
    Compliance: z
      .looseObject({ Status: z.enum(['PASSED', 'WARNING', 'FAILED', 'NOT_AVAILABLE']).optional() })
      .optional(),
    RecordState: z.enum(['ACTIVE', 'ARCHIVED']).default('ACTIVE'),
    Workflow: z
      .looseObject({ Status: z.enum(['NEW', 'NOTIFIED', 'RESOLVED', 'SUPPRESSED']) })
      .default({ Status: 'NEW' }),
    Severity: severity.optional(),
    Types: types.optional(),
    FindingProviderFields: z
      .looseObject({ Severity: severity.optional(), Types: types.optional() })
      .optional(),
    ProductFields: z.record(z.string().max(128), z.string().max(2048)).optional(),
  })
  .refine((given) => (given.FindingProviderFields?.Severity ?? given.Severity) !== undefined, {
    path: ['Severity'],
    message: 'required',
  })
  .refine((given) => (given.FindingProviderFields?.Types ?? given.Types) !== undefined, {
    path: ['Types'],
    message: 'required',
  });

/** Largest finding: 240 KB. https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html */
const MAX_FINDING_BYTES: number = 240 * 1024;

/** Reads a finding; the text is the reason for which it is refused. */
export function readFinding(given: unknown, { account, region }: Home): HubFinding | string {
  if (Buffer.byteLength(JSON.stringify(given)) > MAX_FINDING_BYTES)
    return 'The finding is larger than 240 KB.';
  const read = importedFinding.safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `Invalid parameter: ${issue?.path.join('.')}: ${issue?.message}`;
  }
  const { AwsAccountId, ProductArn } = read.data;
  if (AwsAccountId !== account) return `AwsAccountId ${AwsAccountId} is not the account of the caller.`;
  const [, , service, place, owner, product] = ProductArn.split(':');
  const isOwn = service === 'securityhub' && place === region && owner === account;
  return isOwn && product === `product/${account}/default`
    ? read.data
    : `ProductArn ${ProductArn} is not the default product of account and region.`;
}

/** Fields that only those who work on findings change. https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html */
const KEPT = [
  'Confidence',
  'Criticality',
  'Note',
  'RelatedFindings',
  'Severity',
  'Types',
  'UserDefinedFields',
  'VerificationState',
  'Workflow',
] as const;

/** A new finding: what its provider says stands where people read it. */
export const firstImported = (given: HubFinding): HubFinding => ({
  ...given,
  Severity: given.FindingProviderFields?.Severity ?? given.Severity,
  Types: given.FindingProviderFields?.Types ?? given.Types,
});

/** A finding after an update: nothing changes unless the update is later. What is back, or fails again, is work again. */
export function updated(known: HubFinding, given: HubFinding): HubFinding {
  if (Date.parse(given.UpdatedAt) <= Date.parse(known.UpdatedAt)) return known;
  const kept = Object.fromEntries(KEPT.flatMap((field) => (field in known ? [[field, known[field]]] : [])));
  const merged: HubFinding = { ...given, ...kept };
  return isBack(known, given) && known.Workflow.Status !== 'SUPPRESSED'
    ? { ...merged, Workflow: { Status: 'NEW' } }
    : merged;
}

const isBack = (known: HubFinding, given: HubFinding): boolean =>
  (known.RecordState === 'ARCHIVED' && given.RecordState === 'ACTIVE') ||
  (known.Compliance?.Status === 'PASSED' && given.Compliance?.Status === 'FAILED');
