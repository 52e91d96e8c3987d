/**
 * Fields in which libraries keep the error of a driver: `cause` (ECMAScript, Drizzle), `errors` (AggregateError),
 * `error` and `suppressed` (SuppressedError), `driverError` (TypeORM), `originalError` (mssql), `original` and
 * `parent` (Sequelize), `nativeError` (Objection), `response` (clients of HTTP).
 */
const LINKS = [
  ...['cause', 'errors', 'error', 'suppressed', 'driverError'],
  ...['originalError', 'original', 'parent', 'nativeError', 'response'],
];

/** Longest way from an error to one inside it, and most errors that are looked at: an error may hold itself. */
const MOST_STEPS = 6;
const MOST_ERRORS = 100;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Returns a field of an error; undefined where its getter throws. */
export function fieldOf(error: object, name: string): unknown {
  try {
    return Reflect.get(error, name);
  } catch {
    return undefined;
  }
}

/** Returns an error and those that are wrapped in it, the outer ones first. */
export function errorsIn(error: unknown): readonly object[] {
  const found = new Set<object>();
  let level = [error].filter(isObject);
  for (let step = 0; step <= MOST_STEPS && level.length > 0; step++) {
    const fresh = level.filter((one) => !found.has(one)).slice(0, MOST_ERRORS - found.size);
    for (const one of fresh) found.add(one);
    level = fresh.flatMap((one) => LINKS.flatMap((link) => membersOf(fieldOf(one, link))));
  }
  return [...found];
}

/** The objects in a field that holds an error or a list of them. */
function membersOf(field: unknown): readonly object[] {
  if (!isObject(field)) return [];
  try {
    return Array.isArray(field) ? field.slice(0, MOST_ERRORS).filter(isObject) : [field];
  } catch {
    // A list whose members cannot be read holds nothing of use.
    return [];
  }
}
