import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Below the ports that the system gives to outgoing connections (32768 and up): a port of ours that nobody listens on for a
 * while, as when the service is stopped, is taken by nobody meanwhile. Each process begins at a place of its own.
 */
const [FIRST, COUNT] = [20_000, 12_000];
let next = process.pid * 97;

/** A loopback port that nobody listens on now, another one each time. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < COUNT; tried++) {
    const port = FIRST + (next++ % COUNT);
    const probe = createServer();
    if (!(await listens(probe, port))) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
  throw new Error('no port is free');
}

/** Listens on a loopback port; waits a while for one that is taken. */
export async function listen(server: Server, port: number) {
  await until(`port ${port} to be free`, () => listens(server, port));
}

/** Listens on a loopback port, unless it is taken. */
async function listens(server: Server, port: number): Promise<boolean> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}

/** Asks again and again until there is an answer, or fails with `what` after `ms`. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  ms = 15_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s for ${what}`);
    await pause(50);
  }
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
