import { DAY, type Instant, parseInstant } from '../../../calendar/instant.ts';
import { asSecretArn } from '../secret/secret.ts';
import { shownLine } from '../shown.ts';
import type { AuditException } from './audit-exception.ts';
import { CONTROL_IDS } from './control.ts';

/** Longest time that an exception may hold. */
const LONGEST_EXCEPTION_MS: number = 400 * DAY;
const LONGEST_TEXT = 256;

/** Exceptions as they were written, or the faults of all that cannot be used. */
export type ReadExceptions =
  | { readonly exceptions: readonly AuditException[] }
  | { readonly faults: readonly string[] };

/** Reads a list of exceptions out of parsed JSON; names every fault at once. */
export function readExceptions(value: unknown): ReadExceptions {
  if (!Array.isArray(value)) return { faults: ['Expected a list of exceptions.'] };
  const read = value.map((each, index) => readException(each, `Exception ${index + 1}`));
  const faults = read.flatMap((each) => ('faults' in each ? each.faults : []));
  return faults.length > 0
    ? { faults }
    : { exceptions: read.flatMap((each) => ('faults' in each ? [] : [each])) };
}

/** Reads one exception; `name` begins the sentences about its faults. */
function readException(
  value: unknown,
  name = 'The exception',
): AuditException | { readonly faults: readonly string[] } {
  const fields = new Fields(value, name);
  const secretArn = fields.read('secretArn', 'the full ARN of a secret', asSecretArn);
  const control = fields.read('control', `one of ${CONTROL_IDS.join(', ')}`, (text) =>
    CONTROL_IDS.find((id) => id === text),
  );
  const reason = fields.read('reason', 'a reason of 2 to 256 characters', reasonOf);
  const requestedBy = fields.read('requestedBy', 'who asked for it', reasonOf);
  const approvedBy = fields.read('approvedBy', 'who approved it', reasonOf);
  const grantedAt = fields.read('grantedAt', 'a day or an instant with a zone', dateOf);
  const until = fields.read('until', 'a day or an instant with a zone', dateOf);
  const ticket = fields.optional('ticket');
  if (approvedBy !== undefined && approvedBy === requestedBy) {
    fields.fault('needs an approver who is not the one that asked');
  }
  if (grantedAt !== undefined && until !== undefined) {
    if (until <= grantedAt) fields.fault('ends before it begins');
    if (until - grantedAt > LONGEST_EXCEPTION_MS) fields.fault('holds for longer than 400 days');
  }
  const all = { secretArn, control, reason, requestedBy, approvedBy, grantedAt, until };
  if (fields.faults.length > 0 || !isWhole(all)) return { faults: fields.faults };
  return { ...all, ticket };
}

type Whole = Omit<AuditException, 'ticket'>;

const isWhole = (all: { readonly [Field in keyof Whole]: Whole[Field] | undefined }): all is Whole =>
  Object.values(all).every((each) => each !== undefined);

const reasonOf = (text: string): string | undefined => {
  const line = shownLine(text, LONGEST_TEXT).trim();
  return line.length >= 2 ? line : undefined;
};

/** A day stands for its midnight in UTC. */
const dateOf = (text: string): Instant | undefined =>
  parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);

/** The fields of one exception and what is wrong with them. */
class Fields {
  readonly faults: string[] = [];
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #name: string;

  constructor(value: unknown, name: string) {
    this.#value = typeof value === 'object' && value !== null ? { ...value } : {};
    this.#name = name;
  }

  read<T>(field: string, expected: string, parse: (text: string) => T | undefined): T | undefined {
    const text = this.#value[field];
    const read = typeof text === 'string' ? parse(text) : undefined;
    if (read === undefined) this.fault(`has no ${field}: expected ${expected}`);
    return read;
  }

  optional(field: string): string | undefined {
    const text = this.#value[field];
    return typeof text === 'string' ? shownLine(text, LONGEST_TEXT) : undefined;
  }

  fault(text: string): void {
    this.faults.push(`${this.#name} ${text}.`);
  }
}
