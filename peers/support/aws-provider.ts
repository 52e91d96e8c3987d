import { join } from 'node:path';
import { goSource, keepText } from './go-source.ts';
import type { Ground } from './ground.ts';

/** Commit of June 2026, by the name that the Go proxy gives it; releases have tags that are no versions of a module. */
export const PROVIDER_VERSION = 'v1.60.1-0.20260602190131-5f2286d6d836';

/** Name that OpenTofu looks for. */
const PROGRAM = 'terraform-provider-aws';

/** Services whose resources are kept: to build all 250 takes much longer. */
const SERVICES = ['iam', 'secretsmanager', 'sts'];
/** Clients that stay: the core of the provider asks S3 for its settings. */
const CLIENTS = [...SERVICES, 's3'];

/** The folder of the AWS provider, built with the services that secrets need. */
export const providerIn = (ground: Ground): Promise<string> =>
  goSource(ground, {
    module: `github.com/hashicorp/terraform-provider-aws@${PROVIDER_VERSION}`,
    main: '.',
    program: PROGRAM,
    change: async (folder) => {
      await keepText(join(folder, 'internal/provider/sdkv2/service_packages_gen.go'), withServices);
      await keepText(join(folder, 'internal/conns/awsclient_gen.go'), withClients);
    },
  });

/** The list of services without those that are left out. */
const withServices = (text: string): string =>
  text
    .split('\n')
    .filter((line) => {
      const [, name] =
        /(?:\/internal\/service\/(\w+)"|^\t\t(\w+)\.ServicePackage)/.exec(line)?.filter(Boolean) ?? [];
      return name === undefined || SERVICES.includes(name);
    })
    .join('\n');

/** The makers of clients without those of other services, and without what is imported for them alone. */
function withClients(text: string): string {
  const makers = text.replaceAll(/^func [\s\S]*?^}\n/gm, (maker) =>
    CLIENTS.includes(clientOf(maker)) ? maker : '',
  );
  return makers
    .split('\n')
    .filter((line) => {
      const [, alias, name = ''] =
        /^\t(?:(\w+) )?"github\.com\/aws\/aws-sdk-go-v2\/service\/(\w+)"/.exec(line) ?? [];
      return name === '' || CLIENTS.includes(alias ?? name);
    })
    .join('\n');
}

/** The package of the client that a function makes. */
const clientOf = (maker: string): string => /\*(\w+)\.Client\b/.exec(maker)?.[1] ?? '';
