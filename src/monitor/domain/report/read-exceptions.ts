import { DAY, type Instant, later, parseInstant } from '../../../calendar/instant.ts';
import { asSecretArn, type SecretArn } from '../secret/secret.ts';
import { shownLine } from '../shown.ts';
import type { AuditException } from './audit-exception.ts';
import { isSameName } from './caller.ts';
import { CONTROL_IDS, type ControlId } from './control.ts';

/** Longest time that an exception may hold. */
const LONGEST_EXCEPTION_MS: number = 400 * DAY;
const LONGEST_TEXT = 256;

/** Exceptions as they were written, or the faults of all that cannot be used. */
export type ReadExceptions =
  | { readonly exceptions: readonly AuditException[] }
  | { readonly faults: readonly string[] };

/** The terms of an exception: what somebody asks for and somebody else approves. */
export type ExceptionTerms = Pick<
  AuditException,
  'secretArn' | 'control' | 'reason' | 'ticket' | 'requestedBy' | 'until'
> & { readonly secretArn: SecretArn };

/** Reads a list of exceptions out of parsed JSON or YAML; names every fault at once. */
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
  name: string,
): AuditException | { readonly faults: readonly string[] } {
  const fields = new Fields(value, name);
  const terms = termsIn(fields);
  const approvedBy = fields.read('approvedBy', 'who approved it', lineOf);
  const grantedAt = fields.read('grantedAt', 'a day or an instant with a zone', parseGranted);
  if (approvedBy && terms.requestedBy && isSameName(approvedBy, terms.requestedBy)) {
    fields.fault('needs an approver who is not the one that asked');
  }
  if (grantedAt !== undefined && terms.until !== undefined) {
    const fault = faultOfSpan(grantedAt, terms.until);
    if (fault !== undefined) fields.fault(fault);
  }
  for (const field of fields.unread()) fields.fault(`has an unknown field "${field}"`);
  const all = { ...terms, approvedBy, grantedAt };
  if (fields.faults.length > 0 || !isWhole<AuditException>(all)) return { faults: fields.faults };
  return all;
}

/** Reads the terms of a request, which begins at `from`; fields that are none of them are left alone. */
export function readTerms(
  value: unknown,
  from: Instant,
): ExceptionTerms | { readonly faults: readonly string[] } {
  const fields = new Fields(value, 'The exception');
  const terms = termsIn(fields);
  const fault = terms.until && faultOfSpan(from, terms.until);
  if (fault !== undefined) fields.fault(fault);
  if (fields.faults.length > 0 || !isWhole<ExceptionTerms>(terms)) return { faults: fields.faults };
  return terms;
}

const termsIn = (fields: Fields): Readable<ExceptionTerms> => ({
  secretArn: fields.read('secretArn', 'the full ARN of a secret', asSecretArn),
  control: fields.read('control', `one of ${CONTROL_IDS.join(', ')}`, asControlId),
  reason: fields.read('reason', 'a reason of 2 to 256 characters', lineOf),
  requestedBy: fields.read('requestedBy', 'who asked for it', lineOf),
  until: fields.read('until', 'a day or an instant with a zone', parseUntil),
  ticket: fields.optional('ticket'),
});

function faultOfSpan(from: Instant, until: Instant): string | undefined {
  if (until <= from) return 'ends before it begins';
  return until - from > LONGEST_EXCEPTION_MS ? 'holds for longer than 400 days' : undefined;
}

/** The control with this id. */
export const asControlId = (text: string): ControlId | undefined => CONTROL_IDS.find((id) => id === text);

/** The fields of a whole, each of which may be missing. */
type Readable<T> = { readonly [Field in keyof T]: T[Field] | undefined };

const isWhole = <T>(all: Readable<T>): all is Readable<T> & T =>
  Object.entries(all).every(([field, each]) => each !== undefined || field === 'ticket');

const lineOf = (text: string): string | undefined => {
  const line = shownLine(text, LONGEST_TEXT).trim();
  return line.length >= 2 ? line : undefined;
};

const DAY_ALONE = /^\d{4}-\d{2}-\d{2}$/;

/** A day stands for its first moment, in UTC. */
const parseGranted = (text: string): Instant | undefined =>
  parseInstant(DAY_ALONE.test(text) ? `${text}T00:00:00Z` : text);

/** The end that a text names: an instant with a zone, or a day, which is the last one and stands for its end in UTC. */
export function parseUntil(text: string): Instant | undefined {
  if (!DAY_ALONE.test(text)) return parseInstant(text);
  const start = parseGranted(text);
  return start && later(start, DAY);
}

/** The fields of one exception and what is wrong with them. */
class Fields {
  readonly faults: string[] = [];
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #name: string;
  readonly #read = new Set<string>();

  constructor(value: unknown, name: string) {
    this.#value = typeof value === 'object' && value !== null ? { ...value } : {};
    this.#name = name;
  }

  read<T>(field: string, expected: string, parse: (text: string) => T | undefined): T | undefined {
    const text = this.#text(field);
    const read = text === undefined ? undefined : parse(text);
    if (read === undefined) this.fault(`has no ${field}: expected ${expected}`);
    return read;
  }

  optional(field: string): string | undefined {
    const text = this.#text(field);
    return text === undefined ? undefined : shownLine(text, LONGEST_TEXT);
  }

  /** Fields that nobody has asked for. */
  unread(): readonly string[] {
    return Object.keys(this.#value)
      .filter((field) => !this.#read.has(field))
      .map((field) => shownLine(field, LONGEST_TEXT));
  }

  fault(text: string): void {
    this.faults.push(`${this.#name} ${text}.`);
  }

  /** Tickets and names may be numbers, which YAML writes without quotes. */
  #text(field: string): string | undefined {
    this.#read.add(field);
    const value = this.#value[field];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  }
}
