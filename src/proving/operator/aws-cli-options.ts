import type { Input, ServiceName } from '../../simulator/call/service.ts';
import { CommandLineError } from './shell-words.ts';

/** The kind of value that an option of the AWS CLI takes. */
type OptionKind = 'text' | 'number' | 'flag' | 'structure' | 'structures' | 'list';

/** Options that are no single text; by service, in the spelling of the CLI. */
const KINDS: Readonly<Partial<Record<ServiceName, Readonly<Record<string, OptionKind>>>>> = {
  secretsmanager: {
    'add-replica-regions': 'structures',
    filters: 'structures',
    'force-delete-without-recovery': 'flag',
    'force-overwrite-replica-secret': 'flag',
    'include-deprecated': 'flag',
    'include-planned-deletion': 'flag',
    'max-results': 'number',
    'recovery-window-in-days': 'number',
    'remove-replica-regions': 'list',
    'rotate-immediately': 'flag',
    'rotation-rules': 'structure',
    'tag-keys': 'list',
    tags: 'structures',
    'version-stages': 'list',
  },
  lambda: { 'reserved-concurrent-executions': 'number', timeout: 'number' },
  logs: {
    'end-time': 'number',
    limit: 'number',
    'log-stream-names': 'list',
    'start-from-head': 'flag',
    'start-time': 'number',
  },
  rds: {
    'apply-immediately': 'flag',
    'manage-master-user-password': 'flag',
    'rotate-master-user-password': 'flag',
  },
  sqs: {
    'attribute-names': 'list',
    'max-number-of-messages': 'number',
    'message-attribute-names': 'list',
  },
  cloudtrail: { 'lookup-attributes': 'structures', 'max-results': 'number' },
};

/** Members whose names are not the option in PascalCase. */
const MEMBERS: Readonly<Record<string, string>> = {
  'rotation-lambda-arn': 'RotationLambdaARN',
  'db-instance-identifier': 'DBInstanceIdentifier',
  'db-cluster-identifier': 'DBClusterIdentifier',
};

/** Members of shorthand syntax that are numbers. */
const NUMBERS: ReadonlySet<string> = new Set(['AutomaticallyAfterDays']);

/** `secret-id` in the words of the API: `SecretId`. */
const pascalCase = (kebab: string): string =>
  kebab.replaceAll(/(?:^|-)([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());

/** The words after an operation: the members of the input, the options that are not the operation's, and the rest. */
export interface ReadOptions {
  readonly input: Input;
  readonly globals: Readonly<Record<string, string>>;
  readonly positional: readonly string[];
}

/** Options of the CLI itself, with or without a value. */
const GLOBALS: Readonly<Record<string, 'text' | 'flag'>> = {
  'cli-binary-format': 'text',
  'cli-connect-timeout': 'text',
  'cli-input-json': 'text',
  'cli-read-timeout': 'text',
  color: 'text',
  debug: 'flag',
  'endpoint-url': 'text',
  'no-cli-auto-prompt': 'flag',
  'no-cli-pager': 'flag',
  'no-paginate': 'flag',
  output: 'text',
  profile: 'text',
  query: 'text',
  region: 'text',
};

/** Reads options as the AWS CLI does: `--name value`, `--name=value`, `--flag`, `--no-flag`, JSON and shorthand. */
export function readOptions(words: readonly string[], service: ServiceName): ReadOptions {
  const kinds = KINDS[service] ?? {};
  const input: Record<string, unknown> = {};
  const globals: Record<string, string> = {};
  const positional: string[] = [];
  for (let at = 0; at < words.length; ) {
    const { name, values, next } = readOption(words, at, kinds);
    at = next;
    if (name === undefined) positional.push(...values);
    else if (GLOBALS[name] !== undefined) globals[name] = values[0] ?? 'true';
    else Object.assign(input, memberOf(name, values, { kinds, service }));
  }
  const { 'cli-input-json': json } = globals;
  const given = json === undefined ? undefined : jsonOf('cli-input-json', json);
  return { input: { ...Object(given), ...input }, globals, positional };
}

interface ReadOption {
  /** Undefined for a word that belongs to no option. */
  readonly name: string | undefined;
  readonly values: readonly string[];
  /** Index of the next word. */
  readonly next: number;
}

function readOption(
  words: readonly string[],
  at: number,
  kinds: Readonly<Record<string, OptionKind>>,
): ReadOption {
  const word = words[at] ?? '';
  const [, name, equals, attached] = /^--([a-z][a-z0-9-]*)(=([\s\S]*))?$/.exec(word) ?? [];
  if (name === undefined) return { name: undefined, values: [word], next: at + 1 };
  if (equals !== undefined) return { name, values: [attached ?? ''], next: at + 1 };
  const kind = GLOBALS[name] ?? kinds[name] ?? (kinds[name.replace(/^no-/, '')] === 'flag' ? 'flag' : 'text');
  const end = at + 1 + valueCount(kind, words.slice(at + 1));
  if (kind === 'text' && end === at + 1) throw new CommandLineError(`Cannot read --${name}: it has no value`);
  return { name, values: words.slice(at + 1, end), next: end };
}

function valueCount(kind: OptionKind, rest: readonly string[]): number {
  const first = rest.findIndex(isTakenForOption);
  const available = first < 0 ? rest.length : first;
  switch (kind) {
    case 'flag':
      return 0;
    case 'list':
    case 'structures':
      return available;
    default:
      return Math.min(1, available);
  }
}

/**
 * Whether a word is read as an option, known or not, so that it is no value: `-name` is one, `-1` and `-a b` are none.
 * https://docs.python.org/3/library/argparse.html#arguments-containing
 */
const isTakenForOption = (word: string): boolean =>
  /^-./.test(word) && !word.includes(' ') && !/^-(\d+|\d*\.\d+)$/.test(word);

function memberOf(
  name: string,
  values: readonly string[],
  { kinds, service }: { readonly kinds: Readonly<Record<string, OptionKind>>; readonly service: ServiceName },
): Input {
  const positive = name.replace(/^no-/, '');
  if (kinds[positive] === 'flag') return { [member(positive, service)]: positive === name };
  return { [member(name, service)]: valueFrom(kinds[name] ?? 'text', name, values) };
}

/** Members of CloudWatch Logs begin with a small letter. */
function member(name: string, service: ServiceName): string {
  const found = MEMBERS[name] ?? pascalCase(name);
  return service === 'logs' ? found.slice(0, 1).toLowerCase() + found.slice(1) : found;
}

function valueFrom(kind: OptionKind, name: string, values: readonly string[]): unknown {
  const [first = ''] = values;
  if (kind === 'text') return textOf(name, first);
  if (kind === 'number') return numberOf(name, first);
  if (/^[[{]/.test(first.trim())) return jsonOf(name, first);
  if (kind === 'list') return values;
  const structures = values.map((value) => shorthand(name, value));
  return kind === 'structure' ? structures[0] : structures;
}

/**
 * Options whose value is an address by its nature: the CLI never fetches it.
 * https://github.com/aws/aws-cli/blob/v2/awscli/paramfile.py
 */
const ADDRESSES: readonly string[] = ['queue-url'];

/** The text of a file or an address stands for its name: that is what nobody means who types a version id. */
function textOf(name: string, text: string): string {
  if (ADDRESSES.includes(name) || !/^(?:file|https?):\/\//.test(text)) return text;
  throw new CommandLineError(`Cannot read --${name}: "${text}" names a file or an address`);
}

function numberOf(name: string, text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new CommandLineError(`Cannot read --${name}: expected a whole number, got "${text}"`);
}

function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandLineError(`Cannot read --${name}: expected JSON, got "${text}"`);
  }
}

/** `Key=a,Value=b`; members without a name of their own continue a list: `Values=a,b`. */
function shorthand(name: string, text: string): Input {
  const members: Record<string, unknown> = {};
  let last: string | undefined;
  for (const part of text.split(',')) {
    const [, key, value] = /^([A-Za-z]\w*)=([\s\S]*)$/.exec(part) ?? [];
    if (key !== undefined && value !== undefined) {
      members[key] = NUMBERS.has(key) ? numberOf(name, value) : value;
      last = key;
    } else if (last === undefined) {
      throw new CommandLineError(`Cannot read --${name}: expected Name=value, got "${part}"`);
    } else {
      members[last] = [members[last], part].flat();
    }
  }
  return members;
}
