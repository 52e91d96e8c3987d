import { join } from 'node:path';
import * as z from 'zod';
import { type Ground, run } from './support/ground.ts';
import type { Case, Peer } from './support/peer.ts';
import { pythonWith } from './support/python.ts';
import { type TemplateFile, withTemplates } from './support/templates.ts';

const VERSION = '1.58.0';

const findings = z.array(z.object({ Rule: z.object({ Id: z.string() }), Message: z.string() }));

const installed = (ground: Ground): Promise<string> => pythonWith(ground, [`cfn-lint==${VERSION}`]);

/** The linter of CloudFormation, with AWS's own resource schemas. */
export const cfnLint: Peer = {
  name: 'cfn-lint',
  software: 'cfn-lint',
  version: VERSION,
  from: 'PyPI',
  against: '`infra/templates`, and templates of all other constructs',
  needs: ['python3'],
  limits: 'A finding of any kind is a disagreement.',
  explained: [
    {
      cases: /^synthesized .*: W3005 /,
      why: 'The CDK lets each function wait for its role and the policies of it; that it refers to the role as well does no harm.',
      source:
        'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html',
    },
    {
      cases: /: W3002 /,
      why: 'Code is a relative path by intent: `aws cloudformation package` puts what it names into a bucket.',
      source: 'https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html',
    },
  ],
  install: installed,
  run: async (ground) => {
    const bin = await installed(ground);
    return withTemplates((templates) => findingsIn(bin, templates));
  },
};

async function findingsIn(bin: string, templates: readonly TemplateFile[]): Promise<readonly Case[]> {
  const cases: Case[] = [];
  for (const { name: template, path } of templates) {
    const { stdout } = await run(join(bin, 'cfn-lint'), ['-f', 'json', path]);
    const found = findings.parse(JSON.parse(stdout || '[]'));
    const texts = new Set(found.map(({ Rule, Message }) => `${Rule.Id} ${Message}`));
    cases.push({ name: `${template}: read`, theirs: true, ours: true });
    for (const text of texts) cases.push({ name: `${template}: ${text}`, theirs: 'found', ours: 'nothing' });
  }
  return cases;
}
