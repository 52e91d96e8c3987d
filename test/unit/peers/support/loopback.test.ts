import { expect, test } from 'vitest';
import { run } from '../../../../peers/support/ground.ts';
import { loopbackWords } from '../../../../peers/support/loopback.ts';

const PROGRAM = `
  import { connect, createServer } from 'node:net';
  import { networkInterfaces } from 'node:os';
  const reach = (port, host) => new Promise((resolve) => {
    connect(port, host, () => resolve('reached')).on('error', ({ code }) => resolve(code));
  });
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  console.log(Object.keys(networkInterfaces()).join(), await reach(server.address().port, '127.0.0.1'), await reach(443, '192.0.2.1'));
  server.close();
`;

test('a program behind the words reaches loopback and nothing else', async (context) => {
  const words = await loopbackWords();
  if (words === undefined) return context.skip('this machine makes no network namespaces');
  const [unshare = '', ...rest] = words;
  const args = [...rest, process.execPath, '--input-type=module', '--eval', PROGRAM];
  expect((await run(unshare, args)).stdout.trim()).toBe('lo reached ENETUNREACH');
});
