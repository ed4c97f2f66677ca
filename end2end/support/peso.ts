import { send } from './http.ts';
import { expect, test, type Page } from './test.ts';

/** HTML and CSS of a page, compressed (docs/decisions/0008): of any, however it is filled in, and of those that most people open first. */
const MOST = 14 * 1024;
const FIRST: Record<string, number> = {
  '/': 3_000, '/recuperar/natural': 4_700, '/registrar/natural': 9_700, '/registrar/juridica': 9_700, '/registrar/migrante': 11_500,
};
const packed = { 'accept-encoding': 'br', accept: 'text/html' };

/** Bytes over the line of a URL and of the style sheets that it names. */
async function weight(url: string, cookie: string): Promise<number> {
  const answer = await send(url, { headers: { ...packed, cookie } });
  expect(answer.headers['content-encoding'], url).toBe('br');
  const plain = await send(url, { headers: { cookie } });
  let bytes = answer.body.length;
  for (const [tag] of plain.text.matchAll(/<link[^>]+rel="?stylesheet[^>]*>/g)) {
    const sheet = /href="([^"]+)"/.exec(tag)![1]!;
    bytes += (await send(new URL(sheet, url).href, { headers: packed })).body.length;
  }
  return bytes;
}

/** HTML and CSS of the page that is there are within the budget. */
export async function expectWithinBudget(page: Page, what: string) {
  const cookies = await page.context().cookies();
  const bytes = await weight(page.url(), cookies.map(({ name, value }) => `${name}=${value}`).join('; '));
  expect.soft(bytes, `${what}: bytes of HTML and CSS`).toBeLessThanOrEqual(FIRST[what] ?? MOST);
  test.info().annotations.push({ type: 'weight', description: `${what}: ${bytes} bytes` });
}
