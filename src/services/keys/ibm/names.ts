/** What names may look like. */
import { z } from 'zod';

/** Names that the API keeps for itself. https://cloud.ibm.com/apidocs/key-protect#createkeyalias */
const RESERVED = new Set(
  'allowed_ip key keys metadata policy policies registration registrations ring rings rotate wrap unwrap rewrap version versions'.split(
    ' ',
  ),
);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const aliasName = z
  .string()
  .min(2)
  .max(90)
  .regex(/^[A-Za-z0-9_-]+$/, 'letters, digits, `-` and `_` only')
  .refine((alias) => !RESERVED.has(alias) && !UUID.test(alias), 'this name is reserved');

export const ringName = z
  .string()
  .min(2)
  .max(100)
  .regex(/^[A-Za-z0-9_-]+$/, 'letters, digits, `-` and `_` only')
  .refine((ring) => !UUID.test(ring), 'a key ring cannot look like the id of a key');
