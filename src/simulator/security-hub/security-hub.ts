import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import { RateLimit } from '../call/request-rate.ts';
import type { Call, Input, Service } from '../call/service.ts';
import { invalid, matching } from './filters.ts';
import { firstImported, type HubFinding, readFinding, updated } from './finding.ts';

/** Security Hub of one account and region. */
export interface SecurityHub extends Service {
  /** Security Hub's answer where nobody switched it on: every call is refused. */
  setEnabled(isEnabled: boolean): void;
  /** All findings, in the order in which they first came. */
  findings(): readonly HubFinding[];
  /** Changes a finding as people do, such as its workflow. */
  edit(id: string, change: Partial<HubFinding>): void;
}

/** Calls of BatchImportFindings: 10 a second, bursts of 30. https://docs.aws.amazon.com/securityhub/1.0/APIReference/Welcome.html */
const IMPORTS = { perSecond: 10, burst: 30 };
/** Calls of GetFindings: 3 a second, bursts of 6. */
const READS = { perSecond: 3, burst: 6 };

/** Most findings of one call. https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html */
const MAX_FINDINGS = 100;

const refuse = (member: string, reason: string) => invalid(`Invalid parameter ${member}: ${reason}`);
const importing = z.object({ Findings: z.array(z.unknown()).min(1).max(MAX_FINDINGS) });
const getting = z.strictObject({
  Filters: z.record(z.string(), z.unknown()).default({}),
  MaxResults: z.number().int().min(1).max(100).default(100),
  NextToken: z.string().regex(/^\d+$/).optional(),
});

/** An empty Security Hub that is switched on: importing findings, and reading them back. */
export function createSecurityHub(): SecurityHub {
  const known = new Map<string, HubFinding>();
  const imports = new RateLimit(IMPORTS);
  const reads = new RateLimit(READS);
  let isEnabled = true;
  const admit = (limit: RateLimit, { account, now }: Call): void => {
    if (!limit.take(now)) throw new AwsError('TooManyRequestsException', 'Too Many Requests', 429);
    if (isEnabled) return;
    throw new AwsError(
      'InvalidAccessException',
      `Account ${account} is not subscribed to AWS Security Hub`,
      401,
    );
  };
  return {
    setEnabled: (given) => {
      isEnabled = given;
    },
    findings: () => [...known.values()],
    edit: (id, change) => {
      for (const [key, finding] of known) if (finding.Id === id) known.set(key, { ...finding, ...change });
    },
    operations: {
      BatchImportFindings: (input, call) => {
        admit(imports, call);
        return importAll(known, readInput(importing, input, refuse).Findings, call);
      },
      GetFindings: (input, call) => {
        admit(reads, call);
        return page([...known.values()], input);
      },
    },
  };
}

function importAll(known: Map<string, HubFinding>, given: readonly unknown[], call: Call): object {
  const failed: object[] = [];
  for (const each of given) {
    const read = readFinding(each, call);
    if (typeof read === 'string') {
      failed.push({ Id: idOf(each), ErrorCode: 'InvalidInput', ErrorMessage: read });
      continue;
    }
    const key = `${read.ProductArn} ${read.Id}`;
    const before = known.get(key);
    known.set(key, before === undefined ? firstImported(read) : updated(before, read));
  }
  return { FailedCount: failed.length, SuccessCount: given.length - failed.length, FailedFindings: failed };
}

const idOf = (given: unknown): string =>
  typeof given === 'object' && given !== null && 'Id' in given ? String(given.Id) : '';

function page(all: readonly HubFinding[], input: Input): object {
  const { Filters, MaxResults, NextToken } = readInput(getting, input, refuse);
  const found = all.filter(matching(Filters));
  const start = Number(NextToken ?? 0);
  const end = start + MaxResults;
  return {
    Findings: found.slice(start, end),
    ...(end < found.length && { NextToken: String(end) }),
  };
}
