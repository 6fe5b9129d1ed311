/** How a browser gets in: a link that works once, exchanged for a cookie that other sites cannot use. */
import { createHash, randomBytes } from 'node:crypto';

const LINK_LIFE = 60 * 60_000;
const SESSION_LIFE = 12 * 60 * 60_000;
/** Kept at most, so that asking for links cannot fill the memory. */
const KEPT = 100;
const COOKIE = 'easement-session';

export interface Sessions {
  /** The token of a link that opens one session within an hour. */
  newLink(): string;
  /** The `Set-Cookie` value for a link's token, the first time; undefined for any other. */
  redeem(token: string): string | undefined;
  /** Whether a request's `Cookie` header holds a session that has not ended. */
  isOpen(cookies: string | undefined): boolean;
}

/** `now`: milliseconds by the machine's clock; advancing the plane's clock ends no session. */
export function createSessions(now: () => number = Date.now): Sessions {
  const links = createExpiring(LINK_LIFE, now);
  const sessions = createExpiring(SESSION_LIFE, now);
  return {
    newLink: () => links.make(),
    redeem(token) {
      if (!links.take(token)) return undefined;
      const session = sessions.make();
      return `${COOKIE}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${SESSION_LIFE / 1000}`;
    },
    isOpen(cookies) {
      const pair = cookies?.split(';').find((one) => one.trim().startsWith(`${COOKIE}=`));
      return pair !== undefined && sessions.has(pair.trim().slice(COOKIE.length + 1));
    },
  };
}

/** Random tokens that end. Kept by their hash: looking one up takes no longer the more of it is right. */
function createExpiring(life: number, now: () => number) {
  const ends = new Map<string, number>();
  const hash = (token: string): string => createHash('sha256').update(token).digest('base64');
  const has = (token: string): boolean => (ends.get(hash(token)) ?? 0) > now();
  return {
    has,
    make(): string {
      const token = randomBytes(24).toString('base64url');
      ends.set(hash(token), now() + life);
      if (ends.size > KEPT) ends.delete(ends.keys().next().value!);
      return token;
    },
    take: (token: string): boolean => has(token) && ends.delete(hash(token)),
  };
}
