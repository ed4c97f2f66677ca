import { changeKey } from '../pasos/cambiar.ts';
import { askForKey, expectQuestion, forget, giveAnswer, giveContact, giveId, giveDocument, giveDocumentBelow, giveDocumentThere, keyFor, keyIn, mailIsRight, recoverByAnswer, recovered, expectSent, toDocument } from '../pasos/recuperar.ts';
import { QUESTION, registered, registeredWithout } from '../pasos/registrar.ts';
import { heading, refused, success } from '../pasos/formulario.ts';
import { newKey } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

const pg = { tag: '@pg' };

test('N-REC-1 no secret question on file: serial, masked e-mail, SI', pg, async ({ page, service, person }) => {
  await registeredWithout(service, person, 'question');
  service.registry.add(person);
  await giveId(page, person.id);
  await giveDocument(page, person.document);
  await heading(page, 'Revise su correo');
  await expect(page.locator('main')).toContainText('p•••••@c•••••.cl');
  await expect(page.locator('main')).not.toContainText(person.email.split('@')[0]!);
  await mailIsRight(page, 'SI');
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, person);
});

test('N-REC-2 the answer is forgotten: the box leads to the serial', pg, async ({ page, service, person }) => {
  await registered(service, person);
  service.registry.add(person);
  await giveId(page, person.id);
  await forget(page);
  await giveDocumentBelow(page, person.document);
  await mailIsRight(page, 'SI');
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, person);
});

test('the steps before the proof say whose key it is, and lead back to another RUT', async ({ page, service, person, someone }) => {
  const mistyped = someone();
  await registered(service, person);
  await giveId(page, mistyped.id);
  // With an account or without.
  const subject = page.locator('main .sujeto');
  await expect(subject).toContainText(`RUT: ${mistyped.id}`);
  await toDocument(page);
  await expect(subject).toContainText(`RUT: ${mistyped.id}`);
  await page.getByRole('link', { name: 'Cambiar de RUT' }).click();
  await heading(page, '¿Cuál es su RUT?');
  await expect(page.getByLabel('Rut', { exact: true })).toHaveValue(mistyped.id);
  // The next user of a shared computer sees nothing.
  await page.goto('/recuperar/natural');
  await expect(page.getByLabel('Rut', { exact: true })).toHaveValue('');
  await giveId(page, person.id);
  await expectQuestion(page);
  await expect(subject).toContainText(`RUT: ${person.id}`);
});

test('N-REC-2 the answer is remembered at the serial', async ({ page, service, person }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await forget(page);
  await giveDocumentBelow(page, 'A000000000');
  await page.getByRole('link', { name: 'Recordé mi respuesta' }).click();
  await giveAnswer(page, person.answer);
  await askForKey(page);
  await expectSent(page);
});

test('N-REC-3 question and answer', pg, async ({ page, service, person }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await expectQuestion(page);
  await expect(page.getByText(QUESTION, { exact: true })).toBeVisible();
  // Case, accents and spaces do not count.
  await giveAnswer(page, ` ${person.answer.toUpperCase().replace('Ó', 'o')} `);
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, person);
});

test('N-REC-1 NO: the key goes to the new mail and mobile, and the old ones get a notice', pg, async ({ page, service, person, someone }) => {
  const now = someone();
  await registered(service, person);
  service.registry.add(person);
  await giveId(page, person.id);
  await forget(page);
  await giveDocumentBelow(page, person.document);
  await expect(page.locator('main')).toContainText('elija NO y escriba los suyos.');
  await mailIsRight(page, 'NO');
  await heading(page, '¿Dónde quiere recibir su clave?');
  await expect(page.locator('main')).toContainText('estos datos reemplazarán en su cuenta al correo y a los teléfonos registrados. Puede que deba escribir otra vez su dirección.');
  await giveContact(page, now.email, now.mobile);
  await askForKey(page);
  await expectSent(page);
  const key = await keyFor(service, now);

  const mail = await service.mail.wait(person.email, 'a otro correo');
  const sms = await service.sms.wait(person.mobile, 'otro correo o celular');
  expect(mail.text + sms.text).not.toContain(key);
  expect(mail.text).toContain('/recuperar/natural');

  // From here on the new contact data is on file: the notice of the change goes to both.
  await changeKey(page, person, key, newKey());
  for (const { email, mobile } of [person, now]) {
    await service.mail.wait(email, 'fue cambiada');
    await service.sms.wait(mobile, 'fue cambiada');
  }
});

test('N-REC-1 NO, without a mobile: the key goes by mail only', pg, async ({ page, service, person, someone, script }) => {
  const now = someone();
  await registered(service, person);
  service.registry.add(person);
  await giveId(page, person.id);
  await forget(page);
  await giveDocumentBelow(page, person.document);
  await mailIsRight(page, 'NO');
  await heading(page, '¿Dónde quiere recibir su clave?');
  await page.getByLabel('Sin Celular', { exact: true }).check();
  await giveContact(page, now.email, now.mobile);
  await refused(page, 'Celular Actual', /Borre el número, o quite la marca/, script);
  await expect(page.getByLabel('Sin Celular', { exact: true })).toBeChecked();
  await giveContact(page, now.email, '');
  await heading(page, /Confirme y le enviamos/);
  await expect(page.locator('main')).not.toContainText('SMS');
  await askForKey(page);
  await success(page, 'Su clave provisoria va en camino.');
  const mail = await service.mail.wait(now.email, 'Su clave provisoria');
  expect(service.sms.to(now.mobile)).toEqual([]);
  await changeKey(page, person, keyIn(mail.text), newKey());
});

test('N-REC-1 the choice of the address can be corrected on the last step', async ({ page, service, person, someone }) => {
  const now = someone();
  await registered(service, person);
  service.registry.add(person);
  await giveId(page, person.id);
  await forget(page);
  await giveDocumentBelow(page, person.document);
  await mailIsRight(page, 'SI');
  await page.getByRole('link', { name: 'Cambiar dónde recibo la clave' }).click();
  await expect(page.getByLabel('SI', { exact: true })).toBeChecked();
  await mailIsRight(page, 'NO');
  await giveContact(page, now.email, now.mobile);
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, now);
});

test('N-REC-END mail and SMS carry the same key, the mail greets and leads to Cambiar CS', pg, async ({ page, service, person }) => {
  await registered(service, person);
  service.registry.add(person);
  // Registro Civil gives the names when the serial is checked.
  await giveId(page, person.id);
  await forget(page);
  await giveDocumentBelow(page, person.document);
  await mailIsRight(page, 'SI');
  await askForKey(page);
  await expectSent(page);
  const key = await keyFor(service, person);

  const mail = await service.mail.wait(person.email, 'Su clave provisoria');
  expect(mail.text).toContain(`Estimado(a) ${person.names}:`);
  expect(mail.text).toContain('24 horas');
  expect(mail.subject).not.toContain(key);
  expect(keyIn(mail.html)).toBe(key);
  const link = `${service.url}/cambiar/natural`;
  expect(mail.text).toContain(link);
  expect(mail.html).toContain(`href="${link}"`);

  await page.goto(link);
  await heading(page, 'Validar Datos');
  await expect(page).toHaveTitle(/^Cambiar CS/);
});

test('N-REC-END until the provisional key is used the old key works, and a new one ends the older one', async ({ page, service, person }) => {
  await registered(service, person);
  const first = await recovered(service, person);
  service.mail.mails.length = 0;
  service.sms.sent.length = 0;
  await recoverByAnswer(page, person);
  const second = await keyFor(service, person);
  expect(second).not.toBe(first);

  await page.goto('/cambiar/natural');
  await page.getByLabel('Rut', { exact: true }).fill(person.id);
  await page.getByLabel('CS Actual', { exact: true }).fill(first);
  await page.getByRole('button', { name: 'Validar', exact: true }).click();
  await expect(page.getByLabel('CS Actual')).toHaveAccessibleDescription(/ya se usó o se reemplazó/);

  await changeKey(page, person, person.key, newKey());
});

test('N-REC a person with a valid document and no account learns so, and is led to the registration', async ({ page, service, person }) => {
  service.registry.add(person);
  await giveId(page, person.id);
  await toDocument(page);
  await giveDocumentThere(page, person.document);
  await heading(page, 'Usted todavía no tiene Clave Sence');
  await page.getByRole('link', { name: 'Crear mi cuenta' }).click();
  await heading(page, 'Registrar persona natural');
});
