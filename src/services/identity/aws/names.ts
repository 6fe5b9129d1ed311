/** Whom a unique id in a policy means, for explanations. */
import { arnOf } from '../../../policy/names.ts';
import type { NameOf } from '../../../why/names.ts';
import { Role, User } from './access.ts';
import { roles, users } from './documents.ts';

export const nameOf: NameOf = async (reader, id) => {
  if (id.startsWith('AROA')) {
    const [role] = await reader.find(roles, 'uniqueId', id, 1);
    return role && arnOf(Role.type.refOf(role));
  }
  const [user] = await reader.find(users, 'uniqueId', id, 1);
  return user && arnOf(User.type.refOf(user));
};
