import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { run } from './ground.ts';
import type { Case } from './peer.ts';

const HOME = fileURLToPath(new URL('../..', import.meta.url));

const report = z.object({
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(
        z.object({ title: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

/** Runs one contract suite of the tests on software of others; a case for each of its tests. */
export async function contractCases(
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly Case[]> {
  const folder = await mkdtemp(join(tmpdir(), 'contract-'));
  const output = join(folder, 'report.json');
  const words = [
    'vitest',
    'run',
    '--config',
    'peers/contract/vitest.config.ts',
    `peers/contract/${name}.test.ts`,
  ];
  const reporting = ['--reporter=json', `--outputFile=${output}`];
  const { stderr } = await run('npx', [...words, ...reporting], { cwd: HOME, env });
  try {
    const { testResults } = report.parse(JSON.parse(await readFile(output, 'utf8')));
    const results = testResults.flatMap(({ assertionResults }) => assertionResults);
    if (results.length === 0)
      throw new Error(`The contract did not run: ${testResults[0]?.message ?? stderr}`);
    return results.map(({ title, status, failureMessages: [failure = status] }) => ({
      name: `contract: ${title}`,
      theirs: status === 'passed' ? 'holds' : failure.slice(0, 400),
      ours: 'holds',
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
