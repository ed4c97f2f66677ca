import { expectMails } from '../pasos/avisos.ts';
import { identify } from '../pasos/cambiar.ts';
import { back, changeTyped, summaryLinks, heading, press, refused, success, expectNotice } from '../pasos/formulario.ts';
import { askForKey, expectQuestion, forget, giveAnswer, giveId, giveDocument, giveDocumentBelow, keyFor, mailIsRight, expectSent, SERIAL } from '../pasos/recuperar.ts';
import { fillRegistration, openRegistration, registered } from '../pasos/registrar.ts';
import { pause } from '../support/net.ts';
import { newKey } from '../support/people.ts';
import { expect, test, type Person, type Service } from '../support/test.ts';

/** One provisional key went to somebody by mail and SMS, and no more. */
async function oneKeySent(service: Service, person: Person) {
  await service.sms.wait(person.mobile, 'provisoria');
  await expectMails(service, person.email, 'provisoria', 1);
  expect(service.sms.to(person.mobile).filter((sms) => sms.text.includes('provisoria'))).toHaveLength(1);
}

test('back button: a step that is done leads to the flow’s current step, and the end stays the end', async ({ page, service, person }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await heading(page, /Confirme y le enviamos/);
  await back(page);
  await heading(page, /Confirme y le enviamos/);
  await askForKey(page);
  await expectSent(page);
  await back(page);
  await expectSent(page);
  await oneKeySent(service, person);
});

test('back button: to the first step, and another RUT from there', async ({ page, service, person, someone }) => {
  const other = someone();
  await registered(service, person);
  await registered(service, other);
  await giveId(page, person.id);
  await expectQuestion(page);
  await page.goBack();
  await heading(page, /RUT/);
  await page.getByLabel('Rut', { exact: true }).fill(other.id);
  await press(page, 'Validar');
  await giveAnswer(page, other.answer);
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, other);
});

test('reload: every step comes back as it is, nothing is sent twice', async ({ page, service, person }) => {
  await registered(service, person);
  service.registry.add(person);
  await giveId(page, person.id);
  await expectQuestion(page);
  await page.reload();
  await forget(page);
  await giveDocumentBelow(page, 'A000000000');
  await expect(page.getByLabel(SERIAL)).toHaveAttribute('aria-invalid', 'true');
  await page.reload();
  await expect(page.getByLabel(SERIAL)).toHaveValue('A000000000');
  await giveDocument(page, person.document);
  await heading(page, 'Revise su correo');
  await page.reload();
  await mailIsRight(page, 'SI');
  await heading(page, /Confirme y le enviamos/);
  await page.reload();
  await askForKey(page);
  await expectSent(page);
  await page.reload();
  await expectSent(page);
  await oneKeySent(service, person);
});

test('double click: on every button of a recovery, one key', async ({ page, service, person }) => {
  await registered(service, person);
  await page.goto('/recuperar/natural');
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await page.getByRole('button', { name: 'Validar' }).dblclick();
  await expectQuestion(page);
  await page.getByLabel('Respuesta Secreta', { exact: true }).fill(person.answer);
  await page.getByRole('button', { name: 'Validar' }).dblclick();
  await heading(page, /Confirme y le enviamos/);
  await page.getByLabel('Captcha', { exact: true }).fill('ABCDE');
  await page.getByRole('button', { name: 'Recuperar Clave' }).dblclick();
  await expectSent(page);
  await oneKeySent(service, person);
});

test('double click: one registration, one change', async ({ page, service, person }) => {
  await openRegistration(page);
  await fillRegistration(page, person);
  await page.getByRole('button', { name: 'Crear Cuenta' }).dblclick();
  await success(page, 'Recibimos su registro.');
  await identify(page, person.id, person.key);
  await heading(page, 'Elija su clave nueva');
  const key = newKey();
  await page.getByLabel('CS Nueva', { exact: true }).fill(key);
  await page.getByLabel('Repetir CS Nueva', { exact: true }).fill(key);
  await page.getByLabel('Captcha', { exact: true }).fill('ABCDE');
  await page.getByRole('button', { name: 'Cambiar Clave' }).dblclick();
  await success(page, 'Su clave fue cambiada.');
  for (const subject of ['Recibimos su registro en Clave SENCE', 'Su Clave SENCE fue cambiada']) await service.mail.wait(person.email, subject);
  await expectMails(service, person.email, '', 2);
});

test('two tabs: the form of the older flow changes nothing and says why', async ({ page, context, service, person, someone }) => {
  const other = someone();
  await registered(service, person);
  await registered(service, other);
  await giveId(page, person.id);
  await expectQuestion(page);
  const second = await context.newPage();
  await giveId(second, other.id);
  await expectQuestion(second);

  await giveAnswer(page, person.answer);
  await expectNotice(page, 'Usted comenzó otro trámite', /no cambió nada/);
  await expectQuestion(page);
  // Both pages are now of the second flow.
  await giveAnswer(second, other.answer);
  await askForKey(second);
  await expectSent(second);
  await keyFor(service, other);
  await service.mail.wait(person.email, 'Recibimos su registro en Clave SENCE');
  await expectMails(service, person.email, '', 1);
});

test('two tabs: the same last step sent from both, one key', async ({ page, context, service, person }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await heading(page, /Confirme y le enviamos/);
  const second = await context.newPage();
  await second.goto(page.url());
  await heading(second, /Confirme y le enviamos/);
  await askForKey(page);
  await expectSent(page);
  await askForKey(second);
  await expectSent(second);
  await oneKeySent(service, person);
});

test('the summary of errors and a notice have the focus, also where the browser loads the page before the script runs', async ({ page, context, service, person }) => {
  await registered(service, person);
  await page.route('**/*.wasm', async (route) => {
    await pause(1500);
    await route.continue().catch(() => undefined);
  });
  await page.goto('/recuperar/natural');
  await press(page, 'Validar');
  await refused(page, 'Rut', /Escriba su RUT/, true);
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await press(page, 'Validar');
  await expectQuestion(page);
  await context.clearCookies();
  await giveAnswer(page, person.answer);
  await expectNotice(page, 'Pasó mucho tiempo');
  await expect(page.getByRole('status').filter({ hasText: 'Pasó mucho tiempo' })).toBeFocused();
});

test('the error summary leads to the field, and what was typed stays', async ({ page, person, script }) => {
  await openRegistration(page);
  await fillRegistration(page, person);
  await page.getByLabel('Email', { exact: true }).fill('nadie');
  await press(page, 'Crear Cuenta');
  await refused(page, 'Email', /correo completo/, script);
  const key = newKey();
  await changeTyped(page, 'clave');
  await page.getByLabel('Clave CS', { exact: true }).fill(key);
  // Before it is right: then its entry is gone, with script.
  await summaryLinks(page).click();
  await pause(500);
  await expect(page.getByLabel('Email', { exact: true })).toBeFocused();
  await page.getByLabel('Email', { exact: true }).fill(person.email);
  await expect(page.getByLabel('Email', { exact: true })).toHaveValue(person.email);
  await expect(page.getByLabel('Clave CS', { exact: true })).toHaveValue(key);
});

test('“Ir al contenido” leads past the header and loses nothing', async ({ page }) => {
  await page.goto('/recuperar/natural');
  await page.getByLabel('Rut', { exact: true }).fill('1234');
  await page.getByRole('link', { name: 'Ir al contenido' }).focus();
  await page.keyboard.press('Enter');
  await pause(500);
  await expect(page.getByLabel('Rut', { exact: true })).toHaveValue('1234');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Rut', { exact: true })).toBeFocused();
});

test('Enter in a text box sends the form, not “Refrescar”', async ({ page, service, person }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await expectQuestion(page);
  await page.getByLabel('Respuesta Secreta').fill(person.answer);
  await page.getByLabel('Respuesta Secreta').press('Enter');
  await heading(page, /Confirme y le enviamos/);
  await page.getByLabel('Captcha', { exact: true }).fill('ABCDE');
  await page.getByLabel('Captcha', { exact: true }).press('Enter');
  await expectSent(page);
});
