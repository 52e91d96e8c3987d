import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { probingFor } from './probing.ts';

/** Reads the parameter in which a deployment announces itself; undefined where there is none. It is never decrypted. */
export const announcedIn = async (client: SSMClient, name: string): Promise<string | undefined> => {
  const answer = await probingFor(`read the SSM parameter "${name}"`, () =>
    client.send(new GetParameterCommand({ Name: name, WithDecryption: false })),
  );
  return answer?.Parameter?.Value;
};
