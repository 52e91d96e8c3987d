import type { FaultRule } from '../../src/simulator/call/faults.ts';

/** A request to a local agent, as it is on the wire. */
export interface AgentRequest {
  readonly name: string;
  readonly path: string;
  readonly method?: string;
  /** Beside the token, or in its place. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Answer of Secrets Manager in the meantime, instead of a value. */
  readonly fault?: FaultRule['kind'];
}

/** The token of the agents. */
export const AGENT_TOKEN = 'the-token-of-this-run';
const GET = '/secretsmanager/get';

/** Names of the secrets that are there. */
export const AGENT_SECRETS = ['orders/db', 'orders/a+b=c', 'orders/key'] as const;

const withoutToken = { 'x-aws-parameters-secrets-token': '' };

/** Requests as programs make them, and as nobody should. */
export const AGENT_REQUESTS: readonly AgentRequest[] = [
  { name: 'a secret by name', path: `${GET}?secretId=orders/db` },
  { name: 'the same from the cache', path: `${GET}?secretId=orders/db` },
  { name: 'a secret in the path', path: '/v1/orders/db' },
  { name: 'bytes', path: `${GET}?secretId=orders/key` },
  { name: 'a stage', path: `${GET}?secretId=orders/db&versionStage=AWSCURRENT` },
  { name: 'a quoted plus', path: `${GET}?secretId=orders/a%2Bb%3Dc` },
  { name: 'a plus that is a space', path: `${GET}?secretId=orders/a+b=c` },
  { name: 'a stage that no version has', path: `${GET}?secretId=orders/db&versionStage=AWSPENDING` },
  { name: 'an unknown version', path: `${GET}?secretId=orders/db&versionId=${'1'.repeat(32)}` },
  { name: 'an unknown secret', path: `${GET}?secretId=orders/none` },
  { name: 'an empty stage', path: `${GET}?secretId=orders/db&versionStage=` },
  { name: 'an empty version', path: `${GET}?secretId=orders/db&versionId=` },
  { name: 'an empty secret', path: `${GET}?secretId=` },
  { name: 'no secret', path: GET },
  { name: 'two secrets', path: `${GET}?secretId=orders/none&secretId=orders/db` },
  { name: 'an unknown parameter', path: `${GET}?secretId=orders/db&x=1` },
  { name: 'no secret and a wrong refresh', path: `${GET}?refreshNow=soon` },
  { name: 'a wrong refresh before an unknown parameter', path: `${GET}?refreshNow=soon&x=1` },
  { name: 'an unknown parameter before a wrong refresh', path: `${GET}?x=1&refreshNow=soon` },
  { name: 'an empty refresh', path: `${GET}?secretId=orders/db&refreshNow=` },
  { name: 'a refresh in capitals', path: `${GET}?secretId=orders/db&refreshNow=TRUE` },
  { name: 'a secret in the path and in the query', path: '/v1/orders/db?secretId=orders/db' },
  { name: 'a path that is quoted', path: '/v1/orders%2Fdb' },
  { name: 'a path with an unknown parameter', path: '/v1/orders/db?x=1' },
  { name: 'an empty path', path: '/v1/' },
  { name: 'a prefix without a slash', path: '/v1' },
  { name: 'a path that goes up', path: '/v1/nothing/../orders/db' },
  { name: 'another path', path: '/secretsmanager/list' },
  { name: 'a slash too many', path: `${GET}/?secretId=orders/db` },
  { name: 'a role that is none', path: `${GET}?secretId=orders/db&roleArn=admin` },
  { name: 'no token', path: `${GET}?secretId=orders/db`, headers: withoutToken },
  {
    name: 'another token',
    path: `${GET}?secretId=orders/db`,
    headers: { ...withoutToken, 'x-vault-token': 'no' },
  },
  {
    name: 'a wrong token beside the right one',
    path: `${GET}?secretId=orders/db`,
    headers: { 'x-vault-token': AGENT_TOKEN, 'x-aws-parameters-secrets-token': 'no' },
  },
  {
    name: 'a forwarded request',
    path: `${GET}?secretId=orders/db`,
    headers: { 'x-forwarded-for': '10.0.0.1' },
  },
  {
    name: 'a forwarded request without a token',
    path: GET,
    headers: { ...withoutToken, 'x-forwarded-for': '10.0.0.1' },
  },
  { name: 'another method', path: `${GET}?secretId=orders/db`, method: 'POST' },
  { name: 'another method without a token', path: GET, method: 'DELETE', headers: withoutToken },
  { name: 'the ping', path: '/ping', headers: withoutToken },
  { name: 'the ping with a query', path: '/ping?x=1', headers: withoutToken },
  { name: 'the ping of a proxy', path: '/ping', headers: { 'x-forwarded-for': '10.0.0.1' } },
  { name: 'a ping that is posted', path: '/ping', method: 'POST' },
  { name: 'a ping with a slash', path: '/ping/' },
  { name: 'denied', path: `${GET}?secretId=orders/db&refreshNow=true`, fault: 'denied' },
  { name: 'throttled', path: `${GET}?secretId=orders/db&refreshNow=true`, fault: 'throttled' },
  { name: 'a failing service', path: `${GET}?secretId=orders/db&refreshNow=true`, fault: 'server-error' },
  { name: 'after all failures', path: `${GET}?secretId=orders/db` },
];
