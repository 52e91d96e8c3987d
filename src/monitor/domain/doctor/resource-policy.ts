import { fitsWildcards } from '../wildcards.ts';

/** Whether a policy lets a service in; `unknown` where it hangs on what is not understood here. */
export type Admission = 'yes' | 'no' | 'unknown';

/** A service that asks for something. */
export interface ServiceRequest {
  /** Such as `events.amazonaws.com`. */
  readonly service: string;
  readonly action: string;
  /** ARN of the resource on whose behalf it asks; undefined where it names none. */
  readonly sourceArn: string | undefined;
  readonly account: string;
}

interface PolicyStatement {
  readonly effect: string;
  readonly concerns: boolean;
  readonly holds: 'yes' | 'no' | 'unknown';
}

/** Reads a policy of a resource as IAM does: a denial counts before all that is allowed. */
export function admission(policy: string | undefined, request: ServiceRequest): Admission {
  const statements = statementsOf(policy);
  if (statements === undefined) return 'unknown';
  const fitting = statements
    .map((each) => read(each, request))
    .filter(({ concerns, holds }) => concerns && holds !== 'no');
  const denials = fitting.filter(({ effect }) => effect === 'Deny');
  const grants = fitting.filter(({ effect }) => effect === 'Allow');
  if (grants.length === 0 || denials.some(({ holds }) => holds === 'yes')) return 'no';
  return denials.length === 0 && grants.some(({ holds }) => holds === 'yes') ? 'yes' : 'unknown';
}

type Json = Readonly<Record<string, unknown>>;

/** No policy has no statements; a text that is none is not understood. */
function statementsOf(policy: string | undefined): readonly Json[] | undefined {
  if (policy === undefined || policy === '') return [];
  try {
    const read: unknown = JSON.parse(policy);
    return isObject(read) ? listOf(read['Statement']).filter(isObject) : undefined;
  } catch {
    return undefined;
  }
}

const read = (statement: Json, request: ServiceRequest): PolicyStatement => ({
  effect: String(statement['Effect']),
  concerns:
    names(statement['Principal'], request.service) && listOf(statement['Action']).some(is(request.action)),
  holds: conditionsHold(statement['Condition'], request),
});

function names(principal: unknown, service: string): boolean {
  if (principal === '*') return true;
  if (!isObject(principal)) return false;
  return listOf(principal['Service']).includes(service) || listOf(principal['AWS']).includes('*');
}

function conditionsHold(condition: unknown, request: ServiceRequest): PolicyStatement['holds'] {
  if (!isObject(condition)) return 'yes';
  const answers = Object.entries(condition).flatMap(([operator, wanted]) =>
    isObject(wanted)
      ? Object.entries(wanted).map(([key, values]) =>
          holds(operator, { key: key.toLowerCase(), values: listOf(values) }, request),
        )
      : ['unknown' as const],
  );
  if (answers.includes('no')) return 'no';
  return answers.includes('unknown') ? 'unknown' : 'yes';
}

interface Wanted {
  readonly key: string;
  readonly values: readonly unknown[];
}

/** Services of AWS call through TLS. */
function holds(operator: string, { key, values }: Wanted, request: ServiceRequest): PolicyStatement['holds'] {
  const known: Readonly<Record<string, string | undefined>> = {
    'aws:securetransport': 'true',
    'aws:sourceaccount': request.account,
    'aws:sourcearn': request.sourceArn,
  };
  const found = known[key];
  if (found === undefined || !COMPARISONS.test(operator)) return 'unknown';
  return values.some(is(found)) ? 'yes' : 'no';
}

const COMPARISONS = /^(String(Equals|Like|EqualsIgnoreCase)|Arn(Equals|Like)|Bool)$/;

const listOf = (value: unknown): readonly unknown[] => (value === undefined ? [] : [value].flat());

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const is =
  (text: string) =>
  (pattern: unknown): boolean =>
    typeof pattern === 'string' && fitsWildcards(pattern.toLowerCase(), text.toLowerCase());
