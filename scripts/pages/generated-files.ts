import { TEMPLATE_FILES } from '../../infra/templates/templates.ts';
import { DASHBOARD_FILES } from '../dashboards/dashboard-files.ts';
import { deployedHandlers } from '../schemas/deployed-handlers.ts';
import { SCHEMA_FILES } from '../schemas/schema-files.ts';
import { PAGES } from './pages.ts';
import { SECTIONS } from './sections.ts';

/**
 * Every generated file, with what it says when it is fresh. Templates come first: dashboards and pages are about what they
 * deploy.
 */
export const GENERATED_FILES: Readonly<Record<string, () => string | Promise<string>>> = {
  ...TEMPLATE_FILES,
  ...DASHBOARD_FILES,
  ...SCHEMA_FILES,
  'src/monitor/domain/doctor/deployed-handlers.ts': deployedHandlers,
  ...PAGES,
  ...SECTIONS,
};
