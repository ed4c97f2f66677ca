import { chooseQuestion, dataShown, openUpdate, save, seeData, updated } from '../pasos/actualizar.ts';
import { expectMails } from '../pasos/avisos.ts';
import { changeKey } from '../pasos/cambiar.ts';
import { summaryLinks, heading, press, pressAndStay, refused, success, summary, expectNotice } from '../pasos/formulario.ts';
import { askForKey, expectQuestion, forget, giveAnswer, giveDocument, giveId, keyFor, recovered, expectSent, SERIAL } from '../pasos/recuperar.ts';
import { registered, registeredWithout } from '../pasos/registrar.ts';
import { newKey } from '../support/people.ts';
import { expect, test, type Page } from '../support/test.ts';

const pg = { tag: '@pg' };
const NOTICE = 'fueron actualizados';
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** What an account has on file that everything was filled in of. */
const FULL = { block: 'B', departamento: '42', area_particular: '32', telefono_particular: '2123456', area_trabajo: '2', telefono_trabajo: '23456789' };

test('N-UPD by the key: what is on file is filled in, old and new mail get a notice, the key stays', pg, async ({ page, service, person, someone }) => {
  const now = someone();
  await registered(service, person, FULL);
  await openUpdate(page, person, person.key);
  await expectQuestion(page);
  await expect(page.locator('main')).toContainText('El nombre de mi primera mascota');
  await giveAnswer(page, ` ${person.answer.toUpperCase()} `);
  await dataShown(page);
  const onFile = {
    'Dirección Particular': 'Pasaje Los Aromos', 'N° de Dirección Particular': '123', Block: 'B', 'N° de Departamento': '42',
    'Email Actual': person.email, 'Celular Nuevo': person.mobile, 'Código de área (casa)': '32', 'Teléfono Particular': '2123456',
    'Código de área (oficina)': '2', 'Teléfono Trabajo': '23456789', Captcha: '',
  };
  for (const [label, value] of Object.entries(onFile)) await expect(field(page, label), label).toHaveValue(value);
  await expect(field(page, 'Región').locator(':checked')).toHaveText('Valparaíso');
  await expect(field(page, 'Comuna').locator(':checked')).toHaveText('Viña del Mar');
  await expect(field(page, 'Sin Celular')).not.toBeChecked();

  await field(page, 'Dirección Particular').fill('Calle Nueva');
  await field(page, 'Región').selectOption({ label: 'La Araucanía' });
  await field(page, 'Comuna').selectOption({ label: 'Temuco' });
  await field(page, 'Block').fill('');
  await field(page, 'Email Actual').fill(now.email);
  await field(page, 'Celular Nuevo').fill(now.mobile);
  await save(page);
  await updated(page);
  for (const { email, mobile } of [person, now]) {
    const mail = await service.mail.wait(email, NOTICE);
    const sms = await service.sms.wait(mobile, NOTICE);
    expect(mail.text).toContain(`${service.url}/recuperar/natural`);
    for (const item of [mail.text, mail.html, sms.text]) {
      for (const secret of [person.key, now.email, now.mobile, person.id]) expect(item).not.toContain(secret);
    }
  }

  // Another visit finds what was written; and the key is what it was.
  await page.context().clearCookies();
  await seeData(page, person);
  const after = { ...onFile, 'Dirección Particular': 'Calle Nueva', Block: '', 'Email Actual': now.email, 'Celular Nuevo': now.mobile };
  for (const [label, value] of Object.entries(after)) await expect(field(page, label), label).toHaveValue(value);
  await expect(field(page, 'Comuna').locator(':checked')).toHaveText('Temuco');
  await changeKey(page, person, person.key, newKey());
  await service.mail.wait(now.email, 'fue cambiada');
});

test('N-UPD an account without a secret question chooses it, and recovers by it', pg, async ({ page, service, person }) => {
  await registeredWithout(service, person, 'question');
  await openUpdate(page, person, person.key);
  await chooseQuestion(page, person.answer);
  await dataShown(page);
  await save(page);
  await updated(page);
  await service.mail.wait(person.email, NOTICE);
  await giveId(page, person.id);
  await expectQuestion(page);
  await expect(page.locator('main')).toContainText('Mi apodo cuando era niño o niña');
  await giveAnswer(page, person.answer);
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, person);
});

test('N-UPD a question that is chosen badly; and one that is chosen counts only with the rest', async ({ page, service, person, script }) => {
  await registeredWithout(service, person, 'question');
  await openUpdate(page, person, person.key);
  await chooseQuestion(page, '', '');
  await refused(page, 'Pregunta Secreta', 'Elija una pregunta de la lista.', script);
  await refused(page, 'Respuesta Secreta', 'Escriba su respuesta.', script);
  await chooseQuestion(page, 'x');
  await refused(page, 'Respuesta Secreta', /al menos 2/, script);
  await expect(field(page, 'Pregunta Secreta').locator(':checked')).toHaveText('Mi apodo cuando era niño o niña');
  await chooseQuestion(page, person.answer);
  await dataShown(page);
  await openUpdate(page, person, person.key);
  await heading(page, 'Elija su pregunta secreta');
});

test('N-UPD nothing, a wrong RUT, a wrong key, a provisional key: each with its own message', async ({ page, service, person, someone, script }) => {
  await registered(service, person);
  await openUpdate(page, { ...person, id: '' }, '');
  await refused(page, 'Rut', 'Escriba su RUT.', script);
  await refused(page, 'Clave Sence', 'Escriba su clave.', script);
  await openUpdate(page, { ...person, id: '12.345.678-9' }, person.key);
  await refused(page, 'Rut', /El RUT no es válido/, script);
  await expect(field(page, 'Rut')).toHaveValue('12.345.678-9');
  for (const [who, key] of [[person, person.key.toLowerCase()], [someone(), person.key]] as const) {
    await openUpdate(page, who, key);
    await refused(page, 'Clave Sence', /El RUT o la clave no son correctos/, script);
    await expect(field(page, 'Rut')).toHaveValue(who.id);
    await expect(field(page, 'Clave Sence')).toHaveValue('');
    await expect(summaryLinks(page)).toHaveCount(1);
  }
  await openUpdate(page, person, await recovered(service, person));
  await refused(page, 'Clave Sence', /^Esta es una clave provisoria: solo sirve para crear su clave nueva/, script);
  // It was not used up by that.
  await openUpdate(page, person, person.key);
  await expectQuestion(page);
});

test('N-UPD a wrong answer shows nothing of the account; three of them: a wait, also for the right one', async ({ page, service, person, script }) => {
  await registered(service, person);
  await openUpdate(page, person, person.key);
  await expectQuestion(page);
  await page.goto('/actualizar/natural/datos');
  await expectQuestion(page);
  for (let time = 0; time < 3; time++) {
    await giveAnswer(page, 'no es esta');
    await refused(page, 'Respuesta Secreta', /La respuesta no es correcta/, script);
    await expect(field(page, 'Respuesta Secreta')).toHaveValue('');
  }
  await expectNotice(page, 'Demasiados intentos', /espere 1 minuto/);
  await giveAnswer(page, person.answer);
  await expectNotice(page, 'Demasiados intentos');
  await expectQuestion(page);
  expect(await page.content()).not.toContain('Los Aromos');
});

test('N-UPD an answer that is forgotten: the box leads to the serial, then another question is chosen, and recovers', pg, async ({ page, service, person, script }) => {
  await registered(service, person);
  service.registry.add(person);
  await openUpdate(page, person, person.key);
  await giveAnswer(page, 'no es esta');
  await refused(page, 'Respuesta Secreta', /marque que no la recuerda/, script);
  await forget(page);
  await giveDocument(page, 'A000000000');
  await refused(page, SERIAL, /no corresponde a la cédula vigente/, script);
  await giveDocument(page, person.document);
  await chooseQuestion(page, 'Otra respuesta');
  await dataShown(page);
  await save(page);
  await updated(page);
  const mail = await service.mail.wait(person.email, NOTICE);
  expect(mail.text).toContain('su pregunta secreta');
  await giveId(page, person.id);
  await expectQuestion(page);
  await expect(page.locator('main')).toContainText('Mi apodo cuando era niño o niña');
  await giveAnswer(page, person.answer);
  await refused(page, 'Respuesta Secreta', /La respuesta no es correcta/, script);
  await giveAnswer(page, 'otra respuesta');
  await heading(page, /Confirme y le enviamos/);
});

test('N-UPD the answer is remembered at the serial: nothing is asked of Registro Civil, the question stays', async ({ page, service, person }) => {
  await registered(service, person);
  await openUpdate(page, person, person.key);
  await forget(page);
  await heading(page, 'Escriba el número de serie de su cédula');
  // Neither a new question nor the data can be reached around the serial.
  for (const step of ['elegir', 'datos']) {
    await page.goto(`/actualizar/natural/${step}`);
    await heading(page, 'Escriba el número de serie de su cédula');
  }
  await page.getByRole('link', { name: 'Recordé mi respuesta' }).click();
  await giveAnswer(page, person.answer);
  await dataShown(page);
});

test('N-UPD a registry that is down: “intente más tarde”, nothing lost, no try counted', async ({ page, service, person }) => {
  await registered(service, person);
  service.registry.add(person);
  await openUpdate(page, person, person.key);
  await forget(page);
  service.registry.down();
  try {
    await giveDocument(page, person.document);
    for (let time = 0; time < 7; time++) {
      await expectNotice(page, 'El Registro Civil no responde', /intente más tarde/);
      await expect(field(page, SERIAL)).toHaveValue(person.document);
      await pressAndStay(page, 'Validar');
    }
  } finally {
    service.registry.up();
  }
  await press(page, 'Validar');
  await heading(page, 'Elija su pregunta secreta');
});

const BAD: [label: string, typed: string, words: RegExp][] = [
  ['Dirección Particular', '', /Escriba el nombre de su calle/],
  ['Dirección Particular', 'Larga '.repeat(30), /hasta 100 caracteres/],
  ['N° de Dirección Particular', '', /escriba S\/N/],
  ['N° de Dirección Particular', '12345678901', /hasta 10 caracteres/],
  ['Block', 'B'.repeat(21), /hasta 20 caracteres/],
  ['N° de Departamento', '4'.repeat(21), /hasta 20 caracteres/],
  ['Email Actual', '', /Escriba su correo/],
  ['Email Actual', 'nombre@ejemplo', /correo completo/],
  ['Email Actual', 'uno@ejemplo.cl, dos@ejemplo.cl', /correo completo/],
  ['Celular Nuevo', '', /Escriba los 8 números/],
  ['Celular Nuevo', '1234567', /8 números después de \+56\s9/],
  ['Teléfono Particular', '12', /debe sumar 9 números/],
  ['Captcha', '', /Escriba las letras/],
  ['Captcha', 'XXXXX', /Las letras no coinciden/],
];

test('N-UPD bad input: a message beside the field, everything else as it was typed, nobody notified', async ({ page, service, person, script }) => {
  test.setTimeout(120_000);
  await registered(service, person, FULL);
  await seeData(page, person);
  const typed: Record<string, string> = {
    'Dirección Particular': 'Otra calle', 'N° de Dirección Particular': '7', Block: 'C', 'N° de Departamento': '12',
    'Email Actual': person.email, 'Celular Nuevo': person.mobile, 'Teléfono Particular': '2765432', 'Teléfono Trabajo': '23456789',
  };
  for (const [label, value] of Object.entries(typed)) await field(page, label).fill(value);
  for (const [label, text, words] of BAD) {
    await test.step(`${label}: ${text.slice(0, 20)}`, async () => {
      if (label !== 'Captcha') await field(page, label).fill(text);
      await save(page, label === 'Captcha' ? text : undefined);
      await refused(page, label, words, script);
      await expect(summaryLinks(page)).toHaveCount(1);
      const now = label === 'Captcha' ? typed : { ...typed, [label]: text.slice(0, 256) };
      for (const [other, value] of Object.entries(now)) await expect(field(page, other), other).toHaveValue(value);
      await expect(field(page, 'Comuna').locator(':checked')).toHaveText('Viña del Mar');
      if (label !== 'Captcha') await field(page, label).fill(typed[label]!);
    });
  }
  await field(page, 'Código de área (casa)').selectOption('');
  await save(page);
  await refused(page, 'Teléfono Particular', /código de área/, script);
  await expectMails(service, person.email, NOTICE, 0);
  await field(page, 'Código de área (casa)').selectOption('32');
  await save(page);
  await updated(page);
  await service.mail.wait(person.email, NOTICE);
});

test('N-UPD “Sin Celular”: no SMS from then on, and it is ticked the next time', async ({ page, service, person }) => {
  await registered(service, person);
  await service.sms.wait(person.mobile, 'Recibimos un registro');
  await seeData(page, person);
  await field(page, 'Celular Nuevo').fill('');
  await field(page, 'Sin Celular').check();
  await save(page);
  await updated(page);
  // The mobile of before gets a notice once more: somebody else may have taken it off.
  await service.sms.wait(person.mobile, NOTICE);
  await seeData(page, person);
  await expect(field(page, 'Sin Celular')).toBeChecked();
  await expect(field(page, 'Celular Nuevo')).toHaveValue('');
});

test('N-UPD an update that changes nothing says so, and tells nobody', async ({ page, service, person }) => {
  await registered(service, person, FULL);
  await service.mail.wait(person.email, 'Recibimos su registro');
  await seeData(page, person);
  await save(page);
  await success(page, 'Sus datos ya estaban así. No había nada que cambiar.');
  await expect(page.locator('main')).not.toContainText(/SMS|e-Mail|actualizados/);
  await expectMails(service, person.email, NOTICE, 0);
});

test('N-UPD a mail that is another account’s is taken, and nothing is said of it', async ({ page, service, person, someone }) => {
  const other = someone();
  await registered(service, person);
  await registered(service, other);
  await seeData(page, person);
  await field(page, 'Email Actual').fill(other.email);
  await save(page);
  await updated(page);
  await expect(page.locator('main')).not.toContainText(/otra cuenta|ya existe|registrado/);
  await service.mail.wait(other.email, NOTICE);
});

test('N-UPD back button and reload: the data is shown as it was typed, the end stays the end', async ({ page, service, person }) => {
  await registered(service, person);
  await openUpdate(page, person, person.key);
  await expectQuestion(page);
  await page.reload();
  await giveAnswer(page, person.answer);
  await dataShown(page);
  await page.goBack();
  await dataShown(page);
  await page.reload();
  await expect(field(page, 'Email Actual')).toHaveValue(person.email);
  await field(page, 'Dirección Particular').fill('Calle Nueva');
  await field(page, 'Email Actual').fill('nadie');
  await save(page);
  await expect(summary(page)).toBeVisible();
  await page.reload();
  await expect(field(page, 'Email Actual')).toHaveValue('nadie');
  await expect(field(page, 'Dirección Particular')).toHaveValue('Calle Nueva');
  await field(page, 'Email Actual').fill(person.email);
  await save(page);
  await updated(page);
  await page.reload();
  await updated(page);
  await page.goBack();
  await updated(page);
  expect(await page.content()).not.toContain(person.email);
  await expectMails(service, person.email, NOTICE, 1);
});

test('N-UPD double click on every button: one notice', async ({ page, service, person }) => {
  await registered(service, person);
  await page.goto('/actualizar/natural');
  await field(page, 'Rut').fill(person.id);
  await field(page, 'Clave Sence').fill(person.key);
  await page.getByRole('button', { name: 'Validar' }).dblclick();
  await expectQuestion(page);
  await field(page, 'Respuesta Secreta').fill(person.answer);
  await page.getByRole('button', { name: 'Validar' }).dblclick();
  await dataShown(page);
  await field(page, 'Block').fill('Z');
  await field(page, 'Captcha').fill('ABCDE');
  await page.getByRole('button', { name: 'Actualizar datos' }).dblclick();
  await updated(page);
  await expectMails(service, person.email, NOTICE, 1);
});

test('N-UPD two tabs: the form of the older one changes nothing of anybody, and says why', async ({ page, context, service, person, someone }) => {
  const other = someone();
  await registered(service, person);
  await registered(service, other);
  await seeData(page, person);
  await field(page, 'Dirección Particular').fill('De la primera');
  const second = await context.newPage();
  await seeData(second, other);
  await save(page);
  await expectNotice(page, 'Usted comenzó otro trámite', /no cambió nada/);
  // Both tabs are now of the other account, and show only what is its own.
  await dataShown(page);
  await expect(field(page, 'Email Actual')).toHaveValue(other.email);
  await expect(field(page, 'Dirección Particular')).toHaveValue('Pasaje Los Aromos');
  expect(await page.content()).not.toContain(person.email);
  for (const { email } of [person, other]) await expectMails(service, email, NOTICE, 0);
});

test('N-UPD two tabs: the same data sent from both, one notice', async ({ page, context, service, person }) => {
  await registered(service, person);
  await seeData(page, person);
  const second = await context.newPage();
  await second.goto(page.url());
  await dataShown(second);
  await field(page, 'Block').fill('A');
  await field(second, 'Block').fill('C');
  await save(page);
  await updated(page);
  await save(second);
  await updated(second);
  await expectMails(service, person.email, NOTICE, 1);
  await seeData(page, person);
  await expect(field(page, 'Block')).toHaveValue('A');
});

test('N-UPD an expired update starts again and says why', async ({ page, context, service, person }) => {
  await registered(service, person);
  await seeData(page, person);
  await context.clearCookies();
  await field(page, 'Block').fill('A');
  await save(page);
  await expectNotice(page, 'Pasó mucho tiempo', /Si no, comience de nuevo/);
  await heading(page, 'Validar Datos');
  expect(await page.content()).not.toContain(person.email);
  await page.goto('/actualizar/natural/datos');
  await expectNotice(page, 'Pasó mucho tiempo');
});

test('N-UPD “Refrescar” keeps what was typed', async ({ page, service, person }) => {
  await registered(service, person);
  await seeData(page, person);
  await field(page, 'Block').fill('A');
  const picture = page.getByRole('img', { name: /letras/ });
  const before = await picture.getAttribute('src');
  await page.getByRole('link', { name: 'Refrescar' }).click();
  await expect(picture).not.toHaveAttribute('src', before!);
  await expect(field(page, 'Block')).toHaveValue('A');
  await press(page, 'Actualizar datos');
  await expect(summaryLinks(page)).toHaveText(['Escriba las letras de la imagen.']);
  await save(page);
  await updated(page);
});
