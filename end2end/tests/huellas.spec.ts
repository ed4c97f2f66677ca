import { openUpdate, save, seeData } from '../pasos/actualizar.ts';
import { identify, setKey } from '../pasos/cambiar.ts';
import { confirmLater } from '../pasos/correo.ts';
import { registeredCompany } from '../pasos/empresa.ts';
import { openRequest } from '../pasos/facilitador.ts';
import { heading, press, success, summary } from '../pasos/formulario.ts';
import { askForKey, expectQuestion, expectSent, forget, giveDocumentBelow, giveAnswer, giveId } from '../pasos/recuperar.ts';
import { fillRegistration, openRegistration, registered } from '../pasos/registrar.ts';
import { send } from '../support/http.ts';
import { newKey } from '../support/people.ts';
import { expect, test, type Page } from '../support/test.ts';

const http = { tag: '@http' };

/** “Terminar y borrar” on the page that is there: what comes back, and what is left in the browser. */
async function finish(page: Page) {
  const answered = page.waitForResponse((response) => response.url().endsWith('/api/terminar'));
  await press(page, 'Terminar y borrar');
  await heading(page, 'Listo');
  const answer = await answered;
  expect(await answer.headerValue('clear-site-data')).toBe('"cache", "storage"');
  await expect(page.locator('main')).toContainText('Borramos de este equipo su trámite: nadie puede seguirlo desde aquí.');
  await expect(page).toHaveURL('/terminado');
  expect((await page.context().cookies()).map((cookie) => cookie.name)).toEqual([]);
  await expect(page.getByRole('link', { name: 'Volver al inicio' })).toBeVisible();
}

test('Terminar y borrar: a registration, half done and at its end', async ({ page, person }) => {
  await openRegistration(page);
  await fillRegistration(page, person);
  await page.getByLabel('Captcha', { exact: true }).fill('XXXXX');
  await press(page, 'Crear Cuenta');
  await expect(summary(page)).toBeVisible();
  await finish(page);
  await page.goto('/registrar/natural/formulario');
  await expect(page).toHaveURL('/registrar/natural');
  await expect(page.getByLabel('Rut', { exact: true })).toHaveValue('');

  await fillRegistration(page, person);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await finish(page);
  await page.goto('/registrar/natural/listo');
  await expect(page).toHaveURL(/\/registrar\/natural(\?aviso=vencido)?$/);
});

test('Terminar y borrar: a recovery, half done and at its end; nothing comes back by “Atrás”', async ({ page, service, person }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await giveAnswer(page, 'no es esta');
  await expect(summary(page)).toBeVisible();
  // /terminado does not claim it while the browser still has a flow.
  await page.goto('/terminado');
  await expect(page).toHaveURL('/');
  await page.goto('/recuperar/natural/pregunta');
  await finish(page);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Responda su pregunta secreta');
  await expect(page.locator('main')).not.toContainText(person.id);
  await page.goto('/recuperar/natural/pregunta');
  await expect(page).toHaveURL('/recuperar/natural?aviso=vencido');

  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await askForKey(page);
  await expectSent(page);
  await finish(page);
  await page.goto('/recuperar/natural/listo');
  await expect(page).toHaveURL('/recuperar/natural?aviso=vencido');
});

test('Terminar y borrar: a change and an update, half done and at their ends', async ({ page, service, person }) => {
  await registered(service, person);
  await identify(page, person.id, person.key);
  await heading(page, 'Elija su clave nueva');
  await finish(page);
  await page.goto('/cambiar/natural/clave');
  await expect(page).toHaveURL('/cambiar/natural?aviso=vencido');

  await openUpdate(page, person, person.key);
  await heading(page, /pregunta secreta/);
  await finish(page);
  await seeData(page, person);
  await save(page);
  await heading(page, 'Éxito');
  await finish(page);

  const key = newKey();
  await identify(page, person.id, person.key);
  await setKey(page, key);
  await success(page, 'Su clave fue cambiada.');
  await finish(page);
});

test('Terminar y borrar: a code of a mail, wrong', async ({ page, person }) => {
  await confirmLater(page, person, 'AAAAAA');
  await expect(summary(page)).toBeVisible();
  await finish(page);
  await page.goto('/correo/natural/validar');
  await expect(page).toHaveURL('/correo/natural');
  await expect(page.getByLabel('Rut', { exact: true })).toHaveValue('');
});

test('Terminar y borrar: a request for a facilitator ends, in both of its cookies', async ({ page, service, company }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await finish(page);
  await page.goto('/facilitador/declaracion');
  await expect(page).toHaveURL('/facilitador?aviso=vencido');
});

test('Terminar y borrar ends every flow of the browser, and is never the way of the Enter key', async ({ page, service, person }) => {
  await registered(service, person);
  await identify(page, person.id, person.key);
  await heading(page, 'Elija su clave nueva');
  await giveId(page, person.id);
  await expectQuestion(page);
  const field = page.getByLabel('Respuesta Secreta', { exact: true });
  await field.fill('no es esta');
  await field.press('Enter');
  await expect(summary(page)).toBeVisible();
  await expect(page).toHaveURL('/recuperar/natural/pregunta');
  // Below the form and the last control of the page.
  const [forward, end] = [page.getByRole('button', { name: 'Validar' }), page.getByRole('button', { name: 'Terminar y borrar' })];
  expect((await end.boundingBox())!.y).toBeGreaterThan((await forward.boundingBox())!.y + 60);
  await finish(page);
  await page.goto('/cambiar/natural/clave');
  await expect(page).toHaveURL('/cambiar/natural?aviso=vencido');
});

test('a new token with each form; the one before shows nothing', async ({ page, context, service, person }) => {
  await openRegistration(page);
  expect(await context.cookies()).toEqual([]);
  const tokens: string[] = [];
  const token = async () => (await context.cookies()).find((cookie) => cookie.name === 'cs_registrar')!.value;
  for (let time = 0; time < 3; time++) {
    await fillRegistration(page, person);
    await page.getByLabel('Captcha', { exact: true }).fill('XXXXX');
    const before = page.locator('input[name=imagen]');
    const shown = await before.inputValue();
    await press(page, 'Crear Cuenta');
    await expect(before).not.toHaveValue(shown);
    expect(tokens).not.toContain(await token());
    tokens.push(await token());
  }
  const see = (value: string) => send(`${service.url}/registrar/natural/formulario`, { headers: { cookie: `cs_registrar=${value}` } });
  expect((await see(tokens[2])).text).toContain(person.email);
  for (const former of tokens.slice(0, 2)) {
    const answer = await see(former);
    expect([answer.status, answer.headers.location]).toEqual([303, '/registrar/natural']);
  }
});

test('opening a page stores nothing and gives no cookie', http, async ({ emptyService: service }) => {
  const kinds = ['natural', 'juridica', 'migrante'];
  const paths = [
    '/', '/informacion', '/registrar', '/recuperar', '/cambiar', '/actualizar', '/facilitador', '/facilitador/validar', '/mesa', '/terminado',
    '/cambiar/facilitador', '/actualizar/natural', '/actualizar/migrante',
    '/correo', '/correo/natural/validar', '/correo/natural/listo', '/cuenta', '/demo/sistema',
    ...['registrar', 'recuperar', 'cambiar', 'correo'].flatMap((errand) => kinds.map((kind) => `/${errand}/${kind}`)),
    '/registrar/natural/formulario', '/recuperar/natural/pregunta', '/cambiar/natural/clave', '/actualizar/natural/datos',
  ];
  const pictures: string[] = [];
  for (const path of paths) {
    const answer = await send(service.url + path);
    expect([200, 303], path).toContain(answer.status);
    expect(answer.headers, path).not.toHaveProperty('set-cookie');
    pictures.push(...[...answer.text.matchAll(/src="(\/captcha\/[^"/]+)"/g)].map((found) => found[1]));
  }
  expect(pictures).toHaveLength(4);
  for (const picture of pictures) {
    expect((await send(service.url + picture)).headers['content-type']).toBe('image/png');
  }
  const rows = await service.rows();
  // Tables of the program itself: the demo has registered its example of a system.
  for (const own of ['readiness', '_sqlx_migrations', 'client']) delete rows[own];
  expect(rows).toEqual(Object.fromEntries(Object.keys(rows).map((table) => [table, 0])));
  expect(Object.keys(rows)).toEqual(expect.arrayContaining(['flow', 'captcha', 'captcha_spent', 'attempt', 'audit', 'outbox']));
});

test('forget: the button is on every page of a flow, and not before there is one', async ({ page, service, person }) => {
  await registered(service, person);
  await page.goto('/recuperar/natural');
  const button = page.getByRole('button', { name: 'Terminar y borrar' });
  await expect(button).toHaveCount(0);
  await giveId(page, person.id);
  await expectQuestion(page);
  await expect(button).toHaveCount(1);
  await forget(page);
  await giveDocumentBelow(page, 'A000000000');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/número de serie/);
  await expect(button).toHaveCount(1);
  await page.goto('/recuperar/natural');
  await expect(button).toHaveCount(1);
});
