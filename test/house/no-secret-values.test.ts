import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The name of the permission calls nothing: roles have to deny it. */
const READS_VALUES = /(?<!secretsmanager:(?:Batch)?)GetSecretValue/;
/** The simulator plays the service, and scenarios may let an application read it. */
const MAY_READ = /^src\/(simulator|proving\/scenario)\//;

test('no source of the monitor names a call that reads a value', () => {
  const sources = ['src', 'scripts'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`),
  );
  const naming = sources.filter(
    (name) => !MAY_READ.test(name) && READS_VALUES.test(readFileSync(name, 'utf8')),
  );
  expect(sources.length).toBeGreaterThan(50);
  expect(naming).toEqual([]);
});
