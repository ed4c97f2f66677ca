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
  if (shown !== page) await shown.context().close();
}

/** axe is a script itself: the page as it stands, in a browser that runs scripts, without those of the page (the other options are the project’s). */
async function withScript(page: Page): Promise<Page> {
  const html = (await page.content()).replace(/<script[^>]*><\/script>/g, '');
  const context = await page.context().browser()!.newContext({
    javaScriptEnabled: true, storageState: await page.context().storageState(),
  });
  const copy = await context.newPage();
  await copy.route(page.url(), (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));
  await copy.goto(page.url());
  return copy;
}
