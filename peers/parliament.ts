import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { OPERATOR_POLICIES } from '../infra/permissions/operator-policies.ts';
import { ofType, PLACE, resourcesIn } from '../src/proving/player/deployed-resources.ts';
import { arnOf } from '../test/support/policy-arns.ts';
import { type Ground, programPath, run } from './support/ground.ts';
import type { Case, Peer } from './support/peer.ts';
import { pythonWith } from './support/python.ts';
import { type TemplateFile, withTemplates } from './support/templates.ts';

const VERSION = '1.6.4';

const policy = z.object({ PolicyName: z.string(), PolicyDocument: z.unknown() });
const role = z.object({ Policies: z.array(policy).default([]) });

/** A finding that actions are allowed on everything, all of which only read. */
const READS_ALL = /^RESOURCE_STAR: \['\w+:(Get|List|Describe)\w+'(, '\w+:(Get|List|Describe)\w+')*\]$/;

const installed = (ground: Ground): Promise<string> =>
  pythonWith(ground, [`parliament==${VERSION}`, 'setuptools==80.9.0']);

/** A linter of IAM policies. */
export const parliament: Peer = {
  name: 'parliament',
  software: 'Parliament',
  version: VERSION,
  from: 'PyPI',
  against: 'the policies of all roles of `infra/templates` and of all other constructs, and those for people',
  needs: ['python3'],
  limits: 'Policies of resources are not read: it knows those of identities.',
  explained: [
    {
      cases: /^people: /,
      why: 'People look at all secrets, functions, queues and topics of an account, whatever their names; what changes something names its resources.',
      source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
      rest: (found) => (Array.isArray(found) ? found.filter((text) => !READS_ALL.test(String(text))) : found),
    },
  ],
  install: installed,
  run: async (ground) => {
    const bin = await installed(ground);
    const deployed = await withTemplates((templates) => Promise.all(templates.map(policiesOf)));
    const policies = [...deployed.flat(), ...policiesForPeople()];
    const input = policies.map(({ document }) => `${JSON.stringify(document)}\n`).join('');
    const ran = await run(join(bin, 'python'), [programPath('policies.py')], { input });
    if (ran.status !== 0) throw new Error(`Parliament ended with ${ran.status}: ${ran.stderr.slice(-1000)}`);
    const answers = ran.stdout.trim().split('\n');
    return policies.map(
      ({ name }, index): Case => ({ name, theirs: JSON.parse(answers[index] ?? 'null'), ours: [] }),
    );
  },
};

/** A policy of an identity. */
interface Policy {
  readonly name: string;
  readonly document: unknown;
}

/** The policies of `docs/permissions.md` that people are given. */
const policiesForPeople = (): readonly Policy[] =>
  OPERATOR_POLICIES.map(({ name, statements }) => ({
    name: `people: ${name}`,
    document: {
      Version: '2012-10-17',
      Statement: statements.map(({ sid, effect, actions, resources, conditions }) => ({
        Sid: sid,
        Effect: effect,
        Action: actions,
        Resource: resources.map(arnOf),
        ...(conditions === undefined ? {} : { Condition: conditions }),
      })),
    },
  }));

async function policiesOf({ name: template, path }: TemplateFile): Promise<readonly Policy[]> {
  const json = JSON.parse(await readFile(path, 'utf8'));
  const resources = resourcesIn(json, { ...PLACE, parameters: textsFor(json) });
  const own = ofType(resources, 'AWS::IAM::Role').flatMap(({ id, properties }) =>
    role.parse(properties).Policies.map((each) => ({ id, ...each })),
  );
  const apart = ofType(resources, 'AWS::IAM::Policy').map(({ id, properties }) => ({
    id,
    ...policy.parse(properties),
  }));
  return [...own, ...apart].map(({ id, PolicyName, PolicyDocument }) => ({
    name: `${template}: ${id} ${PolicyName}`,
    document: PolicyDocument,
  }));
}

const template = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.string().optional() })).default({}),
});

/** Texts in the place of parameters without a usable default, by the end of the parameter's name. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/AccountId$/, '111122223333'],
  [/Regions?$/, 'eu-west-1'],
  [/ParameterName$/, '/rotation-monitor/text'],
  [/$/, 'text'],
];

const textsFor = (json: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(template.parse(json).Parameters)
      .filter(([, { Default }]) => !Default)
      .map(([id]) => [id, TEXTS.find(([end]) => end.test(id))?.[1] ?? '']),
  );
