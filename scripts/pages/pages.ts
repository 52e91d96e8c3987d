import { findingsPage } from './findings-page.ts';
import { metricsPage } from './metrics-page.ts';
import { settingsPage } from './settings-page.ts';

/** Every generated file, by its path from the root. */
export const PAGES: Readonly<Record<string, () => string>> = {
  'docs/findings.md': findingsPage,
  'docs/metrics.md': metricsPage,
  'docs/settings.md': settingsPage,
};
