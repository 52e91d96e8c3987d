import { agentContract, TOKEN } from '../../test/client/agent/agent-contract.ts';
import { startProvider } from '../support/credentials-provider.ts';

/** Path of the program; the peer that builds it sets it. */
const { WORKLOAD_CREDENTIALS_PROVIDER: program = '' } = process.env;

agentContract(async ({ simulator }) => {
  const listening = await simulator.listen({ port: 0 });
  const provider = await startProvider(program, { endpoint: listening.endpoint, token: TOKEN });
  const close = async (): Promise<void> => {
    await provider.close();
    await listening.close();
  };
  return { port: provider.port, close };
});
