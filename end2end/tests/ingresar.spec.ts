import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as client from 'openid-client';
import { dataShown, save, seeData, updated } from '../pasos/actualizar.ts';
import { identify, setKey } from '../pasos/cambiar.ts';
import { heading, press, refused, success } from '../pasos/formulario.ts';
import { askForKey, expectSent, giveAnswer, keyFor } from '../pasos/recuperar.ts';
import { registeredCompany } from '../pasos/empresa.ts';
import { register, registered, registeredWithout } from '../pasos/registrar.ts';
import { asked, enter } from '../pasos/sistema.ts';
import { expectAccessible } from '../support/axe.ts';
import { newKey } from '../support/people.ts';
import { expectWithinBudget } from '../support/peso.ts';
import { expect, test, type Page, type Service } from '../support/test.ts';

const pg = { tag: '@pg' };

/** From the demo’s system to our page. */
async function fromExample(page: Page) {
  await page.goto('/demo/sistema');
  await page.getByRole('link', { name: 'Ingresar con Clave SENCE' }).click();
  await heading(page, 'Ingresar a Sistema de ejemplo');
}

/** A system of its own: where browsers come back to, and what it is registered as. */
async function system(service: Service, name: string, ...options: string[]) {
  const server: Server = createServer((_, response) => response.end('<h1>Volvió</h1>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const redirect = `http://127.0.0.1:${(server.address() as AddressInfo).port}/volver`;
  const id = `sistema-${Math.random().toString(36).slice(2, 10)}`;
  const { code, out, err } = await service.run('clients', 'add', id, '--name', name, '--redirect', 'http://127.0.0.1/volver',
    '--kinds', 'natural,migrante,juridica', '--scope', 'openid run name email', '--json', ...options);
  expect(code, err).toBe(0);
  const { client_id, client_secret, issuer } = JSON.parse(out);
  const config = await client.discovery(new URL(issuer), client_id, client_secret, undefined,
    { execute: [client.allowInsecureRequests] });
  return { redirect, config, id, close: () => server.close() };
}

test('L-PAGE a person enters a system, and the key goes to no other page', pg, async ({ page, service, person, script }) => {
  await registered(service, person);
  await fromExample(page);
  await expect(page.locator('main')).toContainText('Se comparte: Su RUT · Su nombre, si lo tenemos · Su correo.');
  await enter(page, person.id, 'Equivocada1');
  await refused(page, 'Clave Sence', 'El RUT o la clave no son correctos. Revise los dos.', script);
  // One way to each: in the box to a registration, below the form to a recovery.
  const summary = page.locator('.resumen');
  await expect(summary.getByRole('link')).toHaveText(['El RUT o la clave no son correctos. Revise los dos.', 'Regístrese']);
  await expect(page.getByRole('main').getByRole('link', { name: 'Recuperar CS', exact: true })).toHaveCount(1);
  await enter(page, person.id, person.key);
  await expect(page.locator('main')).toContainText('El sistema recibió estos datos');
  await expect(page.locator('main')).toContainText(person.email);
  // Back: what is over says so, and leads on.
  await page.goBack();
  await heading(page, 'Usted ya ingresó');
  await page.getByRole('link', { name: 'Volver a empezar en Sistema de ejemplo' }).click();
  await expect(page.locator('main')).toContainText('El sistema recibió estos datos');
});

test('L-PAGE who forgot the key recovers it in the middle, and ends at the system', pg, async ({ page, service, person, script }) => {
  await registered(service, person);
  await fromExample(page);
  await enter(page, person.id, 'Equivocada1');
  await refused(page, 'Clave Sence', /no son correctos/, script);
  await page.getByRole('main').getByRole('link', { name: 'Recuperar CS', exact: true }).click();
  // The RUT that was typed is there, in no URL; “Volver” leads back; and the page says what comes after it.
  await expect(page).toHaveURL('/recuperar/natural?aviso=ingreso');
  await expect(page.getByLabel('Rut', { exact: true })).toHaveValue(person.id);
  await expect(page.locator('main')).toContainText('Después sigue a Sistema de ejemplo.');
  await page.getByRole('link', { name: 'Volver', exact: true }).click();
  await heading(page, 'Ingresar a Sistema de ejemplo');
  await expect(page.getByLabel('Rut', { exact: true })).toHaveValue(person.id);
  await expect(page.getByText('Hay algo que corregir')).toHaveCount(0);
  // Who comes from the front page, maybe another person, does not see it.
  await page.goto('/recuperar/natural');
  await expect(page.getByLabel('Rut', { exact: true })).toHaveValue('');
  await page.goto('/registrar/natural?aviso=ingreso');
  await expect(page.getByLabel('Rut', { exact: true })).toHaveValue(person.id);
  await expect(page.locator('main')).toContainText('Después sigue a Sistema de ejemplo.');
  for (const kind of ['juridica', 'migrante']) {
    await page.goto(`/recuperar/${kind}?aviso=ingreso`);
    await expect(page.getByLabel(kind === 'migrante' ? 'NIE' : 'Rut Empresa', { exact: true })).toHaveValue('');
  }
  await page.goto('/recuperar/natural?aviso=ingreso');
  await press(page, 'Validar');
  await giveAnswer(page, person.answer);
  await askForKey(page);
  await expectSent(page);
  await page.getByLabel('Clave provisoria', { exact: true }).fill(await keyFor(service, person));
  await press(page, 'Continuar');
  const key = newKey();
  await heading(page, 'Elija su clave nueva');
  await page.getByLabel('CS Nueva', { exact: true }).fill(key);
  await page.getByLabel('Repetir CS Nueva', { exact: true }).fill(key);
  await press(page, 'Cambiar Clave');
  await success(page, 'Su clave fue cambiada.');
  await expect(page.locator('main .boton').first()).toHaveText('Continuar a Sistema de ejemplo');
  await page.getByRole('link', { name: 'Continuar a Sistema de ejemplo' }).click();
  // What was wrong before is not shown again.
  await expect(page.getByText('Hay algo que corregir')).toHaveCount(0);
  await enter(page, person.id, key);
  await expect(page.locator('main')).toContainText('El sistema recibió estos datos');
});

test('L-PAGE a provisional key leads to a new key, then on', pg, async ({ page, service, person }) => {
  await registered(service, person);
  await page.goto('/recuperar/natural');
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await press(page, 'Validar');
  await giveAnswer(page, person.answer);
  await askForKey(page);
  await expectSent(page);
  await fromExample(page);
  await enter(page, person.id, await keyFor(service, person));
  await heading(page, 'Elija su clave nueva');
  await expect(page.locator('main')).toContainText(
    'Esa clave era provisoria. Cree ahora su clave nueva; después sigue a Sistema de ejemplo.');
  await expect(page.getByText(/^Paso /)).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Volver', exact: true })).toHaveAttribute('href', /^\/ingresar\//);
  const key = newKey();
  await setKey(page, key);
  await success(page, 'Su clave fue cambiada.');
  await page.getByRole('link', { name: 'Continuar a Sistema de ejemplo' }).click();
  await enter(page, person.id, key);
  await expect(page.locator('main')).toContainText('El sistema recibió estos datos');
});

test('L-PAGE missing data stop a new key: “Actualizar datos”, then the key, then on', async ({ page, service, person }) => {
  await registeredWithout(service, person, 'mail');
  await fromExample(page);
  await identify(page, person.id, person.key);
  await heading(page, 'Faltan datos en su cuenta');
  await press(page, 'Actualizar datos');
  await giveAnswer(page, person.answer);
  await dataShown(page);
  await page.getByLabel('Email Actual', { exact: true }).fill(person.email);
  await save(page);
  await updated(page);
  // One way on: to the change first.
  await expect(page.getByRole('link', { name: 'Continuar a Sistema de ejemplo' })).toHaveCount(0);
  await press(page, 'Seguir con Cambiar CS');
  const key = newKey();
  await setKey(page, key);
  await page.getByRole('link', { name: 'Continuar a Sistema de ejemplo' }).click();
  await enter(page, person.id, key);
  await expect(page.locator('main')).toContainText('El sistema recibió estos datos');
});

test('L-PAGE an update in the middle of a sign-in leads on to the system', async ({ page, service, person }) => {
  await registered(service, person);
  await fromExample(page);
  await seeData(page, person);
  await page.getByLabel('Block', { exact: true }).fill('A');
  await save(page);
  await updated(page);
  await page.getByRole('link', { name: 'Continuar a Sistema de ejemplo' }).click();
  await heading(page, 'Ingresar a Sistema de ejemplo');
});

test('L-PAGE “back” after each page of a sign-in shows a page that works', async ({ page, service, person }) => {
  await registered(service, person);
  const other = await system(service, 'Cursos de Prueba');
  const { url, checks } = await asked(other);
  await page.goto('/demo/sistema');
  await page.goto(url);
  // From the refused key, and from another kind, to the first page.
  await enter(page, person.id, 'Equivocada1');
  await heading(page, 'Ingresar a Cursos de Prueba');
  await page.getByRole('link', { name: 'Persona Migrante' }).click();
  await page.getByLabel('NIE', { exact: true }).waitFor();
  await page.goBack();
  await page.getByRole('main').getByRole('link', { name: 'Recuperar CS', exact: true }).click();
  await page.waitForURL(/\/recuperar\/natural/);
  await page.goBack();
  await enter(page, person.id, person.key);
  // From the consent: who is signed in may go on, and is asked again.
  await heading(page, 'Cursos de Prueba pide estos datos suyos');
  await page.goBack();
  await page.reload();
  await heading(page, 'Cursos de Prueba pide estos datos suyos');
  await page.getByRole('button', { name: /^Continuar/ }).click();
  await page.waitForURL(/\/volver\?code=/);
  const back = new URL(page.url());
  // From the system: it says that this is over, and leads there again. The code of the first time is still good.
  await page.goBack();
  await page.reload();
  await heading(page, 'Usted ya ingresó');
  await client.authorizationCodeGrant(other.config, back, checks);
  other.close();
});

test('security L-PAGE a page of one person does nothing for another who has signed in meanwhile', async ({ page, service, someone }) => {
  const [one, other] = [someone(), someone()];
  for (const person of [one, other]) await registered(service, person);
  const [first, second] = [await system(service, 'Uno', '--first-party'), await system(service, 'Otro', '--first-party')];
  const [tab, account] = [await page.context().newPage(), await page.context().newPage()];
  await page.goto((await asked(first)).url);
  await enter(page, one.id, one.key);
  await page.waitForURL(/\/volver\?code=/);
  await page.goto((await asked(second)).url);
  await account.goto('/cuenta');
  await tab.goto((await asked(first, { prompt: 'login' })).url);
  await enter(tab, other.id, other.key);
  await tab.waitForURL(/\/volver\?code=/);
  await page.getByRole('button', { name: /^Continuar como/ }).click();
  await expect(page.getByRole('button', { name: `Continuar como ${other.id}` })).toBeVisible();
  await account.getByRole('button', { name: 'Desconectar Uno' }).click();
  await expect(account.getByText(other.id).first()).toBeVisible();
  await expect(account.getByRole('button', { name: 'Desconectar Uno' })).toBeVisible();
  // Who wants another account stays with that after a wrong key.
  await tab.goto((await asked(second)).url);
  await tab.getByRole('link', { name: 'Usar otra cuenta' }).click();
  await enter(tab, one.id, 'Equivocada1');
  await expect(tab.getByText('Hay algo que corregir')).toBeVisible();
  await expect(tab.getByLabel('Clave Sence', { exact: true })).toBeVisible();
  await account.close();
  await tab.close();
  first.close();
  second.close();
});

test('L-PAGE Mi cuenta lists the systems, disconnects them, and ends the session', pg, async ({ page, service, person }) => {
  await registered(service, person);
  await fromExample(page);
  await enter(page, person.id, person.key);
  await page.getByRole('main').getByRole('link', { name: 'Mi cuenta' }).click();
  await heading(page, 'Mi cuenta');
  await expect(page.locator('main')).toContainText('Sistema de ejemplo');
  await page.getByRole('button', { name: 'Desconectar Sistema de ejemplo' }).click();
  await expect(page.locator('main')).toContainText('No hay sistemas conectados.');
  await fromExample(page);
  await page.getByRole('button', { name: /^Continuar como/ }).click();
  await expect(page.locator('main')).toContainText('El sistema recibió estos datos');
  // From the front page, and back to it.
  await page.goto('/');
  await page.getByRole('navigation').getByRole('link', { name: 'Mi cuenta' }).click();
  await heading(page, 'Mi cuenta');
  await expect(page.getByRole('main').getByRole('link', { name: 'Cambiar CS' })).toHaveAttribute('href', '/cambiar/natural');
  await expect(page.getByRole('main').getByRole('link', { name: 'Actualizar datos' })).toHaveAttribute('href', '/actualizar/natural');
  await page.getByRole('link', { name: 'Volver al inicio' }).click();
  await heading(page, 'Clave Sence (CS)');
  await page.goto('/cambiar/natural');
  await page.getByRole('contentinfo').getByRole('link', { name: 'Mi cuenta' }).click();
  await page.getByRole('button', { name: 'Cerrar sesión', exact: true }).click();
  await heading(page, 'Sesión cerrada');
  await page.goto('/cuenta');
  await heading(page, 'Ingresar a Mi cuenta');
  await enter(page, person.id, person.key);
  await heading(page, 'Mi cuenta');
});

test('L-PAGE a system of others asks for consent, and may be refused', pg, async ({ page, service, person }) => {
  await registered(service, person);
  const other = await system(service, 'Cursos de Prueba');
  const first = await asked(other);
  await page.goto(first.url);
  await heading(page, 'Ingresar a Cursos de Prueba');
  await page.getByRole('button', { name: 'Volver a Cursos de Prueba' }).click();
  await page.waitForURL(/127\.0\.0\.1.*\/volver\?error=access_denied/);
  const second = await asked(other);
  await page.goto(second.url);
  await enter(page, person.id, person.key);
  await heading(page, 'Cursos de Prueba pide estos datos suyos');
  // What is shared, with its value, and no name where none is known.
  await expect(page.getByRole('main').getByRole('listitem')).toHaveText([`Su RUT: ${person.id}`, `Su correo: ${person.email}`]);
  await page.getByRole('button', { name: 'No compartir y volver a Cursos de Prueba' }).click();
  await page.waitForURL(/\/volver\?error=access_denied/);
  const third = await asked(other);
  await page.goto(third.url);
  await page.getByRole('button', { name: /^Continuar como/ }).click();
  await heading(page, 'Cursos de Prueba pide estos datos suyos');
  await page.getByRole('button', { name: /^Continuar/ }).click();
  await page.waitForURL(/\/volver\?code=/);
  const tokens = await client.authorizationCodeGrant(other.config, new URL(page.url()), third.checks);
  const info = await client.fetchUserInfo(other.config, tokens.access_token, tokens.claims()!.sub);
  expect(info.email).toBe(person.email);
  expect(info.RolUnico).toMatchObject({ tipo: 'RUN' });
  other.close();
});

test('L-PAGE a company and a migrant read what is theirs', async ({ page, service, company, migrant }) => {
  service.tax.names(company);
  await registeredCompany(service, company);
  await registered(service, migrant);
  const other = await system(service, 'Cursos de Prueba');
  await page.goto((await asked(other)).url);
  await page.getByRole('link', { name: 'Persona Jurídica' }).click();
  await page.getByLabel('Rut Empresa', { exact: true }).fill(company.id);
  await page.getByLabel('Rut Representante Legal', { exact: true }).fill(company.representative.id);
  await page.getByLabel('Clave Sence', { exact: true }).fill(company.key);
  await page.getByRole('button', { name: 'Ingresar', exact: true }).click();
  const items = page.getByRole('main').getByRole('listitem');
  await expect(items).toHaveText([`RUT de la empresa: ${company.id}`, `RUT del representante legal: ${company.representative.id}`,
    `Razón social: ${company.names}`, `Correo de la empresa: ${company.email}`]);
  await page.goto((await asked(other, { prompt: 'login' })).url);
  await page.getByRole('link', { name: 'Persona Migrante' }).click();
  await page.getByLabel('NIE', { exact: true }).fill(migrant.id);
  await page.getByLabel('Clave Sence', { exact: true }).fill(migrant.key);
  await page.getByRole('button', { name: 'Ingresar', exact: true }).click();
  await expect(items.first()).toHaveText(`Su NIE: ${migrant.id.replaceAll('-', '')}`);
  // Back, after the session has ended, shows nothing of it.
  const consent = page.url();
  await page.goto('/cuenta');
  await page.getByRole('button', { name: 'Cerrar sesión', exact: true }).click();
  await page.goto(consent);
  await expect(items.first()).toHaveText('Su NIE');
  other.close();
});

test('L-PAGE “Continuar a …” stays after a wrong code of the mail', async ({ page, service, person }) => {
  await fromExample(page);
  await page.getByRole('main').getByRole('link', { name: 'Regístrese', exact: true }).click();
  await register(page, service, person);
  await expect(page.getByRole('link', { name: 'Continuar a Sistema de ejemplo' })).toBeVisible();
  await page.getByLabel('Código del correo', { exact: true }).fill('AAAAAA');
  await press(page, 'Confirmar correo');
  await heading(page, 'Confirme su correo');
  await page.getByRole('link', { name: 'Continuar a Sistema de ejemplo' }).click();
  await heading(page, 'Ingresar a Sistema de ejemplo');
});

test('L-OIDC openid-client: session, prompt=none, max_age, and a wrong verifier', pg, async ({ page, service, person }) => {
  await registered(service, person);
  const own = await system(service, 'Cursos de SENCE', '--first-party');
  const none = await asked(own, { prompt: 'none' });
  await page.goto(none.url);
  await page.waitForURL(/error=login_required/);
  const first = await asked(own);
  await page.goto(first.url);
  await enter(page, person.id, person.key);
  await page.waitForURL(/\/volver\?code=/);
  const wrong = { ...first.checks, pkceCodeVerifier: client.randomPKCECodeVerifier() };
  await expect(client.authorizationCodeGrant(own.config, new URL(page.url()), wrong)).rejects.toThrow();
  const tokens = await client.authorizationCodeGrant(own.config, new URL(page.url()), first.checks);
  expect(tokens.claims()).toMatchObject({ acr: 'clave', amr: ['pwd'] });
  for (const more of [{ prompt: 'none' }, { max_age: '3600' }] as Record<string, string>[]) {
    const silent = await asked(own, more);
    await page.goto(silent.url);
    await page.waitForURL(/\/volver\?code=/);
    const again = await client.authorizationCodeGrant(own.config, new URL(page.url()), {
      ...silent.checks, ...(more.max_age && { maxAge: 3600 }),
    });
    expect(again.claims()!.sub).toBe(tokens.claims()!.sub);
  }
  own.close();
});

test('L-OIDC two systems in two tabs do not mix', async ({ page, service, person }) => {
  await registered(service, person);
  const [one, other] = [await system(service, 'Uno', '--first-party'), await system(service, 'Otro', '--first-party')];
  const [first, second] = [await asked(one), await asked(other)];
  const tab = await page.context().newPage();
  await page.goto(first.url);
  await tab.goto(second.url);
  await enter(page, person.id, person.key);
  await page.waitForURL(/\/volver\?code=/);
  await client.authorizationCodeGrant(one.config, new URL(page.url()), first.checks);
  await tab.reload();
  await tab.getByRole('button', { name: /^Continuar como/ }).click();
  await tab.waitForURL(/\/volver\?code=/);
  await client.authorizationCodeGrant(other.config, new URL(tab.url()), second.checks);
  await tab.close();
  one.close();
  other.close();
});

test('security L-OIDC an unknown system, or another redirect, ends on a page of ours', async ({ page, service, allowConsoleError }) => {
  allowConsoleError(/status of 400/);
  const own = await system(service, 'Cursos de SENCE');
  const { url } = await asked(own);
  for (const [name, value] of [['client_id', 'no-hay'], ['redirect_uri', 'https://malo.cl/'], ['redirect_uri', `${own.redirect}/..`]]) {
    const asked = new URL(url);
    asked.searchParams.set(name!, value!);
    await page.goto(asked.href);
    await heading(page, 'No podemos abrir este ingreso');
    expect(new URL(page.url()).origin).toBe(service.url);
  }
  own.close();
});

test('L-PAGE every page of a sign-in is accessible and light', async ({ page, service, person, script, allowConsoleError }) => {
  allowConsoleError(/status of 410/);
  const look = async (what: string) => {
    await expectAccessible(page, what, script);
    await expectWithinBudget(page, what);
  };
  await registered(service, person);
  const other = await system(service, 'Cursos de Prueba');
  await page.goto((await asked(other)).url);
  await look('ingresar');
  await enter(page, person.id, 'Equivocada1');
  await heading(page, 'Ingresar a Cursos de Prueba');
  await look('ingresar, refused');
  for (const kind of ['Persona Migrante', 'Persona Jurídica']) {
    await page.getByRole('link', { name: kind }).click();
    await look(`ingresar, ${kind}`);
  }
  await page.getByRole('link', { name: 'Persona Natural' }).click();
  await enter(page, person.id, person.key);
  await heading(page, 'Cursos de Prueba pide estos datos suyos');
  await look('consent');
  await page.goto('/cuenta');
  await look('cuenta');
  await fromExample(page);
  await look('ingresar, session');
  await page.getByRole('link', { name: 'Usar otra cuenta' }).click();
  await page.getByLabel('Rut', { exact: true }).waitFor();
  await page.context().clearCookies();
  await page.reload();
  await heading(page, 'Este ingreso venció');
  await look('ingresar, expired');
  other.close();
});
