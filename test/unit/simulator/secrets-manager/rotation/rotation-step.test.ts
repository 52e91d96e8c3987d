import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { remoteFunction } from '../../../../../src/simulator/secrets-manager/rotation/rotation-step.ts';

const REQUEST = { Step: 'createSecret', SecretId: 'app/db', ClientRequestToken: 'x'.repeat(32) };

/** An emulator that answers with `body`; undefined never answers. */
async function emulator(body: string | undefined, status = 200) {
  const seen: { path: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      seen.push({ path: request.url ?? '', body: text });
      if (body !== undefined) response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, seen };
}

test('a step is posted to where the emulator takes invocations', async () => {
  const { url, seen } = await emulator('null');
  await expect(remoteFunction(url, 5000)(REQUEST)).resolves.toBeNull();
  expect(seen).toEqual([
    { path: '/2015-03-31/functions/function/invocations', body: JSON.stringify(REQUEST) },
  ]);
});

test('an address with a path of its own is used as it is', async () => {
  const { url, seen } = await emulator('{"ok":true}');
  await expect(remoteFunction(`${url}/mine`, 5000)(REQUEST)).resolves.toEqual({ ok: true });
  expect(seen[0]?.path).toBe('/mine');
});

test.each([
  ['an error of the code', '{"errorType":"ValueError","errorMessage":"no log-in"}', 'ValueError: no log-in'],
  ['an error without a type', '{"errorMessage":"gone"}', 'Error: gone'],
  ['an error without a message', '{"errorType":"Runtime.ExitError"}', 'Runtime.ExitError: '],
  ['no JSON', '<html>', 'The function answered no JSON: <html>'],
  ['nothing', '', 'The function answered nothing'],
  ['a time-out', 'Task timed out after 3.00 seconds', 'Task timed out after 3.00 seconds'],
])('%s is a failure, with status 200', async (_what, body, message) => {
  const { url } = await emulator(body);
  await expect(remoteFunction(url, 5000)(REQUEST)).rejects.toThrow(message);
});

test('another status is a failure, and a long answer is cut', async () => {
  const { url } = await emulator('x'.repeat(10_000), 502);
  const thrown = await remoteFunction(url, 5000)(REQUEST).catch((error: unknown) => String(error));
  expect(thrown).toContain('status 502: xxx');
  expect(String(thrown).length).toBeLessThan(400);
});

test('no answer in time is distinguished from nobody there', async () => {
  const { url } = await emulator(undefined);
  await expect(remoteFunction(url, 50)(REQUEST)).rejects.toThrow('Task timed out after 0.05 seconds');
  await expect(remoteFunction('http://127.0.0.1:1', 5000)(REQUEST)).rejects.toThrow('cannot be reached at');
});
