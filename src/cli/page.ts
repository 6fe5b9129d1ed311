/** `easement page`: prints a link that opens the plane's page once. */
import { openClient } from './client.ts';
import { CLIENT_FLAGS, type Run, readArguments } from './command.ts';
import { jsonText } from './output.ts';

export const help = `easement page                  print a link that opens the plane's page, once and within an hour
  --home DIR, --url URL        which plane
  --json                       for machines
`;

export const run: Run = async (args, terminal) => {
  const { values } = readArguments(args, CLIENT_FLAGS, 'easement page --help');
  const client = await openClient(values, terminal);
  const reply = await client.post<{ link: string }>('/api/links');
  terminal.out(values.json ? jsonText(reply) : `${reply.link}\n`);
  return 0;
};
