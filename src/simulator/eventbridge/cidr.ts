import { BlockList, isIP } from 'node:net';
import { invalidPattern } from './pattern-error.ts';

/** A test for addresses inside an IPv4 or IPv6 block such as `10.0.0.0/8`; fails when `block` is none. */
export function insideCidr(block: string): (address: string) => boolean {
  const [network = '', prefix = '', ...rest] = block.split('/');
  const version = isIP(network);
  const length = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (version === 0 || rest.length > 0) throw invalidPattern(`Malformed CIDR, one '/' required: "${block}"`);
  if (!(length <= (version === 4 ? 32 : 128)))
    throw invalidPattern(`Malformed CIDR, mask bits are wrong: "${block}"`);
  const list = new BlockList();
  list.addSubnet(network, length, family(version));
  return (address) => isIP(address) === version && list.check(address, family(version));
}

const family = (version: number): 'ipv4' | 'ipv6' => (version === 4 ? 'ipv4' : 'ipv6');
