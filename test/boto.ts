/** boto3 in a process of its own: the vendor's client for Python, which knows nothing of the one for JavaScript. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Boto {
  /** Calls an operation by its name in the API. Dates come as ISO 8601. Throws `Code: message`. */
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
      python.stdin.write(`${JSON.stringify({ service, operation, input, keys })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`the client for Python ended: ${complaints}`);
      const { output, error } = JSON.parse(value as string);
      if (error !== undefined) throw new Error(error);
      return output;
    },
    stop: () => {
      python.kill();
    },
  };
}
