import { alarmsPage } from './alarms-page.ts';
import { failureModesPage } from './failure-modes-page.ts';
import { findingsPage } from './findings-page.ts';
import { decisionsIndex, docsIndex, runbooksIndex } from './index-pages.ts';
import { metricsPage } from './metrics-page.ts';
import { permissionsPage } from './permissions-page.ts';
import { settingsPage } from './settings-page.ts';

/** Every generated file, by its path from the root. */
export const PAGES: Readonly<Record<string, () => string>> = {
  'decisions/README.md': decisionsIndex,
  'docs/README.md': docsIndex,
  'docs/alarms.md': alarmsPage,
  'docs/failure-modes.md': failureModesPage,
  'docs/findings.md': findingsPage,
  'docs/metrics.md': metricsPage,
  'docs/permissions.md': permissionsPage,
  'docs/runbooks/README.md': runbooksIndex,
  'docs/settings.md': settingsPage,
};
