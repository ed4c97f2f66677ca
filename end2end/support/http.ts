import { request } from 'node:http';
import type { File } from './archivos.ts';

/** An answer, as its bytes came over the line. */
export interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: Buffer;
  text: string;
}

/** One request; nothing is followed, nothing is unpacked, every header may be set, Host too. */
export function send(
  url: string,
  { method = 'GET', headers = {}, body = '', localAddress }: {
    method?: string; headers?: Record<string, string>; body?: string | Buffer; localAddress?: string | undefined;
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers, agent: false, ...(localAddress && { localAddress }) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('error', reject).on('end', () => {
        const body = Buffer.concat(chunks);
        resolve({ status: response.statusCode!, headers: response.headers, body, text: body.toString('utf8') });
      });
    }).on('error', reject).end(body);
  });
}

/** A form with a file, as a browser writes it: its type and its bytes. The name is written as it is, whatever it is. */
function multipart(fields: [name: string, value: string][], name: string, file: File): { type: string; body: Buffer } {
  const mark = '----prueba7MA4YWxkTrZu0gW';
  const part = (head: string, data: Buffer) =>
    Buffer.concat([Buffer.from(`--${mark}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`), data, Buffer.from('\r\n')]);
  const body = Buffer.concat([
    ...fields.map(([name, value]) => part(`name="${name}"`, Buffer.from(value))),
    part(`name="${name}"; filename="${file.name}"\r\nContent-Type: ${file.mimeType}`, file.buffer),
    Buffer.from(`--${mark}--\r\n`),
  ]);
  return { type: `multipart/form-data; boundary=${mark}`, body };
}

/** A person without a browser: keeps cookies, fills in the form of the last page, follows redirects by hand. */
export class Client {
  private cookies = new Map<string, string>();
  /** The last page. */
  page!: Answer;

  constructor(
    private readonly base: string,
    /** Headers of every request. */
    private readonly headers: Record<string, string> = {},
    /** The address that it calls from, 127.…; any, where there is none. */
    private readonly localAddress?: string,
  ) {}

  async get(address: string): Promise<Answer> {
    const path = address.startsWith(this.base) ? address.slice(this.base.length) : address;
    return this.shown(path, await this.ask(path, {}));
  }

  /** What is on the screen from now on. */
  protected shown(_path: string, page: Answer): Answer {
    this.page = page;
    return page;
  }

  /** The page behind all redirects of this host. */
  async follow(path: string): Promise<Answer> {
    for (let left = 10; left > 0; left -= 1) {
      const { status, headers } = await this.get(path);
      if (status < 300 || status > 399) break;
      path = String(headers.location);
    }
    return this.page;
  }

  /** Sends the form of the last page with these fields; gives the answer itself and the page that it leads to. */
  async submit(action: string, fields: Record<string, string>): Promise<{ answer: Answer; page: Answer }> {
    // `paso` stands in each form of a page of a sign-in, and one form is sent.
    const hidden = this.hidden.filter(([name]) => name !== 'paso' || !('paso' in fields));
    const body = new URLSearchParams([...hidden, ...Object.entries(fields)]);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: this.base, ...this.headers };
    const answer = await this.ask(action, { method: 'POST', body: String(body), headers });
    const to = answer.headers.location;
    return { answer, page: to === undefined ? this.shown(action, answer) : await this.get(String(to)) };
  }

  /** Sends the form of the last page with a file and these fields; gives the answer itself and the page that it leads to. */
  async upload(
    action: string, name: string, file: File, fields: Record<string, string> = {},
  ): Promise<{ answer: Answer; page: Answer }> {
    const { type, body } = multipart([...this.hidden, ...Object.entries(fields)], name, file);
    const headers = { 'content-type': type, origin: this.base, ...this.headers };
    const answer = await this.ask(action, { method: 'POST', body, headers });
    return { answer, page: await this.get(String(answer.headers.location)) };
  }

  /** Begins to, and hangs up in the middle of the file, as soon as `begun` is over. */
  async breakOff(action: string, name: string, file: File, begun: () => Promise<unknown>) {
    const { type, body } = multipart(this.hidden, name, file);
    const headers = { 'content-type': type, 'content-length': body.length, origin: this.base, cookie: this.cookie };
    const sending = request(this.base + action, { method: 'POST', headers, agent: false }).on('error', () => {});
    sending.write(body.subarray(0, body.length / 2));
    await begun();
    sending.destroy();
  }

  /** What the forms of the last page carry along unseen. */
  private get hidden(): [name: string, value: string][] {
    const found = this.page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g);
    return [...found].map(([, name, value]) => [name!, value!]);
  }

  /** The header with what is kept. */
  get cookie() {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private async ask(path: string, options: { method?: string; body?: string | Buffer; headers?: Record<string, string> }) {
    const cookie = this.cookie;
    const headers = { accept: 'text/html', ...this.headers, ...options.headers, ...(cookie && { cookie }) };
    const answer = await send(this.base + path, { ...options, headers, localAddress: this.localAddress });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      this.cookies.set(name!, value!);
    }
    return answer;
  }
}
