import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

/** Programs that `npm run` starts, but for the product's own command line and what the CDK starts. */
const TOOLS = [
  ...new Set(Object.values(scripts).flatMap((line) => line.match(/(?:scripts|bench|peers)\/\S+\.ts/g) ?? [])),
];

test('the tools are found', () => {
  expect(TOOLS).toContain('scripts/check.ts');
  expect(TOOLS).toContain('bench/chaos/run.ts');
});

test.each(TOOLS)('%s has help and refuses what it does not understand', (path) => {
  expect(readFileSync(path, 'utf8')).toMatch(/\b(tool|chaos)Command\(/);
});
