import { S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { DAY, later } from '../../src/calendar/instant.ts';
import { auditSchema } from '../../src/cli/schemas/audit-schema.ts';
import { s3ReportStore } from '../../src/monitor/adapters/s3/s3-report-store.ts';
import type { Target } from '../../src/monitor/domain/secret/secret.ts';
import { AwsError } from '../../src/simulator/call/aws-error.ts';
import { readCsv } from '../support/csv.ts';
import { START } from '../support/deployed.ts';
import { CENTRAL, MEMBER, openOrganization } from '../support/organization.ts';
import { judgeInHub } from '../support/own-results.ts';
import { sdk } from '../support/simulated.ts';
import {
  deployOrganization,
  type OrganizationProps,
  somebody,
} from '../support/template/deployed-organization.ts';

const FAR_CENTRAL: Target = { ...CENTRAL, region: 'us-east-1' };
const FAR_MEMBER: Target = { ...MEMBER, region: 'us-east-1' };
const TARGETS = [CENTRAL, FAR_CENTRAL, MEMBER, FAR_MEMBER];
const MEMBERS: OrganizationProps = {
  members: [{ accounts: [CENTRAL.account, MEMBER.account], regions: [CENTRAL.region, FAR_CENTRAL.region] }],
  organizationId: 'o-simulated1',
  sweeps: false,
  observability: false,
};

const asking = () => ({ ...somebody(), securityHubVerdicts: true });

/** An organization with a secret in each place, which Security Hub fails; `asks` makes audits show that. */
async function deployed(asks: boolean) {
  const organization = openOrganization(START);
  const { deployment, join } = await deployOrganization(organization, {
    ...MEMBERS,
    parts: asks ? asking : somebody,
  });
  for (const target of TARGETS) {
    if (target !== CENTRAL) await join(target);
    const simulator = organization.at(target);
    const createdAt = later(START, -5 * DAY);
    const { arn } = simulator.secretsManager.seed({ name: 'prod/open', kind: 'none', createdAt });
    await judgeInHub(simulator, arn, { control: 'SecretsManager.1', status: 'FAILED' });
  }
  const home = organization.at(CENTRAL);
  const store = s3ReportStore(new S3Client(sdk(home, 'operator')), {
    name: deployment.idOf('AWS::S3::Bucket', 'Audits').toLowerCase(),
    prefix: 'audits/',
  });
  return {
    at: organization.at,
    audited: async () => {
      await home.functions.invoke(deployment.functionOf('audit').name, {});
      return async (ending: string): Promise<string> => {
        const keys = (await store.keys('reports/')).filter((key) => key.endsWith(ending));
        return (await store.text(keys.at(-1) ?? '', undefined))?.text ?? '';
      };
    },
  };
}

const resultsSchema = z.object({
  provenance: z.object({ parameters: z.record(z.string(), z.string()) }),
  secrets: z.array(
    z.object({
      account: z.string(),
      region: z.string(),
      controls: z.array(
        z.object({ securityHub: z.string().nullable(), securityHubBecause: z.string().nullable() }),
      ),
    }),
  ),
  summary: z.object({ calls: z.record(z.string(), z.number()) }),
});

/** The report as JSON, and the first control of each secret by its place. */
function resultsIn(json: string) {
  const report = JSON.parse(json);
  auditSchema.parse(report);
  const { provenance, secrets, summary } = resultsSchema.parse(report);
  const of = ({ account, region }: Target) =>
    secrets.find((each) => each.account === account && each.region === region)?.controls[0];
  return { of, asked: provenance.parameters['security-hub-verdicts'], calls: summary.calls };
}

test("the scheduled audit shows Security Hub's own results of every place in each format, and fails for none", async () => {
  const { at, audited } = await deployed(true);
  at(FAR_MEMBER).securityHub.setEnabled(false);
  at(FAR_CENTRAL).faults.before(({ operation }) => {
    if (operation === 'GetFindings') throw new AwsError('AccessDeniedException', 'Not you');
  });
  let isBusy = true;
  at(MEMBER).faults.before(({ operation }) => {
    if (operation !== 'GetFindings' || !isBusy) return;
    isBusy = false;
    throw new AwsError('TooManyRequestsException', 'Too Many Requests', 429);
  });
  const report = await audited();
  const { of, asked, calls } = resultsIn(await report('.json'));
  expect(asked).toBe('asked for');
  expect(calls['securityhub:GetFindings']).toBe(TARGETS.length);
  for (const target of [CENTRAL, MEMBER]) expect(of(target)).toMatchObject({ securityHub: 'FAILED' });
  expect(of(FAR_CENTRAL)).toMatchObject({
    securityHub: 'unknown',
    securityHubBecause: expect.stringContaining('needs securityhub:GetFindings'),
  });
  expect(of(FAR_MEMBER)).toMatchObject({
    securityHub: 'unknown',
    securityHubBecause: expect.stringContaining('Security Hub is not enabled'),
  });
  const [heads = [], ...rows] = readCsv(await report('.csv'));
  const column = heads.indexOf('SecretsManager.1 Security Hub');
  expect(rows.map((row) => row[column]?.slice(0, 8)).sort()).toEqual([
    'FAILED',
    'FAILED',
    'unknown:',
    'unknown:',
  ]);
  const page = await report('.html');
  expect(page).toContain('<span class="keep">2 FAILED</span><br><span class="keep">2 unknown</span>');
  expect(page).toContain('own result: FAILED');
});

test('where nobody wants them Security Hub is not asked, and the report says so', async () => {
  const { at, audited } = await deployed(false);
  const report = await audited();
  const { of, asked, calls } = resultsIn(await report('.json'));
  expect(asked).toBe('not asked for');
  expect(of(CENTRAL)).toEqual({ securityHub: null, securityHubBecause: null });
  expect(calls).not.toHaveProperty('securityhub:GetFindings');
  for (const target of TARGETS)
    expect(Object.keys(at(target).callLog.counts())).not.toContain('securityhub:GetFindings');
  expect(await report('.html')).not.toContain('own result');
});
