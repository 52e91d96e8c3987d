import type { CredentialScope } from './credential.ts';
import type { Exchange } from './wire.ts';

/** The sender of a request, as far as the request shows it. */
export interface Sender {
  /** Name of the role that calls unless the credentials are those of a session. */
  readonly role: string;
  /** Scope of the request's signature; undefined when it is not signed. */
  readonly scope: CredentialScope | undefined;
}

/** The account that answers a request, and the role it is answered as. */
export interface Destination {
  readonly exchange: Exchange;
  readonly role: string;
}

/** Finds out who answers a request; fails with an AwsError when nobody does. */
export type Route = (sender: Sender) => Destination;
