/** A process with one of the vendor's clients in it, which makes the calls that it is told to make, one after another. */
import { AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import type { Answer, Call, ClientOptions } from './calls.ts';

type Input = Call['input'];
interface Client {
  send(command: object): Promise<Record<string, unknown>>;
}

const options = JSON.parse(process.argv[2]!) as ClientOptions;
const exported = (await import(options.client)) as Readonly<Record<string, unknown>>;
const client = createClient();

function createClient(): Client {
  const found = Object.entries(exported).find(([name]) => /^[A-Za-z0-9]+Client$/.test(name));
  const Client = found![1] as new (config: object) => Client;
  return new Client({
    endpoint: options.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    disableHostPrefix: true,
    // S3 and SQS rewrite or check what they send and get unless they are told not to.
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    useQueueUrlAsEndpoint: false,
    md5: false,
    ...(options.cbor ? { protocol: AwsSmithyRpcV2CborProtocol } : {}),
  });
}

interface VendorError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: unknown;
  readonly [member: string]: unknown;
}

async function answer({ operation, input }: Call): Promise<Answer> {
  const Command = exported[`${operation}Command`] as new (input: Input) => object;
  try {
    const { $metadata, ...output } = await client.send(new Command(input));
    return { kind: 'output', output: await withBytes(output) };
  } catch (error) {
    const { name, message, $metadata, $response, stack, ...members } = error as VendorError;
    const className = (error as Error).constructor.name;
    return { kind: 'error', name, className, message, status: $metadata?.httpStatusCode, members };
  }
}

/** Streams are read to their end: they cannot be sent to another process. */
async function withBytes(output: Record<string, unknown>): Promise<Record<string, unknown>> {
  const whole: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(output)) {
    const stream = value as { transformToByteArray?: () => Promise<Uint8Array> } | undefined;
    whole[name] = stream?.transformToByteArray ? await stream.transformToByteArray() : value;
  }
  return whole;
}

process.on('message', (call: Call) => {
  void answer(call).then((made) => process.send!(made));
});
const commands = Object.keys(exported).filter((name) => /^[A-Z].*Command$/.test(name));
process.send!({ kind: 'ready', commands: commands.map((name) => name.slice(0, -'Command'.length)) } satisfies Answer);
