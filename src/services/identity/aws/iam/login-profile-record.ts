/** Where the password of a user is kept, as a digest. */
import type { Context } from '../../../../context.ts';
import type { Allowed } from '../../../../operation.ts';
import { loginProfiles, type UserDocument } from '../documents.ts';

/** The part of a user that its login profile is. */
export const LOGIN = 'login';

/** A renamed user keeps its password. */
export async function moveLoginProfile(
  cx: Context,
  from: Allowed<UserDocument>,
  to: Allowed<UserDocument>,
): Promise<void> {
  const login = await cx.part(from, loginProfiles, LOGIN);
  if (login === undefined) return;
  const digests = cx.open(from, loginProfiles, login, 'digests').toString('base64');
  cx.putPart(to, loginProfiles, LOGIN, { ...login.value, digests });
  cx.removePart(from, loginProfiles, LOGIN);
}
