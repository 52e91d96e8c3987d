import type { Target } from '../../domain/secret/secret.ts';
import type { Service, ServiceSettings, TargetAccess } from '../service.ts';

/** The parts of a service that belong to one account and region. */
type Located = TargetAccess & Pick<Service, 'accessTo'> & { readonly settings: ServiceSettings };

/** The service as seen from a target: it looks there, with the role that may, and remembers about it. */
export const atTarget = <S extends Located>(service: S, target: Target): S =>
  isSameTarget(target, service.settings.target)
    ? service
    : { ...service, ...service.accessTo(target), settings: { ...service.settings, target } };

/** Whether two targets are one account and region. */
export const isSameTarget = (a: Target, b: Target): boolean =>
  a.account === b.account && a.region === b.region;
