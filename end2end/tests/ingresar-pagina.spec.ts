import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { registered } from '../pasos/registrar.ts';
import { send } from '../support/http.ts';
import { expect, test } from '../support/test.ts';

// The example of docs/integrar.md for a page without a program behind it: another origin, whose script reads our answers.

test('L-OIDC a page without a server lets a person enter; one of an origin that is not registered reads nothing', { tag: '@script' }, async ({ page, service, person }) => {
  await registered(service, person);
  const html = readFileSync(join(import.meta.dirname, '../clients/page.html'));
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = ['--redirect', 'http://127.0.0.1/', '--kinds', 'natural', '--scope', 'openid run name email', '--auth', 'none', '--first-party', '--json'];
  const id = () => `pagina-${Math.random().toString(36).slice(2, 10)}`;
  const own = await service.run('clients', 'add', id(), '--name', 'Página sin servidor', '--origin', here, ...options);
  expect(own.code, own.err).toBe(0);
  const { client_id, issuer } = JSON.parse(own.out);

  await page.goto(`${here}/#${new URLSearchParams({ issuer, client_id })}`);
  await page.getByRole('button', { name: 'Ingresar con Clave SENCE' }).click();
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await page.getByLabel('Clave Sence', { exact: true }).fill(person.key);
  await page.getByRole('button', { name: 'Ingresar', exact: true }).click();
  await expect(page.locator('#claims')).toContainText(person.email);
  await expect(page).toHaveURL(`${here}/`);
  await page.getByRole('button', { name: 'Ingresar con Clave SENCE' }).click();
  await expect(page.locator('#claims')).toContainText('RolUnico');

  const origins = async (from: string) => {
    const form = { origin: from, 'content-type': 'application/x-www-form-urlencoded' };
    const token = await send(`${issuer}/token`, { method: 'POST', headers: form, body: `client_id=${client_id}` });
    const info = await send(`${issuer}/userinfo`, { headers: { origin: from } });
    // For programs: no page of ours, and the headers of the protocol.
    expect([token.status, JSON.parse(token.text)]).toEqual([400, { error: 'invalid_request' }]);
    expect([info.status, info.headers['www-authenticate']]).toEqual([401, 'Bearer realm="clave-sence"']);
    return [token, info].map(({ headers }) => headers['access-control-allow-origin'] ?? null);
  };
  expect(await origins(here)).toEqual([here, here]);
  expect(await origins('http://127.0.0.1:9')).toEqual([null, null]);
  server.close();
});
