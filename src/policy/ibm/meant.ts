/**
 * What somebody probably meant who typed a name that does not exist. Pages, console and prose call services by other
 * names than the API, and people type those: `Key-Protect` for `serviceName`, `Account-A-CRK` for `accountId`.
 */
import { allServices, type Role, serviceNamed } from './catalogue/catalogue.ts';

/** Letters and digits alone: `Account_ID` and `accountId` are the same to a reader. */
const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

const LONGEST = 80;

/** How many letters have to be added, removed, replaced or swapped with their neighbour to turn one text into the other. */
export function distance(a: string, b: string): number {
  const [from, to] = [a.slice(0, LONGEST), b.slice(0, LONGEST)];
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[to.length]!;
}

/** The nearest of some names, when it is near enough to have been meant: a third of its letters may differ. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const apart = distance(plain(typed), plain(name));
    if (apart < least && apart <= Math.max(1, Math.floor(plain(name).length / 3))) {
      best = name;
      least = apart;
    }
  }
  return best;
}

/** The service that a text names by its API name, or by a name that people read on pages and in the console. */
export function serviceMeant(typed: string): string | undefined {
  if (serviceNamed(typed) !== undefined) return typed;
  const names = allServices().flatMap((s) => [s.name, ...s.known_as].map((name) => ({ name, service: s.name })));
  const exact = names.find(({ name }) => plain(name) === plain(typed));
  if (exact !== undefined) return exact.service;
  const near = nearest(
    typed,
    names.map(({ name }) => name).filter((name) => plain(name).length > 3),
  );
  return names.find(({ name }) => name === near)?.service;
}

/** The attribute that was meant by one that does not exist. A name that speaks of an account or a service decides first. */
export function attributeMeant(typed: string, value: string, allowed: readonly string[]): string | undefined {
  const offer = (name: string) => (allowed.includes(name) ? name : undefined);
  const same = allowed.find((name) => plain(name) === plain(typed));
  if (same !== undefined) return same;
  if (/account/i.test(typed) || /^[0-9a-f]{32}$/.test(value)) return offer('accountId');
  if (serviceNamed(value) !== undefined || serviceMeant(typed) !== undefined) return offer('serviceName');
  return nearest(typed, allowed);
}

/** The role that was meant by a CRN, id or display name that is no role. `valid` are preferred over all others. */
export function roleMeant(typed: string, valid: readonly Role[], all: readonly Role[]): Role | undefined {
  const name = plain(typed.slice(typed.lastIndexOf(':') + 1));
  for (const roles of [valid, all]) {
    const found = roles.find((r) => plain(r.id) === name || plain(r.display_name) === name);
    if (found !== undefined) return found;
  }
  const near = nearest(
    name,
    valid.map((r) => r.id),
  );
  return valid.find((r) => r.id === near);
}
