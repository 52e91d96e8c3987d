/** State that a process has once, however many copies of this package it loads (ESM and CommonJS, for example). */
export interface ProcessState {
  /** Clients of Secrets Manager by endpoint, region and role. */
  readonly clients: Map<string, unknown>;
  /** Log-ins of each secret, by its ARN. */
  readonly logins: Map<string, unknown>;
  /** The cache of an application that makes none. */
  cache?: unknown;
}

const KEY: unique symbol = Symbol.for('secret-rotation-client/1') as never;

/** The state of this process; made on first use. */
export function processState(): ProcessState {
  const holder = globalThis as { [KEY]?: ProcessState };
  holder[KEY] ??= { clients: new Map(), logins: new Map() };
  return holder[KEY];
}
