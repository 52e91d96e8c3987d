import type { InProcessHandler } from '../../src/simulator/protocols/in-process-handler.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

type Request = Parameters<InProcessHandler['handle']>[0];

/** The account, with a record of the ARNs that ListSecrets has answered to the roles that call it. */
export const showing = (simulator: Simulator, shown: Set<string>): Simulator => ({
  ...simulator,
  requestHandler: (role, runOf) => {
    const handler = simulator.requestHandler(role, runOf);
    return { ...handler, handle: (request) => noted(handler, request, shown) };
  },
});

async function noted(handler: InProcessHandler, request: Request, shown: Set<string>) {
  const answer = await handler.handle(request);
  const { statusCode, body } = answer.response;
  if (request.headers['x-amz-target'] !== 'secretsmanager.ListSecrets' || statusCode !== 200) return answer;
  for (const [, arn = ''] of String(body).matchAll(/"ARN":"([^"]+)"/g)) shown.add(arn);
  return answer;
}
