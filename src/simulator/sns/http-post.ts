import { SECOND } from '../../calendar/instant.ts';

/** A message on its way to an HTTP endpoint. */
export interface HttpMessage {
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Posts a message and answers the status; rejects when there is no answer. */
export type HttpPost = (message: HttpMessage) => Promise<{ readonly status: number }>;

/** SNS waits no longer for an answer. https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html */
const TIMEOUT_MS: number = 15 * SECOND;

/** Posts over the network. */
export const networkPost: HttpPost = async ({ url, headers, body }) => {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
  await answer.body?.cancel();
  return { status: answer.status };
};

/** Refuses to post, as there is no network. */
export const nobodyAnswers: HttpPost = async ({ url }) => {
  throw new Error(`Cannot post to ${url}: this simulator has no way to reach it`);
};
