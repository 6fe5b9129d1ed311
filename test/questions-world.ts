/** A plane with people, access groups, conditions and authorizations, for questions about everybody. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { A, B, type Crossing, crossing, made } from './crossing.ts';
import { type Reply, request, startPlane, type TestPlane } from './plane.ts';

export const MAIN = '4f1d0c6e8b2a47d39e5f60718293a4b5';
const PEOPLE = ['ann', 'bob', 'cyd', 'dan'] as const;
const keyOf = (name: string) => `account-a-${name}-api-key-000000000000000001`;

const WORLD = `
accounts:
  - id: ${A}
    name: account a
    owner: { email: owner@account-a.example, apiKey: account-a-owner-api-key-000000000000000001 }
    users:${PEOPLE.map(
      (name) => `
      - { email: ${name}@account-a.example, apiKey: ${keyOf(name)} }`,
    ).join('')}
  - id: ${B}
    name: account b
    owner: { email: owner@account-b.example, apiKey: account-b-owner-api-key-000000000000000001 }
  - id: ${MAIN}
    name: main
    owner: { email: owner@main.example, apiKey: main-owner-api-key-000000000000000001 }
enterprises:
  - { name: acme, account: ${MAIN}, children: [${A}] }
`;

export interface QuestionWorld extends Crossing {
  readonly plane: TestPlane;
  readonly operator: string;
  /** Ann may view policies and nothing more. */
  readonly tokenAnn: string;
  /** By what they are for. */
  readonly policies: Readonly<Record<'ann' | 'group' | 'timed' | 'key' | 'storage' | 'main' | 'anyVolume', string>>;
  readonly group: string;
  /** iam_id of a person by the first part of the e-mail address, or of the service ID. */
  iamId(name: 'owner' | 'ann' | 'bob' | 'cyd' | 'dan' | 'worker'): string;
  /** `GET` or `POST` of Easement's own API. */
  ask(token: string, path: string, body?: object): Promise<Reply>;
}

const test = (key: string, value: string, operator = 'stringEquals') => ({ key, operator, value });

export async function startQuestionWorld(): Promise<QuestionWorld> {
  const plane = await startPlane({ world: WORLD });
  const base = await crossing(plane.ibm, plane.token);
  const { call, tokenA: token, instance, keyCrn } = base;
  const ids = new Map<string, string>();
  for (const name of ['owner', ...PEOPLE]) {
    const claims = (await plane.token(keyOf(name))).split('.')[1]!;
    ids.set(name, JSON.parse(Buffer.from(claims, 'base64url').toString()).iam_id);
  }
  const worker = await made(call('POST', '/v1/serviceids', { token, body: { account_id: A, name: 'worker' } }));
  ids.set('worker', worker.iam_id);
  const group = await made(call('POST', `/v2/groups?account_id=${A}`, { token, body: { name: 'keepers' } }));
  const members = [
    { iam_id: ids.get('bob'), type: 'user' },
    { iam_id: worker.iam_id, type: 'service' },
  ];
  await made(call('PUT', `/v2/groups/${group.id}/members`, { token, body: { members } }));

  const policy = async (type: string, subject: object[], role: string, resource: object[], more: object = {}) =>
    (
      await made(
        call('POST', '/v2/policies', {
          token,
          body: {
            type,
            subject: { attributes: subject },
            control: { grant: { roles: [{ role_id: `crn:v1:bluemix:public:iam::::${role}` }] } },
            resource: { attributes: [test('accountId', A), ...resource] },
            ...more,
          },
        }),
      )
    ).id as string;
  const access = (name: string, role: string, resource: object[], more?: object) =>
    policy('access', [test('iam_id', ids.get(name)!)], role, resource, more);
  const authorization = (subject: object[], resource: object[]) =>
    policy('authorization', subject, 'serviceRole:Reader', resource);
  const kms = test('serviceName', 'kms');
  const policies = {
    ann: await access('ann', 'role:Viewer', [test('serviceName', 'iam-access-management')]),
    group: await policy('access', [test('access_group_id', group.id)], 'serviceRole:Reader', [kms]),
    timed: await access('cyd', 'serviceRole:Reader', [kms], {
      pattern: 'time-based-conditions:weekly:all-day',
      rule: {
        operator: 'and',
        conditions: [
          {
            key: '{{environment.attributes.day_of_week}}',
            operator: 'dayOfWeekAnyOf',
            value: ['1+00:00', '2+00:00'],
          },
        ],
      },
    }),
    key: await access('dan', 'serviceRole:Manager', [
      kms,
      test('serviceInstance', instance),
      test('resourceType', 'key'),
      test('resource', keyCrn.slice(-36)),
    ]),
    storage: await authorization([test('serviceName', 'server-protect'), test('accountId', B)], [kms]),
    main: await authorization(
      [test('serviceName', 'server-protect'), test('accountId', MAIN), test('resourceType', 'volume')],
      [kms, test('serviceInstance', instance)],
    ),
    anyVolume: await authorization(
      [
        test('serviceName', 'cloud-object-storage'),
        test('accountId', A),
        test('serviceInstance', 'true', 'stringExists'),
      ],
      [kms],
    ),
  };
  const operator = (await readFile(join(plane.home, 'operator-token'), 'utf8')).trim();
  return {
    ...base,
    plane,
    operator,
    tokenAnn: await plane.token(keyOf('ann')),
    policies,
    group: group.id,
    iamId: (name) => ids.get(name)!,
    ask: (bearer, path, body) =>
      request(plane.console, body ? 'POST' : 'GET', path, { token: bearer, ...(body ? { body } : {}) }),
  };
}
