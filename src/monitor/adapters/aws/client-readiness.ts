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

/** The words of the SDK's own providers, which name files, profiles and hosts, never what they hold. */
const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
