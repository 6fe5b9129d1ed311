/** The world of an empty home: three accounts of each cloud, with credentials that everybody knows. */
import type { World } from './file.ts';

export const MAIN = '4f1d0c6e8b2a47d39e5f60718293a4b5';
export const ACCOUNT_A = 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf';
export const ACCOUNT_B = 'b0b1b2b3b4b5b6b7b8b9babbbcbdbebf';

export const AWS_A = '111122223333';
export const AWS_B = '444455556666';
export const AWS_C = '777788889999';

const ibmAccount = (id: string, name: string, short: string): World['ibm'][number] => ({
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

const administrator = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/** The root user, and an administrator: root users cannot assume roles. */
const awsAccount = (id: string, letter: string): World['aws'][number] => ({
  id,
  name: `AWS ${letter}`,
  owner: {
    accessKeyId: `AKIADEMO${letter}ROOT0000001`,
    secretAccessKey: `aws-${letter.toLowerCase()}-root-secret-00000000000000000001`,
  },
  users: [
    {
      name: 'admin',
      accessKeyId: `AKIADEMO${letter}ADMIN000001`,
      secretAccessKey: `aws-${letter.toLowerCase()}-admin-secret-0000000000000000001`,
      policies: { administrator },
    },
  ],
});

/** For a plane that only its own machine reaches. */
export const demoWorld: World = {
  ibm: [
    ibmAccount(MAIN, 'Main', 'main'),
    ibmAccount(ACCOUNT_A, 'Account A', 'account-a'),
    ibmAccount(ACCOUNT_B, 'Account B', 'account-b'),
  ],
  aws: [awsAccount(AWS_A, 'A'), awsAccount(AWS_B, 'B'), awsAccount(AWS_C, 'C')],
  enterprises: [],
  organizations: [],
};
