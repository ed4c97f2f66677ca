import { createServer, type Server, type Socket } from 'node:net';
import { freePort, listen, until } from './net.ts';
import { readMail, type Mail } from './mime.ts';

/** A real SMTP server that keeps every mail. It can be closed, so that connections are refused, and opened again. */
export class MailServer {
  readonly mails: Mail[] = [];
  private server?: Server;
  private sockets = new Set<Socket>();

  private constructor(readonly port: number) {}

  static async start(): Promise<MailServer> {
    const server = new MailServer(await freePort());
    await server.open();
    return server;
  }

  get url() {
    return `smtp://127.0.0.1:${this.port}`;
  }

  open(): Promise<void> {
    this.server = createServer((socket) => this.talk(socket));
    return listen(this.server, this.port);
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
  }

  /** The mails to an address so far, the oldest first. */
  to(address: string): Mail[] {
    return this.mails.filter((mail) => mail.to === address);
  }

  /** The mail to an address with these words in its subject, as soon as it is there. */
  wait(address: string, subject: string, ms?: number): Promise<Mail> {
    return until(`a mail “${subject}”`, () => this.to(address).find((mail) => mail.subject.includes(subject)), ms);
  }

  private talk(socket: Socket) {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket)).on('error', () => {});
    socket.setEncoding('latin1');
    const say = (line: string) => socket.write(`${line}\r\n`);
    let [buffer, to, inData] = ['', [] as string[], false];
    say('220 prueba ESMTP');
    socket.on('data', (chunk: string) => {
      buffer += chunk;
      for (;;) {
        const mark = inData ? '\r\n.\r\n' : '\r\n';
        const end = buffer.indexOf(mark);
        if (end < 0) return;
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + mark.length);
        if (inData) {
          inData = false;
          for (const address of to) this.mails.push(readMail(address, line.replace(/^\.\./gm, '.')));
          to = [];
          say('250 OK');
        } else if (/^DATA/i.test(line)) {
          inData = true;
          say('354 Go ahead');
        } else if (/^RCPT TO:/i.test(line)) {
          to.push(/<([^>]*)>/.exec(line)?.[1] ?? '');
          say('250 OK');
        } else if (/^QUIT/i.test(line)) {
          say('221 Bye');
          socket.end();
        } else if (/^EHLO/i.test(line)) {
          say('250-prueba');
          say('250 8BITMIME');
        } else {
          say('250 OK');
        }
      }
    });
  }
}
