/** The result of a look; `unknown` where the look was impossible, never `ok`. */
export type Health = 'ok' | 'warn' | 'fail' | 'unknown';

/** One thing about a deployment that was looked at. */
export interface Diagnosis {
  /** Name of the check, such as `trail`. */
  readonly check: string;
  /** The resource that was looked at, or a word for several. */
  readonly subject: string;
  readonly health: Health;
  /** One sentence. */
  readonly what: string;
  /** The remedy; undefined where all is well. */
  readonly remedy: string | undefined;
}

/** Makes the diagnoses of one check. */
export interface Diagnosing {
  ok(subject: string, what: string): Diagnosis;
  warn(subject: string, what: string, remedy: string): Diagnosis;
  fail(subject: string, what: string, remedy: string): Diagnosis;
  unknown(subject: string, what: string, remedy: string): Diagnosis;
}

/** The diagnoses of the check with this name. */
export function diagnosing(check: string): Diagnosing {
  const not =
    (health: Health) =>
    (subject: string, what: string, remedy: string): Diagnosis => ({ check, subject, health, what, remedy });
  return {
    ok: (subject, what) => ({ check, subject, health: 'ok', what, remedy: undefined }),
    warn: not('warn'),
    fail: not('fail'),
    unknown: not('unknown'),
  };
}
