/** HTTP as no proper client would send it: written to a socket byte by byte. */
import { connect } from 'node:net';

export interface RawReply {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Opens a connection, sends each text once the reply to the one before is there, and resolves to all replies. */
export async function rawExchange(origin: string, texts: readonly string[]): Promise<RawReply[]> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  socket.setEncoding('latin1');
  const received = socket[Symbol.asyncIterator]() as AsyncIterator<string>;
  const replies: RawReply[] = [];
  try {
    let buffer = '';
    for (const text of texts) {
      socket.write(text, 'latin1');
      const hasBody = !text.startsWith('HEAD ');
      let reply = readReply(buffer, hasBody);
      while (reply === undefined) {
        const { value, done } = await received.next();
        if (done === true) return replies;
        buffer += value;
        reply = readReply(buffer, hasBody);
      }
      replies.push(reply.reply);
      buffer = reply.rest;
    }
    return replies;
  } finally {
    socket.destroy();
  }
}

function readReply(text: string, hasBody: boolean): { reply: RawReply; rest: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const length = hasBody ? Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0) : 0;
  const body = text.slice(end + 4, end + 4 + length);
  if (body.length < length) return undefined;
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  return { reply: { status, head, body }, rest: text.slice(end + 4 + length) };
}
