/** The peer of the AWS wire: `node:http` that checks the signature and answers a body of the same size as the plane's. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readSignature } from '../src/wire/aws/sigv4.ts';

/** The argument, as JSON: secrets by access key id, and what to answer by the operation's name. */
interface Told {
  readonly secrets: Readonly<Record<string, string>>;
  readonly replies: Readonly<Record<string, { readonly contentType: string; readonly body: string }>>;
}

const told = JSON.parse(process.argv[2] ?? '{}') as Told;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const [path = '/', query = ''] = (request.url ?? '/').split('?');
    const { method = 'GET', headers, rawHeaders } = request;
    const signature = readSignature({ method, path, query, headers, rawHeaders, body }, Date.now());
    const right = signature?.matches(told.secrets[signature.accessKeyId] ?? '') ?? false;
    const reply = told.replies[String(headers['bench-operation'])];
    const text = right && reply ? reply.body : '';
    response.writeHead(text === '' ? 403 : 200, {
      'content-type': reply?.contentType ?? 'text/plain',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  });
});

server.listen(0, '127.0.0.1', () => {
  process.send!({ ready: { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } });
});

// A bench that was interrupted leaves nothing running.
process.on('disconnect', () => process.exit(0));
