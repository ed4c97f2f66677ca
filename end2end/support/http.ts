import { request } from 'node:http';

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
  { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('error', reject).on('end', () => {
        const body = Buffer.concat(chunks);
        resolve({ status: response.statusCode!, headers: response.headers, body, text: body.toString('utf8') });
      });
    }).on('error', reject).end(body);
  });
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
  ) {}

  async get(path: string): Promise<Answer> {
    this.page = await this.ask(path, {});
    return this.page;
  }

  /** Sends the form of the last page with these fields; gives the answer itself and the page that it leads to. */
  async submit(action: string, fields: Record<string, string>): Promise<{ answer: Answer; page: Answer }> {
    const hidden = [...this.page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
    const body = new URLSearchParams([...hidden.map(([, name, value]) => [name!, value!]), ...Object.entries(fields)]);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: this.base, ...this.headers };
    const answer = await this.ask(action, { method: 'POST', body: String(body), headers });
    return { answer, page: await this.get(String(answer.headers.location)) };
  }

  private async ask(path: string, options: { method?: string; body?: string; headers?: Record<string, string> }) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { accept: 'text/html', ...this.headers, ...options.headers, ...(cookie && { cookie }) };
    const answer = await send(this.base + path, { ...options, headers });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      this.cookies.set(name!, value!);
    }
    return answer;
  }
}
