import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as client from 'openid-client';
import { changeKey } from '../pasos/cambiar.ts';
import { heading, press } from '../pasos/formulario.ts';
import { askForKey, expectSent, giveAnswer, keyFor } from '../pasos/recuperar.ts';
import { registered } from '../pasos/registrar.ts';
import { asked, enter } from '../pasos/sistema.ts';
import { expectAccessible } from '../support/axe.ts';
import { newKey } from '../support/people.ts';
import { expectWithinBudget } from '../support/peso.ts';
import { expect, test, type Page, type Service } from '../support/test.ts';

const pg = { tag: '@pg' };

/** The claims of a token, unchecked. */
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

/** A system with pages of its own, which is notified of logouts. */
async function system(service: Service, name: string) {
  const notices: string[] = [];
  const read = async (request: IncomingMessage) => {
    let body = '';
    for await (const piece of request) body += piece;
    return body;
  };
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url!, base);
    if (url.pathname === '/aviso') notices.push(new URLSearchParams(await read(request)).get('logout_token')!);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(url.pathname === '/formulario'
      ? `<form method="post" action="${service.url}/openid/logout/">${[...url.searchParams].map(([key, value]) =>
        `<input type="hidden" name="${key}" value="${value}">`).join('')}<button>Salir</button></form>`
      : '<h1>Página del sistema</h1>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const id = `sistema-${Math.random().toString(36).slice(2, 10)}`;
  const { code, out, err } = await service.run('clients', 'add', id, '--name', name, '--redirect', 'http://127.0.0.1/volver',
    '--post-logout', 'http://127.0.0.1/salio', '--backchannel', `${base}/aviso`, '--scope', 'openid', '--first-party', '--json');
  expect(code, err).toBe(0);
  const { client_id, client_secret, issuer } = JSON.parse(out);
  const config = await client.discovery(new URL(issuer), client_id, client_secret, undefined,
    { execute: [client.allowInsecureRequests] });
  return { base, config, id, notices, close: () => server.close() };
}

type System = Awaited<ReturnType<typeof system>>;

/** Sends the browser to sign in to a system; what it does there is `act`. */
async function signIn(page: Page, of: System, act: () => Promise<void>) {
  const { url, checks } = await asked({ ...of, redirect: `${of.base}/volver` }, { scope: 'openid' });
  await page.goto(url);
  await act();
  await page.waitForURL(/\/volver\?code=/);
  return client.authorizationCodeGrant(of.config, new URL(page.url()), checks);
}

test('L-OIDC a system ends its session, comes back, and the other systems are notified', pg, async ({ page, service, person }) => {
  await registered(service, person);
  const [one, other] = [await system(service, 'Cursos de Prueba'), await system(service, 'Otro sistema')];
  const tokens = await signIn(page, one, () => enter(page, person.id, person.key));
  const others = await signIn(page, other, () => page.getByRole('button', { name: /^Continuar como/ }).click());
  expect(one.config.serverMetadata()).toMatchObject({
    backchannel_logout_supported: true, backchannel_logout_session_supported: true,
  });
  const url = client.buildEndSessionUrl(one.config, {
    id_token_hint: tokens.id_token!, post_logout_redirect_uri: `${one.base}/salio`, state: 'e1',
  });
  await page.goto(url.href);
  await expect(page).toHaveURL(`${one.base}/salio?state=e1`);
  await expect.poll(() => [one.notices.length, other.notices.length]).toEqual([1, 1]);
  const claims = claimsOf(other.notices[0]!);
  expect(claims).toMatchObject({ aud: other.id, sub: others.claims()!.sub, sid: others.claims()!.sid });
  expect(claims.sid).toBe(tokens.claims()!.sid);
  await page.goto(`${service.url}/cuenta`);
  await heading(page, 'Ingresar a Mi cuenta');
  one.close();
  other.close();
});

test('L-OIDC without a hint the person is asked, by a link or by a form of the system', pg, async ({ page, service, person, script }) => {
  await registered(service, person);
  const own = await system(service, 'Cursos de Prueba');
  await signIn(page, own, () => enter(page, person.id, person.key));
  const query = new URLSearchParams({ client_id: own.id, post_logout_redirect_uri: `${own.base}/salio`, state: 'e 2' });
  await page.goto(`${service.url}/openid/logout?${query}`);
  await heading(page, '¿Cerrar su sesión?');
  await expect(page.locator('main')).toContainText('Cursos de Prueba pide cerrar su sesión.');
  await expectAccessible(page, 'salir', script);
  await expectWithinBudget(page, 'salir');
  await page.getByRole('link', { name: 'No cerrar' }).click();
  await heading(page, 'Mi cuenta');
  await page.goto(`${own.base}/formulario?${query}`);
  await page.getByRole('button', { name: 'Salir' }).click();
  await heading(page, '¿Cerrar su sesión?');
  await page.getByRole('button', { name: 'Cerrar sesión', exact: true }).click();
  await expect(page).toHaveURL(`${own.base}/salio?state=e%202`);
  await expect.poll(() => own.notices.length).toBe(1);
  own.close();
});

test('security L-OIDC a logout leads to nothing that its system has not registered', pg, async ({ page, service, person, script }) => {
  await registered(service, person);
  const own = await system(service, 'Cursos de Prueba');
  const tokens = await signIn(page, own, () => enter(page, person.id, person.key));
  const unsigned = `${tokens.id_token!.split('.').slice(0, 2).join('.')}.`;
  for (const query of [
    { id_token_hint: unsigned, post_logout_redirect_uri: `${own.base}/salio` },
    { client_id: own.id, post_logout_redirect_uri: `${own.base}/salio/..` },
    { post_logout_redirect_uri: `${own.base}/salio` },
  ]) {
    await page.goto(`${service.url}/openid/logout/?${new URLSearchParams(query as Record<string, string>)}`);
    await heading(page, '¿Cerrar su sesión?');
  }
  await page.getByRole('button', { name: 'Cerrar sesión', exact: true }).click();
  await heading(page, 'Sesión cerrada');
  await expectAccessible(page, 'salir, over', script);
  await page.getByRole('link', { name: 'Volver al inicio' }).click();
  await heading(page, 'Clave Sence (CS)');
  own.close();
});

test('L-PAGE the demo’s system signs out and comes back', async ({ page, service, person }) => {
  await registered(service, person);
  await page.goto('/demo/sistema/entrar');
  await enter(page, person.id, person.key);
  await expect(page.locator('main')).toContainText('El sistema recibió estos datos');
  await page.getByRole('link', { name: 'Cerrar sesión' }).click();
  await expect(page).toHaveURL(/\/demo\/sistema$/);
  await page.goto('/cuenta');
  await heading(page, 'Ingresar a Mi cuenta');
});

test('L-PAGE a key that was forgotten in the middle is set on another device, which leads on to the system', pg,
  async ({ page, service, person, script }) => {
    await registered(service, person);
    await page.goto('/demo/sistema/entrar');
    const waiting = page.url();
    await page.getByRole('link', { name: 'Recuperar CS' }).first().click();
    await page.getByLabel('Rut', { exact: true }).fill(person.id);
    await press(page, 'Validar');
    await giveAnswer(page, person.answer);
    await askForKey(page);
    await expectSent(page);
    const device = await page.context().browser()!.newContext({ baseURL: service.url, javaScriptEnabled: script });
    const other = await device.newPage();
    const key = newKey();
    await changeKey(other, person, await keyFor(service, person), key);
    await other.getByRole('link', { name: 'Volver a empezar en Sistema de ejemplo' }).click();
    await enter(other, person.id, key);
    await expect(other.locator('main')).toContainText('El sistema recibió estos datos');
    await device.close();
    // The sign-in goes on where it was begun.
    await page.goto(waiting);
    await enter(page, person.id, key);
    await expect(page.locator('main')).toContainText('El sistema recibió estos datos');
  });
