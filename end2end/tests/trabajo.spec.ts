import { heading, press, success, summary, summaryLinks } from '../pasos/formulario.ts';
import { expectSent, giveAnswer, giveId, keyFor } from '../pasos/recuperar.ts';
import { fillRegistration, openRegistration } from '../pasos/registrar.ts';
import { expectAccessible } from '../support/axe.ts';
import { expect, test, type Page } from '../support/test.ts';

/** What the script of the worker defines. */
declare const wasm_bindgen: { (where: { module_or_path: string }): Promise<void>; solve(challenge: string, hashes: number): string };

/** I-AUDIO: work in place of the letters of a captcha, docs/decisions/0015-captcha.md. */
test.use({ baseURL: async ({ workService }, use) => use(workService.url) });

const letters = (page: Page) => page.getByLabel('Captcha', { exact: true });
const picture = (page: Page) => page.getByRole('img', { name: /letras/ });
const line = (page: Page) => page.locator('.captcha-estado');
const working = 'Comprobando que usted no es un robot…';
const worked = 'Listo: no necesita escribir letras.';
const notWorked = 'Esta vez su equipo no pudo comprobarlo solo. Escriba las letras, por favor.';

/** Shown, and said by what reads the page aloud. */
const says = (page: Page, words: string) => expect(line(page).getByText(words)).toBeVisible({ timeout: 20_000 });

test('A-CAPTCHA with script, registration and recovery to the last page without a letter', { tag: '@script' }, async ({ page, workService, person }) => {
  await openRegistration(page);
  await says(page, worked);
  await expect(letters(page)).toBeHidden();
  await expect(picture(page)).toBeHidden();
  await expectAccessible(page, 'a captcha that was worked for', true);
  await fillRegistration(page, person, '');
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');

  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await heading(page, /Confirme y le enviamos/);
  // At once, also while the work is under way: the form waits for it.
  await press(page, 'Recuperar Clave');
  await expectSent(page);
  await keyFor(workService, person);
});

test('A-CAPTCHA without script the letters are asked for', async ({ page, person, script }) => {
  test.skip(script, 'with script there is nothing to type');
  await openRegistration(page);
  await expect(letters(page)).toBeVisible();
  await expect(picture(page)).toBeVisible();
  expect(await picture(page).evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBeGreaterThan(100);
  for (const words of [working, worked, notWorked]) await expect(page.getByText(words)).toBeHidden();
  await fillRegistration(page, person, '');
  await press(page, 'Crear Cuenta');
  await expect(page.locator('main')).toContainText('Escriba las letras de la imagen.');
  await expect(letters(page)).toBeVisible();
});

test('A-CAPTCHA a form that is sent too early waits, is sent once, and keeps what was typed', { tag: '@script' }, async ({ page, company }) => {
  let letWork = () => {};
  const mayWork = new Promise<void>((resolve) => (letWork = resolve));
  await page.route(/obrero/, async (route) => {
    await mayWork;
    await route.continue();
  });
  const sent: string[] = [];
  page.on('request', (request) => void (request.method() === 'POST' && sent.push(request.url())));
  await page.goto('/facilitador');
  await says(page, working);
  await page.getByLabel('Rut Empresa', { exact: true }).fill(company.id);
  await page.getByLabel('Rut Representante Legal', { exact: true }).fill(company.representative.id);
  await page.getByLabel('Clave Sence', { exact: true }).fill(company.key);
  await page.getByRole('button', { name: 'Validar', exact: true }).dblclick();
  expect(sent, 'no work yet').toEqual([]);
  letWork();
  // The work was right: what is wrong is what SII says of this company.
  await expect(summary(page)).toBeVisible();
  await expect(summaryLinks(page)).not.toContainText(['letras']);
  await expect(page.getByLabel('Rut Empresa', { exact: true })).toHaveValue(company.id);
  expect(sent).toHaveLength(1);
});

test('A-CAPTCHA when the work fails the letters come back and nothing is lost', { tag: '@script' }, async ({ page, person, allowConsoleError }) => {
  allowConsoleError(/ERR_FAILED/);
  await page.route(/trabajo_bg/, (route) => route.abort());
  await openRegistration(page);
  await says(page, notWorked);
  await expect(letters(page)).toBeVisible();
  await expect(picture(page)).toBeVisible();
  await fillRegistration(page, person, '');
  await press(page, 'Crear Cuenta');
  await expect(page.locator('main')).toContainText('Escriba las letras de la imagen.');
  await expect(page.getByLabel('Email', { exact: true })).toHaveValue(person.email);
});

test('A-CAPTCHA work that hangs holds a form back three seconds', { tag: '@script' }, async ({ page, person }) => {
  await page.route(/obrero/, () => {});
  await openRegistration(page);
  await fillRegistration(page, person, '');
  await press(page, 'Crear Cuenta');
  await says(page, notWorked);
  await expect(letters(page)).toBeFocused();
  // Nothing was sent: the secrets are there, too.
  await expect(page.getByLabel('Clave CS', { exact: true })).toHaveValue(person.key);
  await expect(page.getByLabel('Respuesta Secreta')).toHaveValue(person.answer);
});

test('A-CAPTCHA a script that is late or missing moves no button, then brings the letters', { tag: '@script' }, async ({ page, allowConsoleError }) => {
  allowConsoleError(/ERR_FAILED/);
  await page.route(/arranque/, async (route) => {
    await new Promise((wait) => setTimeout(wait, 1_500));
    await route.continue();
  });
  await page.goto('/facilitador', { waitUntil: 'commit' });
  const button = page.getByRole('button', { name: 'Validar', exact: true });
  await says(page, working);
  // What else the script adds to the page, above the captcha, is not looked at.
  const below = () =>
    button.evaluate((button) => button.getBoundingClientRect().y - document.querySelector('#captcha-parte')!.getBoundingClientRect().y);
  const before = await below();
  await says(page, worked);
  expect(await below()).toBe(before);

  await page.route(/arranque/, (route) => route.abort());
  await page.goto('/facilitador');
  await expect(letters(page)).toBeVisible();
  await expect(page.getByText(working)).toBeHidden();
});

test('A-CAPTCHA the work is fast enough, and light', { tag: '@script' }, async ({ page, context }) => {
  const bytes = new Map<string, number>();
  for (const path of ['/facilitador', '/']) {
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(request.url()));
    await page.goto(path);
    if (path === '/') {
      expect(asked.filter((url) => /trabajo|obrero/.test(url)), 'pages without a captcha load nothing of it').toEqual([]);
      continue;
    }
    await says(page, worked);
    const files = asked.filter((url) => /trabajo|obrero/.test(url));
    for (const url of files) {
      const packed = await context.request.get(url, { headers: { 'accept-encoding': 'br' } });
      expect(packed.headers()['content-encoding'], url).toBe('br');
      bytes.set(url, Number(packed.headers()['content-length']));
    }
    // The module may be asked for by the worker alone, which a page does not see.
    page.removeAllListeners('request');
  }
  const worker = [...bytes.keys()].find((url) => url.includes('obrero'))!;
  const script = await (await context.request.get(worker)).text();
  const wasm = new URL(/trabajo_bg\.\w+\.wasm/.exec(script)![0], worker).href;
  bytes.set(wasm, Number((await context.request.get(wasm, { headers: { 'accept-encoding': 'br' } })).headers()['content-length']));
  expect([...bytes.keys()].map((url) => /(\w+)\.\w+\.\w+$/.exec(url)![1]).sort()).toEqual(['obrero', 'trabajo', 'trabajo_bg']);
  const weight = [...bytes.values()].reduce((sum, more) => sum + more, 0);
  expect(weight).toBeLessThanOrEqual(25_000);

  // The throttling of Chrome slows the thread of the page, not its workers: so the worker's script runs there.
  await page.addScriptTag({ url: worker });
  const devtools = await context.newCDPSession(page);
  const seconds: number[] = [];
  for (const rate of [1, 6]) {
    await devtools.send('Emulation.setCPUThrottlingRate', { rate });
    const took = await page.evaluate(async (wasm) => {
      await wasm_bindgen({ module_or_path: wasm });
      const start = performance.now();
      const proof = wasm_bindgen.solve('un desafío', 48);
      return proof.length === 768 ? performance.now() - start : Infinity;
    }, wasm);
    seconds.push(took / 1000);
  }
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  console.log(`work: ${weight} bytes; 48 hashes in ${seconds[0]!.toFixed(2)} s, throttled six times ${seconds[1]!.toFixed(2)} s`);
  // The machine of the tests is busy with others; ten seconds is what a page has patience for.
  expect(seconds[1]).toBeLessThan(10);
});
