import { request } from 'node:http';

/** The name under which the extension registers: that of its file in `extensions/`. */
const NAME = 'secret-rotation-agent';
const BASE = '/2020-01-01/extension';

/**
 * Registers as an external extension of Lambda and resolves when the environment is shut down. Between invocations the
 * environment is frozen, and so is the agent: it looks for rotations when it is asked.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
 *
 * @throws The Extensions API does not answer as it should.
 */
export async function untilShutdown(runtimeApi: string): Promise<void> {
  const [host = '', port = '80'] = runtimeApi.split(':');
  const call = (method: string, path: string, headers: Readonly<Record<string, string>>, body = '') =>
    new Promise<Answered>((resolve, reject) => {
      request({ host, port, method, path: `${BASE}${path}`, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => void chunks.push(chunk)).on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            id: String(response.headers['lambda-extension-identifier'] ?? ''),
            body: Buffer.concat(chunks).toString(),
          }),
        );
      })
        .on('error', reject)
        .end(body);
    });
  const registered = await call(
    'POST',
    '/register',
    { 'Lambda-Extension-Name': NAME },
    '{"events":["SHUTDOWN"]}',
  );
  if (registered.status !== 200 || registered.id === '')
    throw new Error(`Cannot register the extension "${NAME}": the answer is ${registered.status}`);
  const next = await call('GET', '/event/next', { 'Lambda-Extension-Identifier': registered.id });
  if (next.status !== 200) throw new Error(`Cannot wait for the end: the answer is ${next.status}`);
}

interface Answered {
  readonly status: number;
  readonly id: string;
  readonly body: string;
}
