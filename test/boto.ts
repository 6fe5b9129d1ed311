/** boto3 in a process of its own: the vendor's client for Python, which knows nothing of the one for JavaScript. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Boto {
  /** Calls an operation by its name in the API. Dates come as ISO 8601, bytes as bytes. Throws `Code: message`. */
  call(
    service: string,
    operation: string,
    input: object,
    keys: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string },
  ): Promise<Record<string, unknown>>;
  stop(): void;
}

export function startBoto(endpoint: string): Boto {
  const python = spawn('python3', [fileURLToPath(new URL('./boto.py', import.meta.url)), endpoint]);
  let complaints = '';
  python.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  return {
    call: async (service, operation, input, keys) => {
      python.stdin.write(`${JSON.stringify({ service, operation, input: withText(input), keys })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`the client for Python ended: ${complaints}`);
      const { output, error } = JSON.parse(value as string, withBytes);
      if (error !== undefined) throw new Error(error);
      return output;
    },
    stop: () => {
      python.kill();
    },
  };
}

/** Bytes go as `{ base64 }`, both ways. */
function withText(value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(withText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withText(member)]));
}

function withBytes(_name: string, value: unknown): unknown {
  const isBytes = typeof value === 'object' && value !== null && 'base64' in value;
  return isBytes ? Buffer.from(String(value.base64), 'base64') : value;
}
