/** The part of every SDK client that finds out where and as whom to call. */
export interface ConfiguredClient {
  readonly config: {
    readonly region: () => Promise<string>;
    readonly credentials: () => Promise<unknown>;
  };
}

/** A value from options, environment and profile, or the reason why there is none. */
export type Found = { readonly value: string } | { readonly missing: string };

/** The region that the client calls. */
export async function regionOf({ config }: ConfiguredClient): Promise<Found> {
  try {
    return { value: await config.region() };
  } catch (error) {
    return { missing: reason(error) };
  }
}

/** Returns the reason why the client has no credentials; undefined when it has some, good or bad. */
export async function lackOfCredentials({ config }: ConfiguredClient): Promise<string | undefined> {
  try {
    await config.credentials();
    return undefined;
  } catch (error) {
    return reason(error);
  }
}

/** The words of the SDK's providers while they look for credentials. */
export interface HeardProviders {
  /** The logger that a search for credentials takes; it writes nothing anywhere. */
  readonly logger: Readonly<
    Record<'trace' | 'debug' | 'info' | 'warn' | 'error', (...content: unknown[]) => void>
  >;
  /** Returns the reason why the profile has none, which the search itself keeps to itself; undefined when none was given. */
  reason(): string | undefined;
}

/** Listens to a search for credentials. */
export function hearProviders(): HeardProviders {
  let isAtProfile = false;
  let heard: string | undefined;
  const quiet = (): void => undefined;
  const debug = (...content: readonly unknown[]): void => {
    const text = content.join(' ');
    if (text.endsWith('defaultProvider::fromIni')) isAtProfile = true;
    else if (isAtProfile) heard ??= /property-provider (?:->|\(!\)) (.*)/.exec(text)?.[1];
  };
  return {
    logger: { trace: quiet, debug, info: quiet, warn: quiet, error: quiet },
    reason: () => (heard === undefined || /\[default\]/.test(heard) ? undefined : withoutCommand(heard)),
  };
}

/** A command line may hold what is nobody's business. */
const withoutCommand = (text: string): string =>
  text.startsWith('Command failed') ? 'The credential_process of the profile failed' : text;

/** The words of the SDK's own providers, which name files, profiles and hosts, never what they hold. */
const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
