import type { Dispatch } from '../call/dispatch.ts';

/** A request as it came in, its body already whole and unpacked. */
export interface WireRequest {
  readonly method: string;
  /** Path without the query string. */
  readonly path: string;
  /** Members of the query string; the last of a name counts. */
  readonly query: Readonly<Record<string, string>>;
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Name of the calling role. */
  readonly role: string;
}

/** An answer, ready to be sent. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers requests of one protocol: undefined when the request is not of this protocol. */
export type Protocol = (request: WireRequest, exchange: Exchange) => Promise<WireResponse> | undefined;

/** Dependencies of every protocol. */
export interface Exchange {
  readonly dispatch: Dispatch;
  readonly requestId: () => string;
}
