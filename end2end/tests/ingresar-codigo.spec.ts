import * as client from 'openid-client';
import { codeIn } from '../pasos/correo.ts';
import { heading, press, refused } from '../pasos/formulario.ts';
import { registered, registeredWithout } from '../pasos/registrar.ts';
import { asked, enter, newSystem } from '../pasos/sistema.ts';
import { expectAccessible } from '../support/axe.ts';
import { expect, test, type Page, type Person, type Service } from '../support/test.ts';

const pg = { tag: '@pg' };
const SCOPE = ['--scope', 'openid run name email', '--kinds', 'natural,migrante,juridica'];
const FIELD = 'Código';
const SUBJECT = 'Su código para ingresar con Clave SENCE';

/** The codes that went to a person, the last one at the end. */
async function codes(service: Service, person: Person, wanted: number): Promise<string[]> {
  const sent = () => service.mail.to(person.email).filter((mail) => mail.subject.includes(SUBJECT));
  await expect.poll(() => sent().length).toBe(wanted);
  return sent().map(({ text }) => codeIn(text));
}

async function typeCode(page: Page, code: string) {
  await page.getByLabel(FIELD, { exact: true }).fill(code);
  await press(page, 'Continuar');
}

test('L-PAGE a system gets a code by mail besides the key: wrong, again, right', pg, async ({ page, service, person, script }) => {
  await registered(service, person);
  const of = await newSystem(service, 'Pagos de SENCE', SCOPE);
  const { url, checks } = await asked(of, { acr_values: 'clave-codigo' });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(url);
  await enter(page, person.id, person.key);
  await heading(page, 'Escriba el código de su correo');
  await expect(page.locator('main')).not.toContainText(person.email);
  await expect(page.locator('.dato')).toContainText('•••••@');
  await expect(page.locator('main')).toContainText('Pagos de SENCE pide este código además de su clave. Vale 10 minutos');
  await expectAccessible(page);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/codigo.png`, fullPage: true });
  await press(page, 'Continuar');
  await refused(page, FIELD, 'Escriba el código que viene en el correo.', script);
  const [first] = await codes(service, person, 1);
  const wrong = first === 'AAAAAA' ? 'CCCCCC' : 'AAAAAA';
  await typeCode(page, wrong);
  await refused(page, FIELD, /no es el que enviamos/, script);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/codigo-malo.png`, fullPage: true });
  for (let tries = 1; tries < 5; tries++) await typeCode(page, wrong);
  await refused(page, FIELD, /ya no sirve/, script);
  await press(page, 'Enviar otro código');
  await expect(page.locator('main')).toContainText('Le enviamos otro código');
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/codigo-otro.png`, fullPage: true });
  const [, second] = await codes(service, person, 2);
  await typeCode(page, ` ${second!.slice(0, 3).toLowerCase()} ${second!.slice(3)} `);
  await page.waitForURL(/\/volver\?code=/);
  const tokens = await client.authorizationCodeGrant(of.config, new URL(page.url()), checks);
  expect(tokens.claims()).toMatchObject({ acr: 'clave-codigo', amr: ['pwd', 'otp'] });
  expect(await client.tokenIntrospection(of.config, tokens.access_token)).toMatchObject({ acr: 'clave-codigo', amr: ['pwd', 'otp'] });
  // The session is enough now.
  const again = await asked(of, { acr_values: 'clave-codigo', prompt: 'none' });
  await page.goto(again.url);
  await page.waitForURL(/\/volver\?code=/);
  const silent = await client.authorizationCodeGrant(of.config, new URL(page.url()), again.checks);
  expect(silent.claims()!.acr).toBe('clave-codigo');
  await codes(service, person, 2);
  of.close();
});

test('L-PAGE who entered by the key is asked for the code alone where a system was registered with it', pg, async ({ page, service, person }) => {
  await registered(service, person);
  const [usual, strict] = [await newSystem(service, 'Cursos de SENCE', SCOPE), await newSystem(service, 'Pagos de SENCE', [...SCOPE, '--acr', 'clave-codigo'])];
  expect(strict.config.serverMetadata().acr_values_supported).toEqual(['clave', 'clave-codigo']);
  const first = await asked(usual);
  await page.goto(first.url);
  await enter(page, person.id, person.key);
  await page.waitForURL(/\/volver\?code=/);
  const tokens = await client.authorizationCodeGrant(usual.config, new URL(page.url()), first.checks);
  expect(tokens.claims()).toMatchObject({ acr: 'clave', amr: ['pwd'] });

  await page.goto((await asked(strict, { prompt: 'none' })).url);
  await page.waitForURL(/\/volver\?error=login_required/);
  const second = await asked(strict);
  await page.goto(second.url);
  await expect(page.locator('main')).toContainText('Este sistema pide además un código');
  await page.getByRole('button', { name: /^Continuar como/ }).click();
  await heading(page, 'Escriba el código de su correo');
  const [code] = await codes(service, person, 1);
  await typeCode(page, code!);
  await page.waitForURL(/\/volver\?code=/);
  const stepped = await client.authorizationCodeGrant(strict.config, new URL(page.url()), second.checks);
  expect(stepped.claims()).toMatchObject({ acr: 'clave-codigo', sid: tokens.claims()!.sid, auth_time: tokens.claims()!.auth_time });
  usual.close();
  strict.close();
});

test('L-PAGE without a mail the page says what to do, and the system that it cannot be', pg, async ({ page, service, person }) => {
  await registeredWithout(service, person, 'mail');
  const of = await newSystem(service, 'Pagos de SENCE', SCOPE);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto((await asked(of, { acr_values: 'clave-codigo' })).url);
  await enter(page, person.id, person.key);
  await heading(page, 'No podemos enviarle el código');
  await expect(page.locator('main')).toContainText('Su cuenta no tiene correo. Agréguelo en «Actualizar datos»');
  await expectAccessible(page);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/codigo-sin-correo.png`, fullPage: true });
  await press(page, 'Volver a Pagos de SENCE');
  await page.waitForURL(/\/volver\?error=unmet_authentication_requirements&state=/);
  of.close();
});
