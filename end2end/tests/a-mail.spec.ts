import { save, seeData, updated } from '../pasos/actualizar.ts';
import { CODE, codeFor, codeIn, confirmLater, typeCode, UNCONFIRMED } from '../pasos/correo.ts';
import { registeredCompany } from '../pasos/empresa.ts';
import { heading, press, refused, success } from '../pasos/formulario.ts';
import { forget, giveAnswer, giveDocumentBelow, giveId } from '../pasos/recuperar.ts';
import { fillRegistration, openRegistration, register, registered } from '../pasos/registrar.ts';
import { Client } from '../support/http.ts';
import { WORDS } from '../support/people.ts';
import { expect, test, type Page, type Person, type Service } from '../support/test.ts';

const pg = { tag: '@pg' };
const main = (page: Page) => page.locator('main');
const CONFIRMED = 'Correo confirmado: recibe nuestros mensajes.';
const CONFIRMED_AT_THE_END = /Correo confirmado\s*\S+@\S+ recibe nuestros mensajes\./;

/** Whether the address of somebody's account was confirmed: what a recovery says. */
async function isConfirmed(service: Service, person: Person): Promise<boolean> {
  const client = new Client(service.url);
  await client.get(`/recuperar/${person.kind}`);
  await client.submit('/api/recuperar/validar', { [WORDS[person.kind].field]: person.id });
  const { page } = await client.submit('/api/recuperar/pregunta', { respuesta: person.answer });
  expect(page.text).toContain('Confirme y le enviamos la clave');
  return !page.text.includes('sin confirmar');
}

test('A-MAIL the code of the mail is typed at the end of a registration, wrong at first', pg, async ({ page, service, person, script }) => {
  await register(page, service, person);
  await expect(main(page)).toContainText('Le escribimos a:');
  await expect(page.locator('.dato')).toHaveText(person.email);
  await expect(main(page)).toContainText('No es obligatorio');
  await expect(main(page)).toContainText('¿No llegó en 10 minutos? Mire en «No deseados» o «Spam»');
  await expect(main(page).getByRole('link', { name: 'Actualizar datos' })).toHaveAttribute('href', '/actualizar/natural');
  const code = await codeFor(service, person);
  await press(page, 'Confirmar correo');
  await refused(page, CODE, 'Escriba el código que viene en el correo.', script);
  await typeCode(page, 'A7K');
  await refused(page, CODE, /tiene 6 letras y números/, script);
  await typeCode(page, 'AAAAAA');
  await refused(page, CODE, /no es el que enviamos, o ya venció/, script);
  await expect(page.getByLabel(CODE, { exact: true })).toHaveValue('');
  expect(await isConfirmed(service, person)).toBe(false);
  await typeCode(page, ` ${code.slice(0, 3).toLowerCase()}-${code.slice(3)} `);
  await expect(main(page)).toContainText(CONFIRMED_AT_THE_END);
  await success(page, 'Recibimos su registro.');
  await expect(page.getByLabel(CODE, { exact: true })).toHaveCount(0);
  expect(await isConfirmed(service, person)).toBe(true);
});

test('A-MAIL later, with the RUT, on the page that the mail names; a recovery says “sin confirmar” until then', pg, async ({ page, service, person, script }) => {
  await registered(service, person);
  service.registry.add(person);
  const mail = await service.mail.wait(person.email, 'Recibimos su registro');
  expect(mail.text).toContain(`${service.url}/correo/natural`);
  const seen = async () => {
    await giveId(page, person.id);
    await giveAnswer(page, person.answer);
    await heading(page, /Confirme y le enviamos/);
    const byAnswer = await main(page).innerText();
    await giveId(page, person.id);
    await forget(page);
    await giveDocumentBelow(page, person.document);
    await heading(page, 'Revise su correo');
    return [byAnswer, await main(page).innerText()];
  };
  for (const text of await seen()) expect(text).toMatch(/•••••@\S+ \(sin confirmar\)/);
  await expect(main(page)).toContainText(/sin confirmar.*no puede (abrirlo|usarlo) o no creó usted esta cuenta, elija NO/s);

  await confirmLater(page, person, 'AAAAAA');
  await refused(page, CODE, /no es el que enviamos/, script);
  await expect(page.getByLabel('Rut', { exact: true })).toHaveValue(person.id);
  await typeCode(page, codeIn(mail.text));
  await success(page, CONFIRMED);
  await expect(page).toHaveURL('/correo/natural/listo');
  for (const text of await seen()) expect(text).not.toContain('confirmar)');
  await expect(main(page)).not.toContainText(UNCONFIRMED);
});

test('A-MAIL a typo is seen, and a new address of “Actualizar datos” gets a code', async ({ page, service, person, someone }) => {
  const mistyped = { ...person, email: person.email.replace('@', '.x@') };
  await register(page, service, mistyped);
  await expect(page.locator('.dato')).toHaveText(mistyped.email);
  const before = await codeFor(service, mistyped);
  await seeData(page, mistyped);
  await page.getByLabel('Email Actual', { exact: true }).fill(person.email);
  await save(page);
  await updated(page);
  const mail = await service.mail.wait(person.email, 'fueron actualizados');
  expect((await service.mail.wait(mistyped.email, 'fueron actualizados')).text).not.toContain('/correo/');
  // The code of the address before confirms nothing, though the page cannot say so.
  await confirmLater(page, person, before);
  await success(page, CONFIRMED);
  expect(await isConfirmed(service, person)).toBe(false);
  await confirmLater(page, person, codeIn(mail.text));
  await success(page, CONFIRMED);
  expect(await isConfirmed(service, person)).toBe(true);
  // That of somebody else is wrong.
  const other = someone();
  await registered(service, other);
  await confirmLater(page, person, await codeFor(service, other));
  await expect(page.getByLabel(CODE, { exact: true })).toHaveAttribute('aria-invalid', 'true');
});

test('A-MAIL a RUT that has an account: the same page after a right code, and nothing of it changes', pg, async ({ page, service, person, someone }) => {
  await registered(service, person);
  const stranger = { ...someone(), id: person.id };
  const other = someone();
  const ends: string[] = [];
  for (const someone of [stranger, other]) {
    await openRegistration(page);
    await fillRegistration(page, someone);
    await press(page, 'Crear Cuenta');
    await success(page, 'Recibimos su registro.');
    await typeCode(page, await codeFor(service, someone));
    await expect(main(page)).toContainText(CONFIRMED_AT_THE_END);
    ends.push((await main(page).innerHTML()).replaceAll(someone.email, 'EMAIL'));
    await page.context().clearCookies();
    await confirmLater(page, someone, await codeFor(service, someone));
    await success(page, CONFIRMED);
    ends.push(await main(page).innerHTML());
    await page.context().clearCookies();
  }
  expect(ends.slice(0, 2)).toEqual(ends.slice(2));
  expect([await isConfirmed(service, person), await isConfirmed(service, other)]).toEqual([false, true]);
});

test('A-MAIL companies and migrants, too', async ({ page, service, company, migrant }) => {
  await registeredCompany(service, company);
  await page.goto('/correo');
  await page.getByRole('link', { name: /Persona Jurídica/i }).click();
  await heading(page, 'Confirme su correo');
  await page.getByLabel('Rut Empresa', { exact: true }).fill(company.id);
  await typeCode(page, await codeFor(service, company));
  await success(page, CONFIRMED);
  await register(page, service, migrant);
  await confirmLater(page, migrant, await codeFor(service, migrant));
  await success(page, CONFIRMED);
  expect(await isConfirmed(service, migrant)).toBe(true);
});

test('A-MAIL when the registration is over, its last page leads to the page of its own', async ({ page, service, person }) => {
  await register(page, service, person);
  const code = await codeFor(service, person);
  await page.context().clearCookies();
  await typeCode(page, code);
  await expect(page).toHaveURL('/correo/natural?aviso=vencido');
  await heading(page, 'Confirme su correo');
});

test('A-MAIL a program that opens the link of the mail, and sends its form, confirms nothing', { tag: '@http' }, async ({ service, person }) => {
  await registered(service, person);
  await codeFor(service, person);
  const program = new Client(service.url);
  await program.get('/correo/natural');
  const { page } = await program.submit('/api/correo/validar', {});
  expect(page.text).toContain('Escriba el código que viene en el correo.');
  expect(await isConfirmed(service, person)).toBe(false);
});
