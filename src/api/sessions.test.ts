import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSessions } from './sessions.ts';

const HOUR = 3_600_000;
const cookieOf = (setCookie: string): string => setCookie.split(';')[0]!;

test('a link opens one session, once', () => {
  const sessions = createSessions();
  const link = sessions.newLink();
  const cookie = sessions.redeem(link)!;
  assert.match(cookie, /; HttpOnly; SameSite=Strict; Path=\/; Max-Age=43200$/);
  assert.ok(sessions.isOpen(`other=1; ${cookieOf(cookie)}`));
  assert.equal(sessions.redeem(link), undefined);
  assert.equal(sessions.redeem(''), undefined);
  assert.ok(!sessions.isOpen(undefined));
  assert.ok(!sessions.isOpen(`easement-session=${link}`), 'the token of a link is no session');
});

test('links and sessions end', () => {
  let now = 0;
  const sessions = createSessions(() => now);
  const late = sessions.newLink();
  const cookie = cookieOf(sessions.redeem(sessions.newLink())!);
  now = HOUR;
  assert.equal(sessions.redeem(late), undefined);
  assert.ok(sessions.isOpen(cookie));
  now = 12 * HOUR;
  assert.ok(!sessions.isOpen(cookie));
});

test('many links push out the oldest', () => {
  const sessions = createSessions();
  const links = Array.from({ length: 101 }, () => sessions.newLink());
  assert.equal(sessions.redeem(links[0]!), undefined);
  assert.ok(sessions.redeem(links[1]!));
});
