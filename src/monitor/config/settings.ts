import { AUDIT_SETTINGS, type AuditConfig } from './audit-settings.ts';
import { JUDGING_SETTINGS, type JudgingConfig } from './judging-settings.ts';
import { RESOURCE_SETTINGS, type ResourceConfig } from './resource-settings.ts';
import { SERVICE_SETTINGS, type ServiceConfig } from './service-settings.ts';
import type { SettingTable } from './setting.ts';

/** All settings of the monitor; made once by `readConfig` and never changed. Durations are in milliseconds. */
export interface Config extends ResourceConfig, JudgingConfig, ServiceConfig, AuditConfig {}

/** The settings table: configuration, documentation and deployed environment follow it. */
export const SETTINGS: SettingTable<Config> = {
  ...RESOURCE_SETTINGS,
  ...JUDGING_SETTINGS,
  ...SERVICE_SETTINGS,
  ...AUDIT_SETTINGS,
};
