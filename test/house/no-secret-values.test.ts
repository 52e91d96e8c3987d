import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const READS_VALUES = /GetSecretValue/;
/** The simulator plays the service, and the client library is what applications read values with. */
const MAY_READ = /^src\/(simulator|client)\//;

test('no source outside the simulator and the client library names a call that reads a value', () => {
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
