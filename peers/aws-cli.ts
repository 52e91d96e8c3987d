import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { askedByBoto3 } from './moto.ts';
import { type Ground, programPath, run } from './support/ground.ts';
import { normal, without } from './support/normal.ts';
import type { Case, Peer } from './support/peer.ts';
import { pythonWith } from './support/python.ts';

const VERSION = '1.46.3';
/** The one that this version of the CLI was built with would do as well; this asks the same of the API by other code. */
const BOTO3 = '1.44.8';
/** Each call starts a process, so it makes those that operators type. */
const TYPED =
  /^(create|get|describe|put|versions|move|own label|remove|list|tag|untag|update|delete|restore|rotate|cancel|batch)/;

const call = z.object({
  name: z.string(),
  service: z.string(),
  operation: z.string(),
  input: z.record(z.string(), z.unknown()),
});

/** Folders of the programs of the CLI and of boto3. */
const installed = async (ground: Ground): Promise<{ readonly bin: string; readonly python: string }> => ({
  bin: await pythonWith(ground, [`awscli==${VERSION}`]),
  python: await pythonWith(ground, [`boto3==${BOTO3}`]),
});

/** The command line that our alerts ask people to use. */
export const awsCli: Peer = {
  name: 'aws-cli',
  software: 'AWS CLI, beside boto3',
  version: `${VERSION}, ${BOTO3}`,
  from: 'PyPI',
  against: '`simulate`',
  needs: ['python3'],
  limits: 'Two clients, one simulator: what differs is how an answer is read. Secrets Manager only.',
  explained: [],
  install: installed,
  run: async (ground) => {
    const { bin, python } = await installed(ground);
    const [first, second] = [await ground.simulate(), await ground.simulate()];
    const asked = await askedByBoto3(python, first.endpoint);
    const calls = z.array(call).parse(JSON.parse(await readFile(programPath('calls.json'), 'utf8')));
    const typed = calls.filter(({ service, name }) => service === 'secretsmanager' && TYPED.test(name));
    const home = await mkdtemp(join(tmpdir(), 'aws-cli-'));
    const cases: Case[] = [];
    for (const { name, operation, input } of typed) {
      const text = JSON.stringify(input).replaceAll(`\${create.ARN}`, arnOf(asked['create']));
      const words = [
        kebab(operation),
        '--cli-input-json',
        text,
        '--endpoint-url',
        second.endpoint,
        '--no-paginate',
      ];
      const ran = await run(join(bin, 'aws'), ['secretsmanager', ...words, '--output', 'json'], {
        env: env(home),
      });
      cases.push({ name, theirs: shown(ran), ours: withoutStatus(normal(asked[name])) });
    }
    await rm(home, { recursive: true, force: true });
    return cases;
  },
};

/** The CLI shows no HTTP status. */
const withoutStatus = without('status');

const env = (home: string): Readonly<Record<string, string>> => ({
  HOME: home,
  AWS_ACCESS_KEY_ID: 'operator',
  AWS_SECRET_ACCESS_KEY: 'simulated',
  AWS_REGION: 'eu-west-1',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_MAX_ATTEMPTS: '1',
});

/** Both simulators have the same seed, so the ARNs are the same. */
const arnOf = (answer: unknown): string =>
  z.object({ answer: z.object({ ARN: z.string() }) }).parse(answer).answer.ARN;

const kebab = (operation: string): string => operation.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

/** Returns the CLI's output in the form of {@link askedByBoto3}. */
function shown({ status, stdout, stderr }: { status: number; stdout: string; stderr: string }): unknown {
  const [, code] = /An error occurred \((\w+)\)/.exec(stderr) ?? [];
  if (code !== undefined) return { error: code };
  if (status !== 0) return { error: stderr.trim() };
  return normal({ answer: stdout.trim() === '' ? {} : dated(JSON.parse(stdout)) });
}

/** The CLI writes dates as text. */
function dated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dated);
  if (typeof value === 'string')
    return /^\d{4}-\d\d-\d\dT|^\d{10}(\.\d+)?$/.test(value) ? { date: value } : value;
  if (typeof value === 'number') return value > 1e9 ? { date: value } : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, dated(member)]));
}
