/** The world of an empty home: three IBM Cloud accounts whose owners have credentials that everybody knows. */
import type { World } from './file.ts';

export const MAIN = '4f1d0c6e8b2a47d39e5f60718293a4b5';
export const ACCOUNT_A = 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf';
export const ACCOUNT_B = 'b0b1b2b3b4b5b6b7b8b9babbbcbdbebf';

const account = (id: string, name: string, short: string): World['ibm'][number] => ({
  id,
  name,
  owner: {
    email: `owner@${short}.example`,
    name: `${name} Owner`,
    apiKey: `${short}-owner-api-key-000000000000000001`,
  },
  users: [],
  serviceIds: [],
});

/** For a plane that only its own machine reaches. */
export const demoWorld: World = {
  ibm: [
    account(MAIN, 'Main', 'main'),
    account(ACCOUNT_A, 'Account A', 'account-a'),
    account(ACCOUNT_B, 'Account B', 'account-b'),
  ],
  aws: [],
  enterprises: [],
  organizations: [],
};
