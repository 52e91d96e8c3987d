import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { GENERATED_FILES } from '../../scripts/pages/generated-files.ts';
import { PAGES } from '../../scripts/pages/pages.ts';
import { variableOf } from '../../src/monitor/config/setting.ts';
import { SETTINGS } from '../../src/monitor/config/settings.ts';
import { METRICS } from '../../src/monitor/domain/metric.ts';

/** The files that are read here; `test/e2e/drill.test.ts` plays the drill that README shows. */
const READ = Object.entries(GENERATED_FILES).filter(([path]) => path !== 'README.md');

test.each(READ)('%s is fresh', async (path, text) => {
  expect(readFileSync(path, 'utf8')).toBe(await text());
});

test.each(Object.keys(PAGES))('%s says how it was made', (path) => {
  expect(readFileSync(path, 'utf8').split('\n')[0]).toContain('npm run generate');
});

test('no metric and no setting is left out', () => {
  const metrics = readFileSync('docs/metrics.md', 'utf8');
  for (const name of Object.keys(METRICS)) expect(metrics).toContain(`\`${name}\``);
  const settings = readFileSync('docs/settings.md', 'utf8');
  for (const setting of Object.values(SETTINGS)) expect(settings).toContain(`\`${variableOf(setting)}\``);
});
