import { heading, press, refused, success, expectNotice } from '../pasos/formulario.ts';
import { askForKey, expectQuestion, forget, giveAnswer, giveContact, giveId, giveDocumentBelow, giveDocumentThere, keyFor, mailIsRight, expectSent, SERIAL, toDocument } from '../pasos/recuperar.ts';
import { fillRegistration, openRegistration, registered } from '../pasos/registrar.ts';
import { expect, test } from '../support/test.ts';

test('bad input: an invalid RUT', async ({ page, script }) => {
  const bad: [typed: string, words: RegExp][] = [
    ['', /Escriba su RUT/],
    ['12.345.678-9', /El RUT no es válido/],
    ['123.456-7', /El RUT no es válido/],
    ['12345', /El RUT no es válido/],
    ['12', /entre 5 y 9 caracteres/],
    ['1'.repeat(300), /entre 5 y 9 caracteres/],
    ['12.345.67a-5', /solo números/],
    ['<script>alert(1)</script>', /solo números/],
    ["11111111-1' OR 1=1", /solo números|entre 5 y 9/],
  ];
  for (const [typed, words] of bad) {
    await giveId(page, typed);
    await refused(page, 'Rut', words, script);
    await expect(page.getByLabel('Rut', { exact: true })).toHaveValue(typed.slice(0, 256));
  }
  await press(page, 'Validar');
  await refused(page, 'Rut', /./, script);
});

test('bad input: a serial that is none, another’s, of a document that is blocked or no longer valid', async ({ page, service, person, someone, script }) => {
  const [other, blocked, old] = [someone(), someone(), someone()];
  service.registry.add(person);
  service.registry.add(other);
  service.registry.add(blocked, 'bloqueado');
  service.registry.add(old, 'no_vigente');
  await giveId(page, person.id);
  await toDocument(page);
  for (const [typed, words] of [
    ['', /Escriba el número de serie/],
    ['A12', /9 letras o números/],
    ['A'.repeat(200), /9 letras o números/],
    [other.document, /no corresponde a la cédula vigente/],
  ] as const) {
    await giveDocumentThere(page, typed);
    await refused(page, SERIAL, words, script);
    // It stays, to be compared with the card.
    await expect(page.getByLabel(SERIAL)).toHaveValue(typed);
  }
  for (const [someone, words] of [[blocked, /está bloqueada/], [old, /no corresponde/]] as const) {
    await giveId(page, someone.id);
    await toDocument(page);
    await giveDocumentThere(page, someone.document);
    await refused(page, SERIAL, words, script);
  }
  // Dots, spaces, dashes and small letters are forgiven.
  await giveId(page, person.id);
  await toDocument(page);
  await giveDocumentThere(page, ` ${person.document.toLowerCase().replace(/(\d{3})(?=\d)/g, '$1.')} `);
  await heading(page, /todavía no tiene Clave Sence/);
});

test('bad input: an answer that is none', async ({ page, service, person, script }) => {
  await registered(service, person);
  await giveId(page, person.id);
  for (const [typed, words] of [['', /Escriba su respuesta/], ['x', /al menos 2/], ['larga '.repeat(20), /hasta 60/]] as const) {
    await giveAnswer(page, typed);
    await refused(page, 'Respuesta Secreta', words, script);
    await expect(page.getByLabel('Respuesta Secreta')).toHaveValue('');
  }
  // None of these was a try.
  await giveAnswer(page, person.answer);
  await askForKey(page);
  await expectSent(page);
});

test('bad input: a wrong answer three times: a wait that says how long, and the way by the serial stays open', async ({ page, service, person, script }) => {
  await registered(service, person);
  service.registry.add(person);
  await giveId(page, person.id);
  for (let time = 0; time < 3; time++) {
    await giveAnswer(page, 'no es esta');
    await refused(page, 'Respuesta Secreta', /La respuesta no es correcta/, script);
  }
  await expectNotice(page, 'Demasiados intentos', /espere 1 minuto/);
  // Not even the right one counts now, nor does another flow or another way to write the RUT help.
  await giveId(page, person.id.replace(/[.-]/g, ''));
  await giveAnswer(page, person.answer);
  await expectNotice(page, 'Demasiados intentos', /número de serie/);
  expect(service.mail.to(person.email).map((mail) => mail.subject)).not.toContainEqual(expect.stringContaining('provisoria'));

  await forget(page);
  await giveDocumentBelow(page, person.document);
  await mailIsRight(page, 'SI');
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, person);
});

test('bad input: a wrong key five times: a wait, and the recovery stays open', async ({ page, service, person }) => {
  await registered(service, person);
  await page.goto('/cambiar/natural');
  for (let time = 0; time < 5; time++) {
    await page.getByLabel('Rut', { exact: true }).fill(person.id);
    await page.getByLabel('CS Actual', { exact: true }).fill('vK0000000');
    await press(page, 'Validar');
    await expect(page.getByLabel('CS Actual')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel('CS Actual')).toHaveValue('');
  }
  await expectNotice(page, 'Demasiados intentos', /espere 1 minuto/);
  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await askForKey(page);
  await expectSent(page);
});

test('bad input: nothing chosen, and contact data that is none', async ({ page, service, person, script }) => {
  await registered(service, person);
  service.registry.add(person);
  await giveId(page, person.id);
  await forget(page);
  await giveDocumentBelow(page, person.document);
  await heading(page, 'Revise su correo');
  await press(page, 'Continuar');
  await expect(page.getByRole('alert').getByRole('link')).toHaveText('Marque SI o NO.');
  await mailIsRight(page, 'NO');
  await giveContact(page, 'nadie', '12');
  await refused(page, 'Email Actual', /correo completo/, script);
  await refused(page, 'Celular Actual', /8 números/, script);
  await expect(page.getByLabel('Email Actual')).toHaveValue('nadie');
  await expect(page.getByLabel('Celular Actual')).toHaveValue('12');
  await giveContact(page, '', '');
  await refused(page, 'Email Actual', /Escriba su correo/, script);
  await refused(page, 'Celular Actual', /Escriba los 8 números/, script);
});

test('bad input: an expired recovery starts again and says why', async ({ page, service, person, context }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await expectQuestion(page);
  await context.clearCookies();
  await giveAnswer(page, person.answer);
  await expectNotice(page, 'Pasó mucho tiempo', /15 minutos/);
  await heading(page, /RUT/);

  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await heading(page, /Confirme y le enviamos/);
  await service.sql('UPDATE flow SET expires_at = 1');
  await askForKey(page);
  await expectNotice(page, 'Pasó mucho tiempo');
  expect(service.mail.to(person.email).map((mail) => mail.subject)).not.toContainEqual(expect.stringContaining('provisoria'));
});

test('bad input: a page that is asked for without its flow says why it begins anew', async ({ page }) => {
  for (const path of ['/recuperar/natural/confirmar', '/recuperar/natural/correo', '/recuperar/natural/listo', '/cambiar/natural/clave']) {
    await page.goto(path);
    await expectNotice(page, 'Pasó mucho tiempo');
    await expect(page.getByLabel('Rut', { exact: true })).toHaveValue('');
  }
  await page.goto('/registrar/natural/listo');
  await heading(page, 'Registrar persona natural');
  await expectNotice(page, 'Pasó mucho tiempo');
});

test('a registration whose cookie is gone is taken all the same', async ({ page, service, person, context }) => {
  await openRegistration(page);
  await fillRegistration(page, person);
  await context.clearCookies();
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await service.mail.wait(person.email, 'Recibimos su registro');
});

test('bad input: “Refrescar” on an expired registration loses nothing', async ({ page, person, context, script }) => {
  await openRegistration(page);
  await fillRegistration(page, person);
  await context.clearCookies();
  const picture = page.getByRole('img', { name: /letras/ });
  const before = await picture.getAttribute('src');
  await page.getByRole('link', { name: 'Refrescar' }).click();
  await expect(picture).not.toHaveAttribute('src', before!);
  await expect(page.getByLabel('Rut', { exact: true })).toHaveValue(person.id);
  await page.getByLabel('Captcha', { exact: true }).fill('ABCDE');
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
});
