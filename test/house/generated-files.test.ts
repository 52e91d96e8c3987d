import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TEMPLATE_FILES } from '../../infra/templates/templates.ts';
import { DASHBOARD_FILES } from '../../scripts/dashboards/dashboard-files.ts';
import { PAGES } from '../../scripts/pages/pages.ts';
import { SECTIONS } from '../../scripts/pages/sections.ts';
import { SCHEMA_FILES } from '../../scripts/schemas/schema-files.ts';
import { variableOf } from '../../src/monitor/config/setting.ts';
import { SETTINGS } from '../../src/monitor/config/settings.ts';
import { METRICS } from '../../src/monitor/domain/metric.ts';

test.each(Object.entries(PAGES))('%s is fresh and says how it was made', (path, text) => {
  const written = readFileSync(path, 'utf8');
  expect(written).toBe(text());
  expect(written.split('\n')[0]).toContain('npm run generate');
});

test.each(Object.entries({ ...TEMPLATE_FILES, ...DASHBOARD_FILES, ...SCHEMA_FILES }))(
  '%s is fresh',
  (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text());
  },
);

test.each(Object.entries(SECTIONS))('the generated part of %s is fresh', async (path, text) => {
  expect(readFileSync(path, 'utf8')).toBe(await text());
});

test('no metric and no setting is left out', () => {
  const metrics = readFileSync('docs/metrics.md', 'utf8');
  for (const name of Object.keys(METRICS)) expect(metrics).toContain(`\`${name}\``);
  const settings = readFileSync('docs/settings.md', 'utf8');
  for (const setting of Object.values(SETTINGS)) expect(settings).toContain(`\`${variableOf(setting)}\``);
});
