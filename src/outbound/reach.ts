/** Which addresses the plane may dial: the internet's, and what its operator has named. */
import { BlockList, isIP, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * Not the internet's: loopback, private, link-local, shared, documentation, benchmarks, multicast, and addresses that
 * carry an IPv4 address inside. https://www.iana.org/assignments/iana-ipv4-special-registry,
 * https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const SPECIAL: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

// One list each: in a common one, the block of IPv4 inside IPv6 would hold every IPv4 address.
const special = { 4: new BlockList(), 6: new BlockList() };
for (const [network, prefix] of SPECIAL) {
  if (isIPv4(network)) special[4].addSubnet(network, prefix, 'ipv4');
  else special[6].addSubnet(network, prefix, 'ipv6');
}

/** True for addresses that belong to nobody on the internet, and for what is no address. */
export function isSpecial(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return special[4].check(address, 'ipv4');
  return family !== 6 || special[6].check(address, 'ipv6');
}

/** True for an address of this machine. */
export function isOwn(address: string): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some((one) => one.address === address));
}

export interface Target {
  /** As the URL has it, without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface Reach {
  /** What `--allow-outbound` names, in lower case, and where it is when that is said too. */
  readonly allowed: ReadonlyMap<string, Target | undefined>;
  /** Ports on which the plane itself listens. */
  readonly ownPorts: ReadonlySet<number>;
}

/** Reads `name`, `name:port`, or either with where it is: `idp.example.com=127.0.0.1:8443`. */
export function readAllowed(list: readonly string[]): Reach['allowed'] {
  return new Map(
    list.map((text) => {
      const [name = '', where] = text.toLowerCase().split('=');
      return [name, where === undefined ? undefined : targetOf(new URL(`https://${where}`))];
    }),
  );
}

export function targetOf(url: URL): Target {
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port };
}

/** Whether the operator has named this target. */
export function isNamed({ allowed }: Reach, target: Target): boolean {
  return namesOf(target).some((name) => allowed.has(name));
}

/** Where a target is: elsewhere than its name says, when the operator has said so. */
export function placeOf({ allowed }: Reach, target: Target): Target {
  const name = namesOf(target).find((one) => allowed.get(one) !== undefined);
  return (name === undefined ? undefined : allowed.get(name)) ?? target;
}

function namesOf({ host, port }: Target): readonly string[] {
  const name = host.toLowerCase();
  return [name, `${name}:${port}`, `[${name}]:${port}`];
}

/** Whether an address to which a target was resolved may be dialled. */
export function mayDial(reach: Reach, target: Target, address: string): boolean {
  if (isNamed(reach, target)) return true;
  return !isSpecial(address) && !(isOwn(address) && reach.ownPorts.has(target.port));
}
