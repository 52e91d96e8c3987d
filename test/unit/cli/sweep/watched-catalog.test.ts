import { expect, test } from 'vitest';
import { watchedCatalog } from '../../../../src/cli/sweep/look.ts';
import { memorySecretCatalog } from '../../../../src/monitor/adapters/memory/memory-secret-catalog.ts';
import { healthy } from '../../../support/secrets.ts';

test('watchedCatalog shows each page before its reader has it, and changes nothing', async () => {
  const stored = Array.from({ length: 101 }, (_, index) => healthy(`s/${index}`));
  const seen: string[] = [];
  const catalog = watchedCatalog(
    memorySecretCatalog(stored),
    (page) => void seen.push(`seen ${page.length}`),
  );
  for await (const { secrets } of catalog.list()) seen.push(`read ${secrets.length}`);
  expect(seen).toEqual(['seen 100', 'read 100', 'seen 1', 'read 1']);
  expect(await catalog.describe('s/7')).toBe(stored[7]?.secret);
  expect(await catalog.versions(healthy('s/7').secret.arn)).toHaveLength(2);
});
