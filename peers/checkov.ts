import { join } from 'node:path';
import * as z from 'zod';
import { type Ground, run } from './support/ground.ts';
import type { Case, Explanation, Peer } from './support/peer.ts';
import { pythonWith } from './support/python.ts';
import { type TemplateFile, withTemplates } from './support/templates.ts';

const VERSION = '3.3.30';

const report = z.object({
  summary: z.object({ passed: z.number() }),
  results: z.object({ failed_checks: z.array(z.object({ check_id: z.string(), check_name: z.string() })) }),
});

const LAMBDA = 'https://docs.aws.amazon.com/lambda/latest/dg';

const EXPLAINED: readonly Explanation[] = [
  {
    cases: /CKV_AWS_158 /,
    why: 'Log groups are encrypted by CloudWatch Logs itself; what is logged holds no value of a secret.',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html',
  },
  {
    cases: /CKV_AWS_116 /,
    why: 'Functions that are fed by queues have dead letters there; those invoked asynchronously have a destination.',
    source: `${LAMBDA}/invocation-async-retain-records.html`,
  },
  {
    cases: /CKV_AWS_117 /,
    why: 'The monitor calls APIs of AWS and no target; a VPC would add endpoints at 7 USD a month each.',
    source: `${LAMBDA}/configuration-vpc.html`,
  },
  {
    cases: /CKV_AWS_115 /,
    why: 'Event sources bound the concurrency; reserving it would take from the quota of the account.',
    source: `${LAMBDA}/configuration-concurrency.html`,
  },
  {
    cases: /CKV_AWS_173 /,
    why: 'Environments hold names and thresholds, no secret; they are encrypted at rest by Lambda.',
    source: `${LAMBDA}/configuration-envvars-encryption.html`,
  },
  {
    cases: /^(member|synthesized application): CKV_AWS_27 /,
    why: 'SQS encrypts the dead letters of a member and of an application itself; a key would cost more than all else there.',
    source:
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html',
  },
  {
    cases: /^synthesized application: CKV_AWS_26 /,
    why: 'Moves name secrets and versions, and hold no value; whoever wants the topic encrypted at rest gives it a key.',
    source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html',
  },
  {
    cases: /CKV_AWS_(119|28) /,
    why: 'The table of leases has an AWS owned key and no backup: its items end within minutes and hold no secret.',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html',
  },
  {
    cases: /CKV_AWS_18 /,
    why: 'Who read a report is a data event, which CloudTrail can keep; access logs would need a bucket of their own.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging.html',
  },
];

const installed = (ground: Ground): Promise<string> => pythonWith(ground, [`checkov==${VERSION}`]);

/** A scanner of templates for security. */
export const checkov: Peer = {
  name: 'checkov',
  software: 'Checkov',
  version: VERSION,
  from: 'PyPI',
  against: '`infra/templates`, and templates of all other constructs',
  needs: ['python3'],
  limits: 'A failed check is a disagreement, once for each template.',
  explained: EXPLAINED,
  install: installed,
  run: async (ground) => {
    const bin = await installed(ground);
    return withTemplates((templates) => findingsIn(bin, templates));
  },
};

async function findingsIn(bin: string, templates: readonly TemplateFile[]): Promise<readonly Case[]> {
  const cases: Case[] = [];
  for (const { name: template, path } of templates) {
    const words = ['-f', path, '--framework', 'cloudformation', '-o', 'json', '--compact', '--quiet'];
    const { stdout } = await run(join(bin, 'checkov'), words, {
      env: { BC_SKIP_MAPPING: 'TRUE', LOG_LEVEL: 'ERROR' },
    });
    const { summary, results } = report.parse(JSON.parse(stdout));
    cases.push({ name: `${template}: some checks pass`, theirs: summary.passed > 0, ours: true });
    const failed = new Set(
      results.failed_checks.map(({ check_id, check_name }) => `${check_id} ${check_name}`),
    );
    for (const check of failed)
      cases.push({ name: `${template}: ${check}`, theirs: 'failed', ours: 'passed' });
  }
  return cases;
}
