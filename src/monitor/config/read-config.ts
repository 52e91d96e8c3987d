import { type Setting, variableOf } from './setting.ts';
import { type Config, SETTINGS } from './settings.ts';

/** Environment variables, passed in once at the edge. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting that cannot be used. */
export interface ConfigFault {
  readonly variable: string;
  readonly expected: string;
  /** Undefined when the variable is not set. */
  readonly got: string | undefined;
  readonly example: string;
}

/** The settings cannot be used; names every fault at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(`Cannot use the settings:\n${faults.map(faultLine).join('\n')}`);
    this.faults = faults;
  }
}

/** Longest text of a variable that an error repeats. */
const LONGEST_GOT = 100;

/** Reads all settings from the environment; throws one {@link ConfigError} with all faults. */
export function readConfig(environment: Environment): Config {
  const readings = Object.entries(SETTINGS).map(
    ([field, setting]) => [field, readSetting(setting, environment)] as const,
  );
  const faults = [
    ...readings.flatMap(([, reading]) => ('fault' in reading ? [reading.fault] : [])),
    ...halfSet(environment),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
  const values = readings.map(([field, reading]) => [field, 'value' in reading ? reading.value : undefined]);
  // SETTINGS has one setting for every field of Config, of the field's own type.
  return Object.freeze(Object.fromEntries(values)) as Config;
}

type Reading = { readonly value: unknown } | { readonly fault: ConfigFault };

function readSetting(setting: Setting<unknown>, environment: Environment): Reading {
  const variable = variableOf(setting);
  const given = presence(environment[variable]) ?? presence(environment[setting.insteadOf ?? '']);
  const text = given ?? setting.default;
  if (text === undefined && setting.optional) return { value: undefined };
  const value = text === undefined ? undefined : setting.kind.parse(text);
  if (value !== undefined) return { value };
  const got = setting.kind.secret ? given && '<redacted>' : given?.slice(0, LONGEST_GOT);
  const expected = (text && setting.kind.explain?.(text)) || setting.kind.expected;
  return { fault: { variable, expected, got, example: setting.example } };
}

/** Settings that are missing although others that go with them, or need them, are set. */
function halfSet(environment: Environment): readonly ConfigFault[] {
  const settings: readonly Setting<unknown>[] = Object.values(SETTINGS);
  const set = settings.filter((each) => presence(environment[variableOf(each)]) !== undefined);
  return settings.flatMap((setting) => {
    const { key, together, kind, example } = setting;
    const other = set.find(
      (each) => each.needs === key || (together !== undefined && each.together === together),
    );
    if (other === undefined || set.includes(setting)) return [];
    const expected = `${kind.expected}, because ${variableOf(other)} is set`;
    return [{ variable: variableOf(setting), expected, got: undefined, example }];
  });
}

/** A variable that is set to nothing is not set. */
const presence = (text: string | undefined): string | undefined => text?.trim() || undefined;

const faultLine = ({ variable, expected, got, example }: ConfigFault): string =>
  `${variable}: expected ${expected}, got ${got === undefined ? 'nothing' : `"${got}"`}; example: ${variable}=${example}`;
