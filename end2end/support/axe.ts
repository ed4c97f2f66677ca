import AxeBuilder from '@axe-core/playwright';
import type { Browser } from '@playwright/test';
import { expect, type Page } from './test.ts';

/**
 * No violation of any rule of axe, best practices included; one heading of the first level; nothing wider than the phone, at the normal font
 * size and at twice that, where no heading has a word cut in two.
 * All rules run; only the details of what passed are left out, which nobody reads and axe is slow to describe.
 */
export async function expectAccessible(page: Page, what: string, script: boolean) {
  const shown = script ? page : await withScript(page);
  const { violations } = await new AxeBuilder({ page: shown }).options({ resultTypes: ['violations'] }).setLegacyMode().analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
  expect.soft(found, what).toEqual([]);
  await expect.soft(shown.getByRole('heading', { level: 1 }), what).toHaveCount(1);
  const { wide, cut } = await shown.evaluate(() => {
    const root = document.documentElement;
    const atFontSize = (size: string) => {
      root.style.fontSize = size;
      return root.scrollWidth - root.clientWidth;
    };
    const doubled = atFontSize('200%');
    // A word that stands in two lines.
    const cut = [];
    for (const heading of document.querySelectorAll('h1, h2')) {
      const texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        for (const word of (text as Text).data.matchAll(/\p{L}+/gu)) {
          const range = document.createRange();
          range.setStart(text, word.index);
          range.setEnd(text, word.index + word[0].length);
          const lines = [...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top));
          if (new Set(lines).size > 1) cut.push(word[0]);
        }
      }
    }
    return { wide: [doubled, atFontSize('')], cut };
  });
  expect.soft(Math.max(...wide), `${what}: pixels that stick out, at a doubled font or the usual one`).toBeLessThanOrEqual(0);
  expect.soft(cut, `${what}: words of headings that are cut at a doubled font`).toEqual([]);
}

/** One page of each browser shows all copies: to open one costs more than to check it. */
const copies = new WeakMap<Browser, Promise<Page>>();

/** axe is a script: the page as it is, without its own scripts, in a context that runs scripts. */
async function withScript(page: Page): Promise<Page> {
  const browser = page.context().browser()!;
  // The other options of the context are the project’s.
  const open = async () => (await browser.newContext({ javaScriptEnabled: true })).newPage();
  const opening = copies.get(browser) ?? open();
  copies.set(browser, opening);
  const copy = await opening;
  // During a navigation there is no page to copy.
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  const html = (await page.content()).replace(/<script[^>]*><\/script>/g, '');
  await copy.unrouteAll();
  await copy.route(page.url(), (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));
  await copy.goto(page.url());
  return copy;
}
