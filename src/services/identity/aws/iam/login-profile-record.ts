/** Where the password of a user is kept, as a digest. */
import type { Context } from '../../../../context.ts';
import type { Allowed } from '../../../../operation.ts';
import type { Document } from '../../../../store/store.ts';
import {
  awsSettings,
  type LoginProfileDocument,
  loginProfiles,
  type PasswordRules,
  type UserDocument,
} from '../documents.ts';

/** The part of a user that its login profile is. */
export const LOGIN = 'login';

/** The most that rules can ask to remember, and the password itself. */
const KEPT_DIGESTS = 25;

type Profile = Omit<LoginProfileDocument, 'digests'> & { readonly digests: readonly string[] };

/** The login profile with its digests, newest first. */
export async function loginProfileOf(cx: Context, user: Allowed<UserDocument>): Promise<Profile | undefined> {
  const login = await cx.part(user, loginProfiles, LOGIN);
  return login && { ...login.value, digests: opened(cx, user, login) };
}

function opened(cx: Context, user: Allowed<UserDocument>, login: Document<LoginProfileDocument>): readonly string[] {
  return JSON.parse(cx.open(user, loginProfiles, login, 'digests').toString());
}

export function keepLoginProfile(cx: Context, user: Allowed<UserDocument>, profile: Profile): void {
  const digests = Buffer.from(JSON.stringify(profile.digests.slice(0, KEPT_DIGESTS))).toString('base64');
  cx.putPart(user, loginProfiles, LOGIN, { ...profile, digests });
}

/** A renamed user keeps its password. */
export async function moveLoginProfile(
  cx: Context,
  from: Allowed<UserDocument>,
  to: Allowed<UserDocument>,
): Promise<void> {
  const profile = await loginProfileOf(cx, from);
  if (profile === undefined) return;
  keepLoginProfile(cx, to, profile);
  cx.removePart(from, loginProfiles, LOGIN);
}

/** The account's rules for passwords; undefined when it has none of its own. */
export async function passwordRulesOf(cx: Context, user: Allowed<UserDocument>): Promise<PasswordRules | undefined> {
  const { items } = await cx.parts(user, awsSettings, { limit: 1 });
  return items[0]?.value.passwordPolicy;
}
