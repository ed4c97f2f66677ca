import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from './test.ts';

/** No violation of any rule of axe, best practices included; one heading of the first level; nothing sticks out of the phone. */
export async function sound(page: Page, what: string, script: boolean) {
  const shown = script ? page : await withScript(page);
  const { violations } = await new AxeBuilder({ page: shown }).setLegacyMode().analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
  expect.soft(found, what).toEqual([]);
  await expect.soft(shown.getByRole('heading', { level: 1 }), what).toHaveCount(1);
  const wide = await shown.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(wide, `${what}: pixels that stick out`).toBeLessThanOrEqual(0);
}

const copies = new WeakMap<Page, Page>();

/** axe is a script itself: the page as it stands, in a browser that runs scripts, without those of the page. */
async function withScript(page: Page): Promise<Page> {
  // The other options of the context are the project’s.
  const open = async () => (await page.context().browser()!.newContext({ javaScriptEnabled: true })).newPage();
  const copy = copies.get(page) ?? (await open());
  copies.set(page, copy);
  // In the middle of a navigation there is no page yet.
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  const html = (await page.content()).replace(/<script[^>]*><\/script>/g, '');
  await copy.unrouteAll();
  await copy.route(page.url(), (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));
  await copy.goto(page.url());
  return copy;
}
