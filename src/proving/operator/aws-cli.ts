import { search } from '@aws-lambda-powertools/jmespath';
import { AwsError } from '../../simulator/call/aws-error.ts';
import type { Input, ServiceName } from '../../simulator/call/service.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { type ReadOptions, readOptions } from './aws-cli-options.ts';
import { CommandLineError, readCommandLine } from './shell-words.ts';

/** A command line of the AWS CLI, read. */
export interface AwsCommand {
  /** Service as the CLI names it, such as `logs`. */
  readonly service: string;
  /** Operation as the CLI names it, such as `describe-secret`. */
  readonly operation: string;
  readonly options: ReadOptions;
  /** Text that it reads from `/dev/stdin`; undefined when that is not redirected. */
  readonly standardInput: string | undefined;
}

/** The outcome of a command. */
export type CommandOutcome =
  /** The service answered; `functionError` when it was a function that failed. */
  | {
      readonly kind: 'done';
      readonly operation: string;
      readonly answer: unknown;
      readonly functionError: boolean;
    }
  /** The service refused; `text` is what the CLI prints. */
  | { readonly kind: 'refused'; readonly operation: string; readonly code: string; readonly text: string }
  /** Only reads, from something that the simulator does not have. */
  | { readonly kind: 'skipped'; readonly text: string };

const SERVICES: Readonly<Record<string, ServiceName>> = {
  secretsmanager: 'secretsmanager',
  lambda: 'lambda',
  cloudtrail: 'cloudtrail',
  events: 'events',
  sqs: 'sqs',
  sns: 'sns',
  cloudwatch: 'monitoring',
  sts: 'sts',
  dynamodb: 'dynamodb',
  logs: 'logs',
  kms: 'kms',
  rds: 'rds',
  scheduler: 'scheduler',
};

/** Operations of any service that change nothing. */
const READING = /^(describe|list|get|tail|lookup|filter|head)(-|$)/;

/** Operations whose idempotency token the CLI makes. */
const TOKENED: readonly string[] = ['CreateSecret', 'PutSecretValue', 'RotateSecret', 'UpdateSecret'];

/** Reads one command line as alerts print it: `aws <service> <operation> --option value …`. */
export function parseAwsCommand(line: string): AwsCommand {
  const { words: all, input } = readCommandLine(line);
  const [program, ...words] = all;
  if (program !== 'aws')
    throw new CommandLineError(`Cannot run "${program ?? ''}": the command has to begin with aws`);
  const first = words.findIndex((word, at) => !word.startsWith('--') && !takesWord(words[at - 1]));
  const [service, operation] = first < 0 ? [] : words.slice(first);
  if (service === undefined || operation === undefined || operation.startsWith('-')) {
    throw new CommandLineError(`Cannot run "${line}": it has to name a service and an operation`);
  }
  const rest = [...words.slice(0, first), ...words.slice(first + 2)];
  const options = readOptions(rest, SERVICES[service] ?? 'secretsmanager');
  return { service, operation, options, standardInput: input };
}

/** The person who types. */
interface Typist {
  /** Makes the idempotency tokens that the CLI would make. */
  readonly uuid: () => string;
  /** `operator` when left out. */
  readonly role?: string;
}

/** Runs one command line as somebody with the operator's permissions does. */
export async function runAwsCommand(
  simulator: Pick<Simulator, 'call' | 'services' | 'home'>,
  line: string,
  typist: Typist,
): Promise<CommandOutcome> {
  const { uuid, role = 'operator' } = typist;
  const command = parseAwsCommand(await substituted(simulator, line, typist));
  const { service: shown, operation: kebab, options } = command;
  const { region = simulator.home.region } = options.globals;
  if (region !== simulator.home.region) {
    if (READING.test(kebab)) return { kind: 'skipped', text: `The simulator has no region ${region}.` };
    throw new CommandLineError(
      `Cannot run in region ${region}: the simulator is in ${simulator.home.region} only`,
    );
  }
  const service = SERVICES[shown];
  const operation = service && operationNamed(kebab, Object.keys(simulator.services[service].operations));
  if (service === undefined || operation === undefined) return skipped(shown, kebab);
  const input = inputOf(operation, command, uuid);
  try {
    const answer = await simulator.call(service, operation, input, role);
    return { kind: 'done', operation, answer, functionError: hasFunctionError(answer) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const text = `An error occurred (${error.code}) when calling the ${operation} operation: ${error.message}`;
    return { kind: 'refused', operation, code: error.code, text };
  }
}

/** The operation of a command: names of the API may be written in capitals, as in `DescribeDBInstances`. */
const operationNamed = (kebab: string, known: readonly string[]): string | undefined =>
  known.find((name) => name.toLowerCase() === kebab.replaceAll('-', ''));

/** A command within double quotes of another, whose text stands for it. */
const SUBSTITUTION = /"\$\((aws .*?)\)"/;

/** The line with the text of each command in it in its place, as a shell puts it there. */
async function substituted(
  simulator: Parameters<typeof runAwsCommand>[0],
  line: string,
  typist: Typist,
): Promise<string> {
  const [found, inner] = SUBSTITUTION.exec(line) ?? [];
  if (found === undefined || inner === undefined) return line;
  const outcome = await runAwsCommand(simulator, inner, typist);
  const text = outcome.kind === 'done' ? printedText(outcome.answer, inner) : '';
  return substituted(
    simulator,
    line.replace(found, () => `'${text}'`),
    typist,
  );
}

/** Returns the CLI's text for `--output text`: the words that `--query` picks. */
export function printedText(answer: unknown, line: string): string {
  const { query = '@' } = parseAwsCommand(line).options.globals;
  const picked: unknown = search(query, JSON.parse(JSON.stringify(answer ?? {})));
  return (Array.isArray(picked) ? picked : [picked]).map((word) => String(word ?? 'None')).join('\t');
}

/** Options of the CLI itself may stand before the service. */
const takesWord = (before: string | undefined): boolean =>
  before !== undefined && /^--(region|profile|output|query|endpoint-url|color)$/.test(before);

function skipped(service: string, operation: string): CommandOutcome {
  if (READING.test(operation))
    return { kind: 'skipped', text: `aws ${service} ${operation} only reads; it is not simulated` };
  throw new CommandLineError(`Cannot run "aws ${service} ${operation}": the simulator does not know it`);
}

function inputOf(operation: string, command: AwsCommand, uuid: () => string): Input {
  const { input, positional } = command.options;
  if (operation === 'Invoke') return invocation(command);
  if (positional.length > 0) {
    throw new CommandLineError(`Cannot read "${positional.join(' ')}": unknown words`);
  }
  return TOKENED.includes(operation) ? { ClientRequestToken: uuid(), ...input } : input;
}

/**
 * `lambda invoke` has the file for the answer as its last word. A payload from a file is taken as it is, one on the
 * command line for base64 by default.
 */
function invocation({ options: { input, globals, positional }, standardInput }: AwsCommand): Input {
  if (positional.length !== 1) {
    throw new CommandLineError(
      `Cannot run lambda invoke: expected one output file, got ${positional.length}`,
    );
  }
  const { Payload } = input;
  if (typeof Payload !== 'string' || globals['cli-binary-format'] === 'raw-in-base64-out') return input;
  if (!Payload.startsWith('fileb://')) {
    return { ...input, Payload: Buffer.from(Payload, 'base64').toString('utf8') };
  }
  if (Payload === 'fileb:///dev/stdin' && standardInput !== undefined) {
    return { ...input, Payload: standardInput };
  }
  throw new CommandLineError(`Cannot read "${Payload}": only a standard input that is given is read`);
}

const hasFunctionError = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && Reflect.get(answer, 'FunctionError') !== undefined;
