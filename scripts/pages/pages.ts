import { failureModesPage } from './failure-modes-page.ts';
import { findingsPage } from './findings-page.ts';
import { metricsPage } from './metrics-page.ts';
import { settingsPage } from './settings-page.ts';

/** Every generated file, by its path from the root. */
export const PAGES: Readonly<Record<string, () => string>> = {
  'docs/failure-modes.md': failureModesPage,
  'docs/findings.md': findingsPage,
  'docs/metrics.md': metricsPage,
  'docs/settings.md': settingsPage,
};
