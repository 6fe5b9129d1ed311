/**
 * The wiring: reads top to bottom as the plan of the system. Opens the store, puts the services together, starts the
 * jobs and the listeners.
 */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConsoleServer } from './api/server.ts';
import { newCallId } from './callid.ts';
import { keepCheckpoints } from './checkpoints.ts';
import { createClock, type PlaneClock, readAhead, startClock } from './clock.ts';
import { type Config, isLoopback } from './config.ts';
import { Fault } from './faults.ts';
import { type JobRunner, startJobs } from './jobs.ts';
import { readOperatorToken, readRootKeyFile, secretCheck } from './keyfile.ts';
import { type Identity, type Plane, perform } from './operation.ts';
import { readAllowed } from './outbound/reach.ts';
import { createOutbound, type Outbound } from './outbound.ts';
import { createSeals, type Seals } from './seals.ts';
import type { JobHandler, Service } from './service.ts';
import { createAwsIdentify } from './services/identity/aws/identify.ts';
import { nameOf } from './services/identity/aws/names.ts';
import { createAssertedIdentify } from './services/identity/aws/sts/asserted.ts';
import { createIdentify } from './services/identity/ibm/identify.ts';
import { ensureSigningKey } from './services/identity/ibm/signing.ts';
import { services } from './services/index.ts';
import type { Applied } from './services/worlds/apply.ts';
import { worldAtStart } from './services/worlds/at-start.ts';
import { openStore } from './store/index.ts';
import { PLANE, type Store } from './store/store.ts';
import { createAwsServer } from './wire/aws/server.ts';
import { hostsOf } from './wire/http.ts';
import { createIbmServer } from './wire/ibm/server.ts';
import { createLimiter } from './wire/limits.ts';

export type Log = (message: string, error?: unknown) => void;

export interface RunningPlane {
  readonly plane: Plane;
  /** Origins of the listeners. */
  readonly ibm: string;
  readonly aws: string;
  readonly console: string;
  /** The token of a link that opens the page once. */
  newLink(): string;
  /** What applying the world did: credentials that were made are told only here. */
  readonly world: Applied | undefined;
  /** Takes over an advance of the clock that has been committed: timers that are due now run. */
  advanceTo(ahead: number): void;
  /** Ends what runs, writes what waits, closes the store. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Whoever started the plane is to stop it, empty its home and start it again. */
  readonly onReset?: () => void;
}

export async function start(config: Config, log: Log, { onReset }: StartOptions = {}): Promise<RunningPlane> {
  // What has been started is ended in the opposite order, also when a later part cannot start.
  await using started = new AsyncDisposableStack();
  const rootKey = config.rootKey ?? (await readRootKeyFile(config.rootKeyFile));
  const clock = createClock();
  let jobs: JobRunner | undefined;
  const store = await openStore({
    home: config.home,
    collections: services.flatMap((service) => service.collections),
    rows: services.flatMap((service) => service.rows ?? []),
    rootKey,
    onJobs: () => jobs?.wake(),
  });
  started.defer(() => store.close());

  const seals = createSeals(rootKey);
  const operatorToken = await readOperatorToken(config.home);
  const counters: Record<string, number> = {};
  const ownPorts = new Set<number>();
  const plane: Plane = {
    store,
    clock,
    newId: randomUUID,
    newCallId,
    identify: identifier(
      operatorToken,
      store,
      seals,
      createOutbound({ allowed: readAllowed(config.allowedOutbound), ownPorts }),
    ),
    sources: services.flatMap((service) => service.sources ?? []),
    nameOf,
    subscribers: subscribersOf(services),
    seals,
    count: (counter) => {
      counters[counter] = (counters[counter] ?? 0) + 1;
    },
  };

  started.defer(keepCheckpoints(store, clock, log));
  await restoreClock(plane, store, clock, operatorToken);
  await ensureSigningKey(plane, operatorToken);
  const runner = startJobs(plane, handlersOf(services), log);
  started.defer(() => runner.stop());
  jobs = runner;
  runner.wake();
  const world = await worldAtStart(plane, operatorToken, { file: config.world, local: isLoopback(config.host) });

  const advanceTo = (ahead: number): void => {
    clock.setAhead(ahead);
    runner.wake();
  };
  const listening = { plane, hosts: hostsOf(config.host, config.allowedHosts), admit: createLimiter(config.rate), log };
  const trustedProxies = new Set(config.trustedProxies);
  const ibmServer = createIbmServer({
    ...listening,
    faces: services.flatMap((service) => service.ibm ?? []),
    defaultRegion: config.region,
    trustedProxies,
  });
  const ibm = await listen(ibmServer, config.ibmPort, config.host);
  started.defer(() => closeServer(ibmServer));
  const awsFaces = services.flatMap((service) => service.aws ?? []);
  const awsServer = createAwsServer({ ...listening, faces: awsFaces, trustedProxies });
  const aws = await listen(awsServer, config.awsPort, config.host);
  started.defer(() => closeServer(awsServer));
  // The last to listen: `/ready` answers once all do.
  const consoleServer = createConsoleServer({
    ...listening,
    operatorToken,
    counters,
    actions: services.flatMap((service) => service.actions),
    endpoints: { ibm, aws },
    advanceTo,
    reset: onReset,
  });
  const console = await listen(consoleServer.server, config.consolePort, config.host);
  started.defer(() => closeServer(consoleServer.server));

  for (const origin of [ibm, aws, console]) ownPorts.add(Number(new URL(origin).port));

  const running = started.move();
  return {
    plane,
    ibm,
    aws,
    console,
    newLink: consoleServer.newLink,
    world,
    advanceTo,
    stop: () => running.disposeAsync(),
  };
}

/** Who a credential belongs to: the operator and the plane's own services here, everybody else by the identity service. */
function identifier(operatorToken: string, store: Store, seals: Seals, outbound: Outbound): Plane['identify'] {
  const isOperator = secretCheck(operatorToken);
  const ibm = createIdentify();
  const aws = createAwsIdentify(store, seals);
  const asserted = createAssertedIdentify(outbound, ibm);
  return async (unit, credential, now) => {
    switch (credential.kind) {
      case 'job':
        return serviceIdentity(credential.service, credential.job.account);
      case 'aws-signature':
        return aws(unit, credential, now);
      case 'web-identity':
      case 'saml-assertion':
        return asserted(unit, credential, now);
      case 'operator':
        if (isOperator(credential.token)) return OPERATOR;
        throw new Fault('unauthenticated', 'operator-token', "this is not the operator's token of this plane");
      default:
        return ibm(unit, credential, now);
    }
  };
}

const OPERATOR: Identity = {
  caller: { kind: 'operator', id: 'operator', account: PLANE },
  name: 'operator',
  credential: { kind: 'operator' },
};

function serviceIdentity(service: string, account: string): Identity {
  return {
    caller: {
      kind: 'service',
      id: `crn-crn:v1:bluemix:public:${service}::a/${account}:::`,
      account,
      attributes: { serviceName: service, accountId: account },
    },
    name: service,
    credential: { kind: 'job' },
  };
}

function subscribersOf(list: readonly Service[]): Plane['subscribers'] {
  const byEvent = new Map<string, string[]>();
  for (const service of list) {
    for (const [event, kinds] of Object.entries(service.subscriptions ?? {})) {
      byEvent.set(event, [...(byEvent.get(event) ?? []), ...kinds]);
    }
  }
  return (event) => byEvent.get(event) ?? [];
}

function handlersOf(list: readonly Service[]): ReadonlyMap<string, JobHandler> {
  return new Map(list.flatMap((service) => Object.entries(service.jobs ?? {})));
}

async function restoreClock(plane: Plane, store: Store, clock: PlaneClock, token: string): Promise<void> {
  const ahead = await readAhead(store);
  if (ahead === undefined) {
    await perform(plane, startClock, { credential: { kind: 'operator', token }, context: {} }, () => null);
  }
  clock.setAhead(ahead ?? 0);
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const { port: bound } = server.address() as AddressInfo;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
    });
  });
}

/** What running calls get to end in; a client that goes on asking on an open connection would never let go. */
const GRACE_MILLISECONDS = 1000;

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const grace = setTimeout(() => server.closeAllConnections(), GRACE_MILLISECONDS);
    server.close(() => {
      clearTimeout(grace);
      resolve();
    });
    server.closeIdleConnections();
  });
}
