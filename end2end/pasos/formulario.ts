import { expect, type Page } from '../support/test.ts';

/** The box above a form that says what is wrong. */
export const summary = (page: Page) => page.getByRole('alert').and(page.locator('.resumen'));

/** What the box complains of, one link for each; it may end with another that says what can be done. */
export const summaryLinks = (page: Page) => summary(page).getByRole('listitem').getByRole('link');

/**
 * A field is refused with these words: in the summary above the form, linked to the field, and the same beside the field, or there
 * only how long to wait; the title says “Error:” first; with script the summary has the focus.
 */
export async function refused(page: Page, label: string, words: string | RegExp, script: boolean) {
  const field = page.getByLabel(label, { exact: true });
  // The page before may say something alike.
  await settled(page);
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  const link = summary(page).locator(`a[href="#${await field.getAttribute('id')}"]`);
  await expect(link).toHaveText(words);
  const sentence = (await link.textContent())!.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const waits = (await summary(page).getByRole('heading', { name: 'Demasiados intentos' }).count()) > 0;
  await expect(field).toHaveAccessibleDescription(new RegExp(`Error: ${waits ? 'Espere \\d+ minutos?\\.' : sentence}$`));
  await expect(page).toHaveTitle(/^Error: /);
  if (script) await expect(summary(page)).toBeFocused();
}

/** The page says this above its form, under this heading. */
export async function expectNotice(page: Page, heading: string, words: string | RegExp = '') {
  const notice = page.locator('main').getByRole('alert').or(page.locator('main').getByRole('status'));
  await expect(notice.filter({ has: page.getByRole('heading', { name: heading }) })).toContainText(words);
}

/** The heading of the page. With script the focus is on it when a step has led there. */
export async function heading(page: Page, words: string | RegExp) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words);
}

/** Back to a page that looks like the one before: waits until it is there, or what is typed would be lost with the old one. */
export async function back(page: Page) {
  await page.getByRole('heading', { level: 1 }).evaluate((heading) => heading.setAttribute('data-before', ''));
  await page.goBack();
  await expect(page.locator('[data-before]')).toHaveCount(0);
}

/** Nothing on the page speaks of what a persona migrante does not have. */
export async function expectNieWording(page: Page) {
  const said = (await page.locator('main').innerText()).match(/.*\b(RUT|su cédula|Registro Civil)\b.*/gi);
  expect.soft(said ?? [], `${new URL(page.url()).pathname} speaks of`).toEqual([]);
}

/** A new key or answer that was typed already: the line that stands in place of its fields. */
export const typedAlready = (page: Page, what: 'clave' | 'respuesta') =>
  page.locator('.ya-escrita').filter({ has: page.locator('summary', { hasText: `Cambiar la ${what}` }) });

/** Opens the fields of a new key or answer that was typed already; where they are there anyway, does nothing. */
export async function changeTyped(page: Page, what: 'clave' | 'respuesta') {
  const closed = typedAlready(page, what).locator('details:not([open]) > summary');
  if (await closed.count()) await closed.click();
}

/** No form is under way any longer: what the page says is the answer to what was sent last. */
export const settled = (page: Page) => expect(page.locator('form[aria-busy=true]')).toHaveCount(0);

/** The button of the form. */
export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** The same where the answer looks like the page before: waits until it is there. */
export async function pressAndStay(page: Page, name: string) {
  await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'GET' && response.url() === page.url()),
    press(page, name),
  ]);
  await settled(page);
}

/** The end of a flow. */
export async function success(page: Page, words: string | RegExp) {
  await heading(page, 'Éxito');
  await expect(page.locator('main')).toContainText(words);
  await expect(page).toHaveTitle(/^Éxito/);
}

/** The wasm is at work: what was pressed before is sent by the browser itself. */
export const waitForWasm = (page: Page) => expect.poll(() => page.evaluate(() => (window as { wasmReady?: boolean }).wasmReady)).toBe(true);

/** Opens a page, with the wasm at work and a mark on the window. */
export async function begin(page: Page, path: string) {
  await page.goto(path);
  await waitForWasm(page);
  await mark(page);
}

/** Puts a mark on the window; it goes with the document. */
export const mark = (page: Page) => page.evaluate(() => void ((window as { mark?: boolean }).mark = true));

/** Whether the mark is still there: the document was never loaded again. */
export const marked = (page: Page) => page.evaluate(() => (window as { mark?: boolean }).mark === true);
