import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { FLEET_NAMES } from './fleet.ts';
import { run } from './ground.ts';
import type { Case } from './peer.ts';

/** The judgement of a scanner, or of our audit, on one secret. */
export type Judged = 'fails' | 'passes' | 'not judged';

/** Judgements by control or check, then by name of the secret. */
export type Judgements = ReadonlyMap<string, ReadonlyMap<string, Judged>>;

const report = z.object({
  secrets: z.array(
    z.object({
      secretName: z.string(),
      coverage: z.string(),
      deletedAt: z.string().nullable(),
      controls: z.array(z.object({ control: z.string(), status: z.string() })),
      findings: z.array(z.object({ code: z.string() })),
    }),
  ),
});

/** Finding of the audit that stands for no control of a standard. */
export const STAGED_BY_HAND = 'pending-without-rotation';

/** The judgements of `rotation-monitor audit` on all secrets behind an endpoint. */
export async function auditedFleet(endpoint: string): Promise<Judgements> {
  const words = ['tsx', fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url)), 'audit', '--json'];
  const { stdout, stderr } = await run('npx', words, { env: callerOf(endpoint) });
  if (stdout === '') throw new Error(`The audit ended without a report: ${stderr.slice(-1000)}`);
  const { secrets } = report.parse(JSON.parse(stdout));
  const judged = secrets.flatMap(({ secretName, coverage, deletedAt, controls, findings }) => {
    const isStaged = findings.some(({ code }) => code === STAGED_BY_HAND);
    const isJudged = coverage === 'checked' && deletedAt === null;
    const staged = isJudged ? [{ control: STAGED_BY_HAND, status: isStaged ? 'alarm' : 'ok' }] : [];
    return [...controls, ...staged].map(
      ({ control, status }) => [control, secretName, WORDS[status] ?? 'not judged'] as const,
    );
  });
  return judgementsOf(judged);
}

const WORDS: Readonly<Record<string, Judged>> = { alarm: 'fails', ok: 'passes' };

/** Judgements from rows of control, secret and judgement. */
export function judgementsOf(rows: readonly (readonly [string, string, Judged])[]): Judgements {
  const all = new Map<string, Map<string, Judged>>();
  for (const [control, secret, judged] of rows)
    all.set(control, (all.get(control) ?? new Map<string, Judged>()).set(secret, judged));
  return all;
}

/** Environment in which the programs of others read from an endpoint, whatever the person at the machine has set up. */
export const callerOf = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: 'operator',
  AWS_SECRET_ACCESS_KEY: 'simulated',
  AWS_REGION: 'eu-west-1',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  TZ: 'UTC',
});

/** A case for each secret and each control of ours that stands beside a check of theirs. */
export const casesOf = (
  pairs: Readonly<Record<string, string>>,
  { theirs, ours }: { readonly theirs: Judgements; readonly ours: Judgements },
): readonly Case[] =>
  Object.entries(pairs).flatMap(([control, check]) =>
    FLEET_NAMES.map((name) => ({
      name: `${control} beside ${check}: ${name}`,
      theirs: theirs.get(check)?.get(name) ?? 'not judged',
      ours: ours.get(control)?.get(name) ?? 'not judged',
    })),
  );

/** Says which control of ours stands beside which check of theirs. */
export const pairsText = (pairs: Readonly<Record<string, string>>): string => {
  const each = Object.entries(pairs).map(([control, check]) => `\`${control}\` beside \`${check}\``);
  return `These are compared: ${each.join(', ')}.`;
};
