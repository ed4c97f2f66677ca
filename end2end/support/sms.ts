import { createServer, type Server } from 'node:http';
import { freePort, listen, until } from './net.ts';

/** An SMS as the gateway got it. */
export interface Sms {
  to: string;
  text: string;
  /** The same for every try with the same message. */
  id: string;
}

/** A real HTTP gateway for SMS, as the configuration names one: POST {"to","text"} with a bearer token. */
export class SmsGateway {
  readonly token = 'ficha-de-prueba';
  readonly sent: Sms[] = [];
  /** Requests that no gateway would take: wrong method, no token, not JSON. */
  readonly refused: string[] = [];
  private server?: Server;

  private constructor(readonly port: number) {}

  static async start(): Promise<SmsGateway> {
    const gateway = new SmsGateway(await freePort());
    await gateway.open();
    return gateway;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/sms`;
  }

  open(): Promise<void> {
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk) => (body += chunk)).on('end', () => {
        response.statusCode = this.take(request.method, request.headers, body) ? 200 : 400;
        response.end('{}');
      });
    });
    return listen(this.server, this.port);
  }

  close(): Promise<void> {
    this.server?.closeAllConnections();
    return new Promise((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
  }

  private take(method: string | undefined, headers: NodeJS.Dict<string | string[]>, body: string): boolean {
    try {
      const { to, text, ...more } = JSON.parse(body);
      const right =
        method === 'POST' && headers.authorization === `Bearer ${this.token}` &&
        /^\+569\d{8}$/.test(to) && typeof text === 'string' && Object.keys(more).length === 0;
      if (right) this.sent.push({ to, text, id: String(headers['idempotency-key'] ?? '') });
      else this.refused.push(body);
      return right;
    } catch {
      this.refused.push(body);
      return false;
    }
  }

  /** The SMS to a mobile (its 8 digits) so far, the oldest first. */
  to(mobile: string): Sms[] {
    return this.sent.filter((sms) => sms.to === `+569${mobile}`);
  }

  /** The SMS to a mobile with these words in it, as soon as it is there. */
  wait(mobile: string, words: string, ms?: number): Promise<Sms> {
    return until(`an SMS “${words}”`, () => this.to(mobile).find((sms) => sms.text.includes(words)), ms);
  }
}
