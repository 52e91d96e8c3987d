import { readFile } from 'node:fs/promises';

/** Variables in which the agent and its installers keep the token, in the agent's own order. */
const VARIABLES = ['AWS_TOKEN', 'AWS_SESSION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'] as const;

/** Token files that the installers of the agent write. */
const FILES = ['/var/run/awssmatoken', '/tmp/awssmatoken'] as const;

/** Possible origins of the token; the first that is set wins. */
export interface TokenOptions {
  /** The token itself, or a `file://` URL. */
  readonly token?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called once when a variable holds a path without `file://`. */
  readonly warn: (message: string) => void;
}

/** Reads the token of a local agent: undefined when there is none. It is read again each time, as files rotate. */
export async function readToken({ token, env, warn }: TokenOptions): Promise<string | undefined> {
  for (const given of [token, ...VARIABLES.map((name) => env[name])]) {
    const text = given?.trim();
    if (text === undefined || text === '') continue;
    if (text.startsWith('file://')) return fileText(new URL(text));
    if (!text.startsWith('/')) return text;
    warn('The token of the agent is a path; write it as a file:// URL');
    return fileText(text);
  }
  for (const file of FILES) {
    const text = await fileText(file);
    if (text !== undefined) return text;
  }
  return undefined;
}

async function fileText(file: string | URL): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim() || undefined;
  } catch {
    return undefined;
  }
}
