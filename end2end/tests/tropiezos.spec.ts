import { changeKey, identify } from '../pasos/cambiar.ts';
import { begin, heading, mark, marked, press, refused, success, summary, waitForWasm } from '../pasos/formulario.ts';
import { expectSent, FORGOTTEN, giveId, keyFor, keyIn, SERIAL } from '../pasos/recuperar.ts';
import { fillRegistration, openRegistration, registered } from '../pasos/registrar.ts';
import { expect, LETTERS, test, type Page } from '../support/test.ts';

const pg = { tag: '@pg' };
const script = { tag: '@script' };

/** Counts what a person taps: links, buttons and boxes; fields are typed into. */
function taps(page: Page) {
  let count = 0;
  const tap = async (target: ReturnType<Page['locator']>) => {
    count++;
    await target.click();
  };
  return { tap, count: () => count };
}

test('N-REC-1 N-REC-2 N-REC-END a forgotten answer and other contact data take seven taps from the front page', pg, async ({ page, service, person, someone }) => {
  const now = someone();
  await registered(service, person);
  service.registry.add(person);
  const { tap, count } = taps(page);
  await page.goto('/');
  await tap(page.locator('section', { has: page.getByRole('heading', { name: 'Persona Natural' }) }).getByRole('link', { name: 'Recuperar CS aquí' }));
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await tap(page.getByRole('button', { name: 'Validar', exact: true }));
  await expect(page.getByLabel(SERIAL, { exact: true })).toBeHidden();
  await tap(page.getByLabel(FORGOTTEN));
  await page.getByLabel(SERIAL, { exact: true }).fill(person.document);
  await tap(page.getByRole('button', { name: 'Validar', exact: true }));
  await heading(page, 'Revise su correo');
  await expect(page.getByLabel('Email Actual', { exact: true })).toBeHidden();
  await tap(page.getByLabel('NO', { exact: true }));
  await page.getByLabel('Email Actual', { exact: true }).fill(now.email);
  await page.getByLabel('Celular Actual', { exact: true }).fill(now.mobile);
  await tap(page.getByRole('button', { name: 'Continuar', exact: true }));
  await heading(page, /Confirme y le enviamos/);
  await page.getByLabel('Captcha', { exact: true }).fill(LETTERS);
  await tap(page.getByRole('button', { name: 'Recuperar Clave', exact: true }));
  await expectSent(page);
  expect(count()).toBe(7);
  // The end says where the key went, whole, because it was typed just now.
  await expect(page.locator('main')).toContainText(now.email);
  const key = await keyFor(service, now);

  // The browser that asked for it goes on without RUT and captcha.
  await page.getByLabel('Clave provisoria', { exact: true }).fill(key);
  await press(page, 'Continuar');
  await heading(page, 'Elija su clave nueva');
  await expect(page.getByLabel('Captcha', { exact: true })).toHaveCount(0);
  await page.getByLabel('CS Nueva', { exact: true }).fill('Quillay77');
  await page.getByLabel('Repetir CS Nueva', { exact: true }).fill('Quillay77');
  await press(page, 'Cambiar Clave');
  await success(page, 'Su clave fue cambiada.');
  await changeKey(page, person, 'Quillay77', 'Peumo4455');
});

test('N-REC-END a wrong provisional key is said on the last page, which stays', pg, async ({ page, service, person, script }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await page.getByLabel('Respuesta Secreta', { exact: true }).fill(person.answer);
  await press(page, 'Validar');
  await page.getByLabel('Captcha', { exact: true }).fill(LETTERS);
  await press(page, 'Recuperar Clave');
  await expectSent(page);
  for (const [typed, words] of [['A11111A1', 'Esa no es la clave que le enviamos. Cópiela del último mensaje.'], ['', 'Escriba la clave provisoria.']] as const) {
    await page.getByLabel('Clave provisoria', { exact: true }).fill(typed);
    await press(page, 'Continuar');
    await refused(page, 'Clave provisoria', words, script);
    await expect(page).toHaveURL('/recuperar/natural/listo');
    await heading(page, 'Le falta un paso: cree su clave nueva');
    await expect(page.locator('main')).not.toContainText(person.id);
  }
  const mail = await service.mail.wait(person.email, 'Su clave provisoria');
  await page.getByLabel('Clave provisoria', { exact: true }).fill(keyIn(mail.text));
  await press(page, 'Continuar');
  await heading(page, 'Elija su clave nueva');
  // “Volver” brings no error back.
  await page.getByRole('link', { name: 'Volver', exact: true }).click();
  await success(page, 'Su clave provisoria va en camino.');
});

test('a mistyped address gets a suggestion and is never refused', pg, async ({ page, service, person, script }) => {
  await openRegistration(page);
  if (script) await waitForWasm(page);
  await fillRegistration(page, { ...person, email: 'quillay.peumo@gmial.com' }, 'XXXXX');
  const suggestion = page.locator('#email-sugerencia');
  if (script) {
    await expect(suggestion).toHaveText(/¿Quiso decir quillay\.peumo@gmail\.com\?/);
    await expect(page.getByText('✓ Tiene forma de correo')).toHaveCount(0);
  } else await expect(suggestion).toBeHidden();
  await press(page, 'Crear Cuenta');
  await expect(summary(page)).toContainText('Las letras no coinciden');
  await expect(summary(page)).not.toContainText('correo');
  await expect(suggestion).toContainText('¿Quiso decir quillay.peumo@gmail.com?');
  const correct = page.getByRole('button', { name: 'Corregir' });
  if (!script) return void (await expect(correct).toHaveCount(0));
  await correct.click();
  await expect(page.getByLabel('Email', { exact: true })).toHaveValue('quillay.peumo@gmail.com');
  await expect(suggestion).toBeHidden();
});

test('an address that is given in a recovery is looked at once more before the key goes there', pg, async ({ page, service, person }) => {
  await registered(service, person);
  service.registry.add(person);
  await giveId(page, person.id);
  await page.getByLabel(FORGOTTEN).check();
  await page.getByLabel(SERIAL, { exact: true }).fill(person.document);
  await press(page, 'Validar');
  await page.getByLabel('NO', { exact: true }).check();
  await page.getByLabel('Email Actual', { exact: true }).fill('quillay.peumo@hotmai.cl');
  await page.getByLabel('Sin Celular').check();
  await press(page, 'Continuar');
  await heading(page, /Confirme y le enviamos/);
  await expect(page.locator('main')).toContainText('¿Quiso decir quillay.peumo@hotmail.cl?');
  await page.getByRole('link', { name: 'Corregir' }).click();
  await heading(page, '¿Dónde quiere recibir su clave?');
  await expect(page.getByLabel('Email Actual', { exact: true })).toHaveValue('quillay.peumo@hotmai.cl');
});

test('a form that finds no connection stays, and is sent when the line is back', script, async ({ page, context, service, person, allowConsoleError }) => {
  allowConsoleError(/ERR_INTERNET_DISCONNECTED/);
  await registered(service, person);
  await begin(page, '/recuperar/natural');
  await mark(page);
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  const lost = page.getByRole('alert').filter({ hasText: 'No hay conexión' });
  await expect(lost).toBeHidden();
  await context.setOffline(true);
  await press(page, 'Validar');
  await expect(lost).toBeVisible();
  await expect(page.getByLabel('Rut', { exact: true })).toHaveValue(person.id);
  await press(page, 'Validar');
  await expect(lost).toBeVisible();
  await context.setOffline(false);
  await heading(page, 'Responda su pregunta secreta');
  expect(await marked(page)).toBe(true);
});

test('an error is not said beside what is right now, and a key that is easy to guess is not praised', script, async ({ page, person }) => {
  await begin(page, '/registrar/natural');
  await press(page, 'Crear Cuenta');
  await expect(summary(page)).toBeFocused();
  const email = page.getByLabel('Email', { exact: true });
  await expect(page.locator('#email-error')).toBeVisible();
  await email.fill('ana');
  await expect(page.locator('#email-error')).toBeVisible();
  await email.fill(person.email);
  await expect(page.locator('#email-error')).toBeHidden();
  await expect(email).toHaveAttribute('aria-invalid', 'false');
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  const says = (words: string) => expect(page.getByRole('status').filter({ hasText: words })).toBeVisible();
  const digits = person.id.replace(/[.]/g, '').split('-')[0]!;
  for (const key of ['11111111', '83920174', `x${digits}`]) {
    await page.getByLabel('Clave CS', { exact: true }).fill(key);
    await says('Es muy fácil de adivinar');
  }
  await page.getByLabel('Clave CS', { exact: true }).fill('Quillay77');
  await says('✓ Largo correcto');
});

test('the page names the account and the rules of a key to password managers', async ({ page, service, person }) => {
  await page.goto('/registrar/natural');
  const rules = /minlength: 8; maxlength: 10/;
  await expect(page.getByLabel('Rut', { exact: true })).toHaveAttribute('autocomplete', 'username');
  await expect(page.getByLabel('Clave CS', { exact: true })).toHaveAttribute('passwordrules', rules);
  await expect(page.getByLabel('Región', { exact: true })).toHaveAttribute('autocomplete', 'address-level1');
  await registered(service, person);
  await identify(page, person.id, person.key);
  await heading(page, 'Elija su clave nueva');
  await expect(page.getByLabel('CS Nueva', { exact: true })).toHaveAttribute('passwordrules', rules);
  await expect(page.locator('form input[autocomplete=username]')).toHaveValue(person.id);
});

test('an address typed by hand or taken from a guide finds its page', async ({ page }) => {
  for (const [typed, found] of [['/Account', '/'], ['/Account).', '/'], ['/Recuperar/Natural/', '/recuperar/natural'], ['/Informacion', '/informacion']] as const) {
    await page.goto(typed);
    expect(new URL(page.url()).pathname).toBe(found);
  }
});
