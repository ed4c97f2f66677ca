import type { Route } from '@playwright/test';
import { dataShown, save, seeData, updated } from '../pasos/actualizar.ts';
import { identify, setKey } from '../pasos/cambiar.ts';
import { begin, heading, marked, press, refused, success, summary } from '../pasos/formulario.ts';
import { askForKey, expectQuestion, forget, giveAnswer, giveContact, giveDocument, giveDocumentBelow, keyFor, mailIsRight, expectSent, SERIAL } from '../pasos/recuperar.ts';
import { fillRegistration, openRegistration, registered, registeredWithout } from '../pasos/registrar.ts';
import { newKey } from '../support/people.ts';
import { expect, LETTERS, test, type Page } from '../support/test.ts';

const script = { tag: '@script' };
const focusOnHeading = (page: Page) => expect(page.getByRole('heading', { level: 1 })).toBeFocused();

test('N-REC without a reload from the first step to “Éxito”: URL, title and focus follow', script, async ({ page, service, person, someone }) => {
  const now = someone();
  await registered(service, person);
  service.registry.add(person);
  await begin(page, '/recuperar/natural');
  const at = async (step: string, title = /^Recuperar CS –/) => {
    await expect(page).toHaveURL(`/recuperar/natural/${step}`);
    await expect(page).toHaveTitle(title);
    await focusOnHeading(page);
  };
  await page.getByLabel('Rut', { exact: true }).fill('1');
  await press(page, 'Validar');
  await refused(page, 'Rut', /entre 5 y 9/, true);
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await press(page, 'Validar');
  await expectQuestion(page);
  await at('pregunta');
  await forget(page);
  await giveDocumentBelow(page, 'A000000000');
  await refused(page, SERIAL, /no corresponde/, true);
  await expect(page).toHaveURL('/recuperar/natural/documento');
  await giveDocument(page, person.document);
  await heading(page, 'Revise su correo');
  await at('correo');
  await mailIsRight(page, 'NO');
  await heading(page, /Dónde quiere recibir/);
  await at('contacto');
  await giveContact(page, now.email, now.mobile);
  await heading(page, /Confirme y le enviamos/);
  await at('confirmar');
  await askForKey(page);
  await expectSent(page);
  await at('listo', /^Éxito: clave enviada –/);
  expect(await marked(page)).toBe(true);
  await keyFor(service, now);
});

test('N-REG without a reload, errors on the way included', script, async ({ page, person }) => {
  await begin(page, '/registrar/natural');
  await press(page, 'Crear Cuenta');
  await expect(summary(page)).toBeFocused();
  await fillRegistration(page, person);
  await page.getByLabel('Captcha', { exact: true }).fill('XXXXX');
  await press(page, 'Crear Cuenta');
  await refused(page, 'Captcha', /Las letras no coinciden/, true);
  await page.getByLabel('Captcha', { exact: true }).fill(LETTERS);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await expect(page).toHaveURL('/registrar/natural/listo');
  await focusOnHeading(page);
  expect(await marked(page)).toBe(true);
});

test('N-CHG without a reload', script, async ({ page, service, person }) => {
  await registered(service, person);
  await begin(page, '/cambiar/natural');
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await page.getByLabel('CS Actual', { exact: true }).fill(person.key);
  await press(page, 'Validar');
  await heading(page, 'Elija su clave nueva');
  await expect(page).toHaveURL('/cambiar/natural/clave');
  await focusOnHeading(page);
  await setKey(page, newKey());
  await success(page, 'Su clave fue cambiada.');
  await expect(page).toHaveURL('/cambiar/natural/listo');
  await focusOnHeading(page);
  expect(await marked(page)).toBe(true);
});

test('N-UPD without a reload, from a change that stopped and back to it', script, async ({ page, service, migrant }) => {
  await registeredWithout(service, migrant, 'mail');
  await begin(page, '/cambiar/migrante');
  const at = async (path: string) => {
    await expect(page).toHaveURL(path);
    await focusOnHeading(page);
  };
  await page.getByLabel('NIE', { exact: true }).fill(migrant.id);
  await page.getByLabel('CS Actual', { exact: true }).fill(migrant.key);
  await press(page, 'Validar');
  await heading(page, 'Faltan datos en su cuenta');
  await at('/cambiar/migrante/faltan-datos');
  await press(page, 'Actualizar datos');
  await expectQuestion(page);
  await at('/actualizar/migrante/pregunta');
  await giveAnswer(page, migrant.answer);
  await dataShown(page);
  await at('/actualizar/migrante/datos');
  await save(page);
  await refused(page, 'Email Actual', /Escriba su correo/, true);
  await page.getByLabel('Email Actual', { exact: true }).fill(migrant.email);
  await save(page);
  await updated(page);
  await at('/actualizar/migrante/listo');
  await press(page, 'Seguir con Cambiar CS');
  await heading(page, 'Elija su clave nueva');
  await at('/cambiar/migrante/clave');
  expect(await marked(page)).toBe(true);
});

test('the comunas follow the region where the form comes filled in', script, async ({ page, service, person }) => {
  await registered(service, person);
  await seeData(page, person);
  const comuna = page.getByLabel('Comuna', { exact: true });
  await expect(comuna.locator(':checked')).toHaveText('Viña del Mar');
  await expect.poll(() => comuna.locator('option:not([value=""])').count()).toBe(38);
});

test('back and forth in the history without a reload', script, async ({ page, service, person }) => {
  await registered(service, person);
  await begin(page, '/recuperar/natural');
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await press(page, 'Validar');
  await expectQuestion(page);
  await forget(page);
  await giveDocumentBelow(page, 'A000000000');
  await heading(page, /número de serie/);
  await page.goBack();
  await expectQuestion(page);
  await expect(page).toHaveURL('/recuperar/natural/pregunta');
  await page.goForward();
  await heading(page, /número de serie/);
  await page.goBack();
  await giveAnswer(page, person.answer);
  await askForKey(page);
  await expectSent(page);
  expect(await marked(page)).toBe(true);
});

test('a step that the network loses is sent once more', script, async ({ page, service, person, allowConsoleError }) => {
  allowConsoleError(/net::ERR_FAILED/);
  await registered(service, person);
  await begin(page, '/recuperar/natural');
  let lost = 0;
  await page.route('**/api/recuperar/*', (route) => (lost++ === 0 ? route.abort() : route.continue()));
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await press(page, 'Validar');
  await expectQuestion(page);
  expect(await marked(page)).toBe(true);
  await giveAnswer(page, person.answer);
  await askForKey(page);
  await expectSent(page);
});

test('the wasm that does not come leaves a page that works', script, async ({ page, service, person, allowConsoleError }) => {
  allowConsoleError(/net::ERR_FAILED/);
  await page.route('**/*.wasm', (route) => route.abort());
  await registered(service, person);
  await page.goto('/recuperar/natural');
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await press(page, 'Validar');
  await giveAnswer(page, person.answer);
  await askForKey(page);
  await expectSent(page);
});

test('an answer “intente más tarde” is above the form, which keeps what was typed', script, async ({ page, service, person, allowConsoleError }) => {
  allowConsoleError(/503/);
  await registered(service, person);
  await begin(page, '/cambiar/natural');
  const down = '<main><div role="alert" tabindex="-1"><h1>Ahora no podemos atenderle</h1></div></main>';
  await page.route('**/api/cambiar/validar', (route) => route.fulfill({ status: 503, contentType: 'text/html', body: down }), { times: 2 });
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await page.getByLabel('CS Actual', { exact: true }).fill(person.key);
  for (let time = 0; time < 2; time++) {
    await press(page, 'Validar');
    await expect(page.getByRole('alert')).toHaveCount(1);
    await expect(page.getByRole('alert')).toContainText('Ahora no podemos atenderle');
    await expect(page.getByRole('alert')).toBeFocused();
    await expect(page.getByLabel('CS Actual', { exact: true })).toHaveValue(person.key);
  }
  await press(page, 'Validar');
  await expect(page.getByRole('heading', { name: 'Elija su clave nueva' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('while a step is under way the form says so, and a second click does nothing', script, async ({ page, service, person }) => {
  await registered(service, person);
  await begin(page, '/recuperar/natural');
  const posts: Route[] = [];
  await page.route('**/api/recuperar/validar', (route) => void posts.push(route));
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await press(page, 'Validar');
  await expect(page.locator('form')).toHaveAttribute('aria-busy', 'true');
  await expect.poll(() => posts.length).toBe(1);
  await press(page, 'Validar…');
  await posts[0]!.continue();
  await expectQuestion(page);
  expect(posts).toHaveLength(1);
});

test('the islands speak while somebody types', script, async ({ page, person }) => {
  await begin(page, '/registrar/natural');
  const says = (words: string | RegExp) => expect(page.getByRole('status').filter({ hasText: words })).toBeVisible();
  const field = (label: string) => page.getByLabel(label, { exact: true });

  await field('Rut').pressSequentially('12.345.678-9');
  await says(/no calzan/);
  await field('Rut').fill(person.id.replace(/[.-]/g, ''));
  await says('✓ RUT válido');
  await field('Rut').blur();
  await expect(field('Rut')).toHaveValue(person.id);

  await field('Email').pressSequentially('ana@correo');
  await expect(page.getByText('✓ Tiene forma de correo')).toHaveCount(0);
  await field('Email').pressSequentially('.cl');
  await says('✓ Tiene forma de correo. Revise que sea el suyo');
  await field('Celular').pressSequentially('12345678');
  await says(/✓ Celular/);

  await field('Clave CS').pressSequentially('vK12345');
  await says('Falta 1 carácter');
  await field('Clave CS').pressSequentially('67');
  await says('✓ Largo correcto');
  await field('Repetir Clave CS').pressSequentially('vK12');
  await says(/Todavía no es igual/);
  await field('Repetir Clave CS').pressSequentially('34567');
  await says(/Las dos claves son iguales/);

  const show = page.getByRole('button', { name: 'Ver lo que escribo' });
  await expect(field('Clave CS')).toHaveAttribute('type', 'password');
  await show.click();
  for (const label of ['Clave CS', 'Repetir Clave CS']) await expect(field(label)).toHaveAttribute('type', 'text');
  await page.getByRole('button', { name: 'Ocultar' }).click();
  for (const label of ['Clave CS', 'Repetir Clave CS']) await expect(field(label)).toHaveAttribute('type', 'password');
});

test('the comunas follow the region, at once and when the page comes back', script, async ({ page }) => {
  await begin(page, '/registrar/natural');
  const [region, comuna] = [page.getByLabel('Región', { exact: true }), page.getByLabel('Comuna', { exact: true })];
  const offered = () => comuna.locator('option:not([value=""])').count();
  expect(await offered()).toBe(346);
  await region.selectOption({ label: 'Arica y Parinacota' });
  expect(await offered()).toBe(4);
  await comuna.selectOption({ label: 'Putre' });
  await region.selectOption({ label: 'Metropolitana de Santiago' });
  await expect(comuna).toHaveValue('');
  expect(await offered()).toBe(52);
  await comuna.selectOption({ label: 'Ñuñoa' });
  await press(page, 'Crear Cuenta');
  await expect(summary(page)).toBeFocused();
  await expect(comuna.locator(':checked')).toHaveText('Ñuñoa');
  await expect.poll(offered).toBe(52);
  await region.selectOption('');
  expect(await offered()).toBe(346);
});

test('the islands wake on a step that was exchanged', script, async ({ page, service, person }) => {
  await registered(service, person);
  await begin(page, '/recuperar/natural');
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await press(page, 'Validar');
  await forget(page);
  await page.getByLabel(SERIAL).pressSequentially('a123456789');
  await expect(page.getByRole('status').filter({ hasText: '✓' })).toBeVisible();
  await identify(page, person.id, person.key);
  await heading(page, 'Elija su clave nueva');
  await page.getByRole('button', { name: 'Ver lo que escribo' }).click();
  await expect(page.getByLabel('CS Nueva', { exact: true })).toHaveAttribute('type', 'text');
});

test('a button that needs script is shown only once the wasm runs', async ({ page, script }) => {
  await openRegistration(page);
  await expect(page.getByRole('button', { name: 'Ver lo que escribo' })).toHaveCount(script ? 1 : 0);
});

test('a page of another build is loaded whole: its scripts are not those that run', script, async ({ page, service, person }) => {
  await registered(service, person);
  await begin(page, '/recuperar/natural');
  // As if the service was updated after this page was loaded.
  await page.evaluate(() => {
    document.querySelector('head script')!.setAttribute('src', '/pkg/antes.js');
    (window as { before?: boolean }).before = true;
  });
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await press(page, 'Validar');
  await expectQuestion(page);
  await expect(page).toHaveURL('/recuperar/natural/pregunta');
  expect(await page.evaluate(() => (window as { before?: boolean }).before)).toBeUndefined();
  await giveAnswer(page, person.answer);
  await heading(page, /Confirme y le enviamos/);
});
