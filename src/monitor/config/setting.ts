import type { SettingKind } from './setting-kind.ts';

/** One setting. */
export interface Setting<T> {
  /** Kebab-case; the environment variable is derived from it. */
  readonly key: string;
  /** End of the key of the secret's tag that overrides it, after `rotation-monitor:`. */
  readonly tag?: string;
  readonly kind: SettingKind<T>;
  /** Default as it would be written; without one the setting is required, or undefined if `optional`. */
  readonly default?: string;
  readonly optional?: true;
  /** Optional settings with the same word here are all set or none. */
  readonly together?: string;
  /** Key of a setting that has to be set too when this one is. */
  readonly needs?: string;
  /** A variable of the runtime that stands in when ours is not set. */
  readonly insteadOf?: string;
  readonly example: string;
  /** One sentence. */
  readonly meaning: string;
}

/** One setting for every field. */
export type SettingTable<Fields> = { readonly [Name in keyof Fields]: Setting<NonNullable<Fields[Name]>> };

/** The environment variable of a setting. */
export const variableOf = ({ key }: Pick<Setting<unknown>, 'key'>): string =>
  `ROTATION_MONITOR_${key.replaceAll('-', '_').toUpperCase()}`;
