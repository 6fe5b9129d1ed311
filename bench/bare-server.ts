/** The peer of the request path: `node:http` that parses a JSON body and answers one like a real reply. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const REPLY = {
  plaintext: Buffer.alloc(32, 7).toString('base64'),
  keyVersion: { id: '00000000-0000-4000-8000-000000000000' },
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { ciphertext?: string };
    const text = JSON.stringify(body.ciphertext === undefined ? {} : REPLY);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
});

server.listen(0, '127.0.0.1', () => {
  process.send!({ ready: { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } });
});

// A bench that was interrupted leaves nothing running.
process.on('disconnect', () => process.exit(0));
