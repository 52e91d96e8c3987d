import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import * as z from 'zod';

/** Text as Slack takes it from us. https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

interface Header {
  readonly type: 'header';
  readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: boolean };
}

interface Section {
  readonly type: 'section';
  readonly text?: Mrkdwn | undefined;
  readonly fields?: readonly Mrkdwn[] | undefined;
}

interface Context {
  readonly type: 'context';
  readonly elements: readonly Mrkdwn[];
}

/** A message as Slack received it. */
export interface SlackPost {
  readonly text: string;
  readonly blocks: readonly (Header | Section | Context)[];
}

const mrkdwn = (longest: number): z.ZodType<Mrkdwn> =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(longest),
    verbatim: z.literal(true),
  });

const header: z.ZodType<Header> = z.strictObject({
  type: z.literal('header'),
  text: z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().trim().min(1).max(150),
    emoji: z.boolean(),
  }),
});
const section: z.ZodType<Section> = z
  .strictObject({
    type: z.literal('section'),
    text: mrkdwn(3000).optional(),
    fields: z.array(mrkdwn(2000)).min(1).max(10).optional(),
  })
  .refine(({ text, fields }) => (text === undefined) !== (fields === undefined));
const context: z.ZodType<Context> = z.strictObject({
  type: z.literal('context'),
  elements: z.array(mrkdwn(3000)).min(1).max(10),
});

/** A message that Slack accepts from us: the documented limits, and 13,000 characters over all blocks. */
export const SLACK_BODY: z.ZodType<SlackPost> = z.strictObject({
  text: z.string().trim().min(1).max(40_000),
  blocks: z
    .array(z.union([header, section, context]))
    .min(1)
    .max(50)
    .refine((blocks) => JSON.stringify(blocks).length <= 13_000),
});

/** An answer of the fake; none at all for `silence`. */
interface FakeAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A Slack on this machine's loopback. */
export interface FakeSlack {
  /** Address of the webhook; holds the token. */
  readonly url: string;
  /** Posts that arrived and were accepted, oldest first. */
  readonly posts: readonly SlackPost[];
  /** Requests so far. */
  readonly requests: () => number;
  answer(next: FakeAnswer | 'silence'): void;
  close(): void;
}

const OK: FakeAnswer = { status: 200, body: 'ok' };

/** The token in the address of {@link fakeSlack}. */
export const TOKEN = 'planted-webhook-token-7c1e';

/** Answers `ok` to what is within Slack's limits and `invalid_blocks` to all else, until set otherwise. */
export async function fakeSlack(): Promise<FakeSlack> {
  const posts: SlackPost[] = [];
  let requests = 0;
  let next: FakeAnswer | 'silence' = OK;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    const post = SLACK_BODY.safeParse(JSON.parse(await bodyOf(request)));
    if (next === 'silence') return;
    const answer = next === OK && !post.success ? { status: 400, body: 'invalid_blocks' } : next;
    if (answer.status === 200 && post.success) posts.push(post.data);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(close);
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/services/T00000000/B00000000/${TOKEN}`,
    posts,
    requests: () => requests,
    answer: (given) => {
      next = given;
    },
    close,
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** All texts of a post in their order, as a reader sees them: entities undone. */
export const shown = ({ blocks }: SlackPost): readonly string[] =>
  blocks
    .flatMap((block): readonly { readonly text: string }[] => {
      if (block.type === 'context') return block.elements;
      if (block.type === 'header') return [block.text];
      return [...(block.text === undefined ? [] : [block.text]), ...(block.fields ?? [])];
    })
    .map(({ text }) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
