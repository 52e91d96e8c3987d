import { variableOf } from '../../src/monitor/config/setting.ts';
import { type Config, SETTINGS } from '../../src/monitor/config/settings.ts';

/** Texts of settings, by their field; what is left out or undefined is not set. */
export type SettingTexts = { readonly [Field in keyof Config]?: string | undefined };

/** The environment variables that say the same; their names come from the settings table. */
export function environmentOf(texts: SettingTexts): Record<string, string> {
  const variables = Object.entries(texts).flatMap(([field, text]) => {
    const setting = SETTINGS[field as keyof Config];
    return text === undefined ? [] : [[variableOf(setting), text] as const];
  });
  return Object.fromEntries(variables);
}
