import type { ConnectionOptions } from 'node:tls';

/**
 * Verified TLS with these options, or none at all. `verifyIdentity: false` lets mysql2 take a certificate of another
 * host, as through a tunnel.
 */
export type Tls = (ConnectionOptions & { readonly verifyIdentity?: boolean | undefined }) | false;

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1|\/.*)$/;

/**
 * Whether a connection is encrypted: what the application says, else the secret's `ssl` field as the official
 * rotation functions read it, else always, except for a server on this machine. Certificates are always verified
 * (by mysql2 their host name too, which it does not check by itself), and nothing falls back to plain text.
 */
export function tlsOf(given: Tls | undefined, ssl: unknown, host: string): Tls {
  if (given === false) return false;
  const wanted = given !== undefined || String(ssl ?? !LOOPBACK.test(host)).toLowerCase() !== 'false';
  return wanted ? { verifyIdentity: true, ...given, rejectUnauthorized: true } : false;
}
