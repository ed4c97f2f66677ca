import { setKey } from '../pasos/cambiar.ts';
import { CODE, codeFor, codeIn, confirmLater, typeCode } from '../pasos/correo.ts';
import { companyKey, giveCompany, giveRepresentative, giveSerialOf, registeredCompany, TO_NEW } from '../pasos/empresa.ts';
import { begin, expectNotice, heading, press, refused, success, summaryLinks, waitForWasm } from '../pasos/formulario.ts';
import { newOfficer, signIn, signInAsked } from '../pasos/mesa.ts';
import { save, seeData, updated } from '../pasos/actualizar.ts';
import { expectQuestion, forget, FORGOTTEN, giveAnswer, giveDocument, giveDocumentBelow, giveId, mailIsRight, SERIAL } from '../pasos/recuperar.ts';
import { register, registered, registeredWithout } from '../pasos/registrar.ts';
import { newKey, WORDS } from '../support/people.ts';
import { Client } from '../support/http.ts';
import { expect, LETTERS, test, type Page } from '../support/test.ts';

const pg = { tag: '@pg' };
const script = { tag: '@script' };
const main = (page: Page) => page.locator('main');
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const CONFIRMED = /Correo confirmado\s*\S+@\S+ recibe nuestros mensajes\./;
const PROMISE = 'dentro de los próximos 10 minutos';

test('A-MAIL the end of “Actualizar datos” names the new address and takes its code', pg, async ({ page, service, person, someone, script }) => {
  await registered(service, person);
  const now = someone().email;
  await seeData(page, person);
  await field(page, 'Email Actual').fill(now);
  await save(page);
  await updated(page);
  await expect(main(page)).toContainText('Le escribimos a:');
  await expect(page.locator('.dato')).toHaveText(now);
  await expect(page.locator('.sugerencia')).toHaveCount(0);
  const mail = await service.mail.wait(now, 'fueron actualizados');
  expect(mail.text).not.toContain('no tiene que hacer nada');
  await typeCode(page, 'AAAAAA');
  await refused(page, CODE, /no es el que enviamos, o ya venció/, script);
  // What was to be done is done, and no green box says so below a red one.
  await heading(page, 'Confirme su correo');
  await expect(main(page)).toContainText('Sus datos han sido actualizados correctamente. Solo falta el código del correo, y no es obligatorio.');
  await expect(page.locator('.exito')).toHaveCount(0);
  await expect(page).toHaveTitle(/^Error: Confirme su correo/);
  await typeCode(page, codeIn(mail.text));
  await expect(main(page)).toContainText(CONFIRMED);
  await updated(page);
  await expect(field(page, CODE)).toHaveCount(0);
  await expect(main(page)).not.toContainText(PROMISE);

  // Nothing new to confirm: no field, and the mail of before still says so.
  await seeData(page, person);
  await field(page, 'Dirección Particular').fill('Calle Nueva');
  await save(page);
  await updated(page);
  await expect(field(page, CODE)).toHaveCount(0);
  await expect(page.getByRole('link', { name: /^No me llega el mensaje/ })).toBeVisible();
});

test('A-MAIL a mistyped provider is named at the end of “Actualizar datos”', async ({ page, service, person }) => {
  await registered(service, person);
  await seeData(page, person);
  const typed = `${person.email.split('@')[0]}@gmial.com`;
  await field(page, 'Email Actual').fill(typed);
  await save(page);
  await updated(page);
  const said = page.locator('.sugerencia');
  await expect(said).toContainText(`¿Quiso decir ${typed.replace('gmial', 'gmail')}?`);
  await expect(said.getByRole('link', { name: 'Corregir en Actualizar datos (le pediremos su clave)', exact: true })).toHaveAttribute('href', '/actualizar/natural');
  await expect(main(page).locator('a[href="/actualizar/natural"]')).toHaveCount(1);
});

test('A-MAIL the end of a registration promises nothing that has come, and the page of the code says what is left', async ({ page, service, person, someone }) => {
  await register(page, service, person);
  await expect(main(page)).toContainText(`e-Mail ${PROMISE}`);
  await typeCode(page, 'AAAAAA');
  await expect(page).toHaveTitle(/^Error: Confirme su correo/);
  await expect(main(page)).toContainText('Recibimos su registro. Solo falta el código del correo');
  await expect(page.locator('.exito')).toHaveCount(0);
  await typeCode(page, await codeFor(service, person));
  await expect(main(page)).toContainText(CONFIRMED);
  await expect(main(page)).not.toContainText(PROMISE);
  await expect(page).toHaveTitle(/^Éxito: registro recibido/);
  const other = someone();
  await registered(service, other);
  await confirmLater(page, other, await codeFor(service, other));
  await success(page, 'No tiene que hacer nada más');
});

test('J-CHG the last page of a recovery by the cédula takes the provisional key of a company', pg, async ({ page, service, company }) => {
  service.registry.add(company.representative);
  await registeredCompany(service, company);
  await giveCompany(page, company);
  await forget(page);
  await giveRepresentative(page, company.representative.id);
  await giveSerialOf(page, company.representative.document);
  await mailIsRight(page, 'NO');
  await heading(page, '¿Dónde quiere recibir su clave?');
  const today = `hoy-${company.email}`;
  await field(page, 'Email Actual').fill(today);
  await press(page, 'Continuar');
  const key = await companyKey(page, service, today, TO_NEW);
  await expect(field(page, 'Rut Representante Legal')).toHaveCount(0);
  await field(page, 'Clave provisoria').fill(key);
  await press(page, 'Continuar');
  await heading(page, 'Elija su clave nueva');
  await expect(field(page, 'Captcha')).toHaveCount(0);
  await expect(main(page)).not.toContainText(/Paso \d/);
  await expect(page.getByRole('link', { name: 'Volver', exact: true })).toHaveAttribute('href', '/recuperar/juridica/listo');
  const now = newKey();
  await field(page, 'CS Nueva').fill(now);
  await field(page, 'Repetir CS Nueva').fill(now);
  await press(page, 'Cambiar Clave');
  await success(page, 'Su clave fue cambiada.');
});

test('J-CHG after an answer the last page asks for the representative, whom SII must name', pg, async ({ page, service, company, someone, script }) => {
  await registeredCompany(service, company);
  await giveCompany(page, company);
  await giveAnswer(page, company.answer);
  const key = await companyKey(page, service, company.email);
  await field(page, 'Clave provisoria').fill(key);
  await field(page, 'Rut Representante Legal').fill(someone().id);
  await press(page, 'Continuar');
  await refused(page, 'Clave provisoria', /^La clave o el RUT del representante legal no es correcto\./, script);
  await expect(page).toHaveURL('/recuperar/juridica/listo');
  await expect(field(page, 'Rut Representante Legal')).not.toHaveValue('');
  await field(page, 'Clave provisoria').fill(key);
  await field(page, 'Rut Representante Legal').fill(company.representative.id);
  await press(page, 'Continuar');
  await heading(page, 'Elija su clave nueva');
  await expect(field(page, 'Captcha')).toHaveCount(0);
});

test('J-REC-2 the box of a company asks for representative and serial below it', pg, async ({ page, service, company, script }) => {
  service.registry.add(company.representative);
  await registeredCompany(service, company);
  await giveCompany(page, company);
  await expectQuestion(page);
  const serial = field(page, SERIAL);
  await expect(serial).toBeHidden();
  await page.getByLabel(FORGOTTEN).check();
  await field(page, 'Rut Representante Legal').fill(company.representative.id);
  await press(page, 'Validar');
  await refused(page, SERIAL, 'Escriba el número de serie de la cédula del representante legal.', script);
  await expect(field(page, 'Rut Representante Legal')).toHaveValue(company.representative.id);
  await expect(page.getByLabel(FORGOTTEN)).toBeChecked();
  await serial.fill(company.representative.document);
  await press(page, 'Validar');
  await mailIsRight(page, 'SI');
});

test('where no question can be asked, the page says so', async ({ page, service, person, someone }) => {
  const said = 'No podemos hacerle una pregunta secreta para este RUT. Le pedimos el número de serie de su cédula.';
  await registeredWithout(service, person, 'question');
  await giveId(page, person.id);
  await expect(main(page)).toContainText(said);
  const other = someone();
  await registered(service, other);
  await giveId(page, other.id);
  await forget(page);
  await giveDocumentBelow(page, 'A000000000');
  await heading(page, /número de serie/);
  await expect(main(page)).not.toContainText(said);
});

test('letters in place of a wait: the box asks for them, and “Refrescar” brings others', pg, async ({ page, service, person, script }) => {
  await registered(service, person);
  for (let stranger = 0; stranger < 20; stranger++) {
    const client = new Client(service.url, {}, `127.51.${stranger}.1`);
    await client.get('/cambiar/natural');
    await client.submit('/api/cambiar/validar', { rut: person.id, clave_actual: 'vK0000000' });
  }
  await page.goto('/cambiar/natural');
  if (script) await waitForWasm(page);
  await field(page, 'Rut').fill(person.id);
  await field(page, 'CS Actual').fill(person.key);
  await press(page, 'Validar');
  await expectNotice(page, 'Demasiados intentos', 'Hubo muchos intentos con su RUT. Escriba su clave y las letras de abajo, o espere 1 minuto.');
  await expect(main(page)).not.toContainText('no revisamos');
  const picture = page.getByRole('img', { name: /letras/ });
  const before = await picture.getAttribute('src');
  await field(page, 'CS Actual').fill(person.key);
  await page.getByRole('link', { name: 'Refrescar' }).click();
  await expect(picture).not.toHaveAttribute('src', before!);
  await expect(field(page, 'Rut')).toHaveValue(person.id);
  if (script) await expect(field(page, 'CS Actual')).toHaveValue(person.key);
  else await expectNotice(page, 'La imagen cambió', 'Por seguridad, escriba también otra vez su clave.');
  await field(page, 'CS Actual').fill(person.key);
  await field(page, 'Captcha').fill(LETTERS);
  await field(page, 'Captcha').press('Enter');
  await heading(page, 'Elija su clave nueva');
});

test('a list loses its error once something is chosen, beside it and in the summary', script, async ({ page }) => {
  await begin(page, '/registrar/natural');
  await press(page, 'Crear Cuenta');
  await heading(page, 'Registrar persona natural');
  for (const [label, choice] of [['Pregunta Secreta', { index: 2 }], ['Región', { label: 'Coquimbo' }], ['Comuna', { label: 'Ovalle' }]] as const) {
    const list = field(page, label);
    await expect(list).toHaveAttribute('aria-invalid', 'true');
    const entry = summaryLinks(page).and(page.locator(`[href="#${await list.getAttribute('id')}"]`));
    await expect(entry).toBeVisible();
    await list.selectOption(choice);
    await expect(list).toHaveAttribute('aria-invalid', 'false');
    await expect(page.locator('.campo--error').filter({ has: list })).toHaveCount(0);
    await expect(page.locator(`#${await list.getAttribute('id')}-error`)).toBeHidden();
    await expect(entry).toBeHidden();
    await list.selectOption('');
    await expect(entry).toBeVisible();
    await list.selectOption(choice);
  }
  await expect(page.locator('.resumen')).toBeVisible();
});

test('an area code loses the error of its telephone, and an empty summary goes', script, async ({ page, service, person }) => {
  await registered(service, person);
  await seeData(page, person);
  await waitForWasm(page);
  await field(page, 'Teléfono Trabajo').fill('2345678');
  await save(page);
  await refused(page, 'Teléfono Trabajo', /Falta el código de área/, true);
  await page.locator('select[name=area_trabajo]').selectOption({ index: 3 });
  await expect(page.locator('#telefono_trabajo-error')).toBeHidden();
  await expect(field(page, 'Teléfono Trabajo')).toHaveAttribute('aria-invalid', 'false');
  await expect(page.locator('.resumen')).toBeHidden();
});

test('an address that nobody confirmed: the answer alone leads on to the start', async ({ page, service, person }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await heading(page, /Confirme y le enviamos/);
  await expect(main(page)).toContainText(
    'Nadie ha confirmado que este correo recibe mensajes. Si no puede abrirlo, comience de nuevo y marque «No recuerdo');
  await page.getByRole('link', { name: 'comience de nuevo' }).click();
  await heading(page, '¿Cuál es su RUT?');
});

test('N-REC-2 the box with an empty serial: the error stands beside the field, and what the box is for is gone', pg, async ({ page, service, person, script }) => {
  await registered(service, person);
  service.registry.add(person);
  await giveId(page, person.id);
  await expectQuestion(page);
  await expect(main(page)).toContainText('¿No reconoce la pregunta?');
  await page.getByLabel(FORGOTTEN).check();
  await expect(page.getByText('¿No reconoce la pregunta?')).toBeHidden();
  await press(page, 'Validar');
  await refused(page, SERIAL, 'Escriba el número de serie de su cédula.', script);
  await expectQuestion(page);
  await expect(page).toHaveURL('/recuperar/natural/pregunta');
  await expect(page.getByLabel(FORGOTTEN)).toBeChecked();
  // Back from the document the box is empty again: the answer counts.
  await giveDocumentBelow(page, 'A000000000');
  await page.getByRole('link', { name: 'Recordé mi respuesta' }).click();
  await expectQuestion(page);
  await expect(page.getByLabel(FORGOTTEN)).not.toBeChecked();
  await page.goBack();
  await giveDocument(page, person.document);
  await heading(page, 'Revise su correo');
});

test('M-REC-2 the box with an empty number: the error stands beside the field', async ({ page, service, migrant, script }) => {
  await registered(service, migrant);
  await giveId(page, migrant.id, 'migrante');
  await forget(page);
  await press(page, 'Validar');
  await refused(page, WORDS.migrante.document, /Escriba el número de su documento/, script);
  await expectQuestion(page);
});

test('who was typed on a first page is there again after Back, script or not, and no longer after “Terminar y borrar”', async ({ page, service, person, script }) => {
  await registered(service, person);
  for (const [first, next] of [['/recuperar/natural', /pregunta secreta/], ['/cambiar/natural', 'Elija su clave nueva'], ['/actualizar/natural', /pregunta secreta/]] as const) {
    await (script ? begin(page, first) : page.goto(first));
    await field(page, 'Rut').fill(person.id);
    for (const key of ['CS Actual', 'Clave Sence']) if (await field(page, key).count()) await field(page, key).fill(person.key);
    await press(page, 'Validar');
    await heading(page, next);
    await page.goBack();
    await expect(page).toHaveURL(first);
    await expect(field(page, 'Rut')).toHaveValue(person.id);
    await press(page, 'Terminar y borrar');
    await heading(page, 'Listo');
  }
  if (!script) return;
  await page.goBack();
  await expect(page).toHaveURL('/actualizar/natural');
  await expect(field(page, 'Rut')).toHaveValue('');
});

test('“Volver” leads to the page before, and loses nothing that may be shown', pg, async ({ page, service, person }) => {
  await registered(service, person);
  service.registry.add(person);
  const back = page.getByRole('link', { name: 'Volver', exact: true });
  for (const first of ['/registrar/natural', '/recuperar/natural', '/cambiar/natural', '/actualizar/natural', '/facilitador', '/correo/natural']) {
    await page.goto(first);
    await expect(back, first).toHaveAttribute('href', '/');
  }
  await giveId(page, person.id);
  await expectQuestion(page);
  await back.click();
  await heading(page, '¿Cuál es su RUT?');
  await expect(field(page, 'Rut')).toHaveValue(person.id);
  await press(page, 'Validar');
  await forget(page);
  await giveDocumentBelow(page, person.document);
  await mailIsRight(page, 'NO');
  await heading(page, '¿Dónde quiere recibir su clave?');
  await back.click();
  await heading(page, 'Revise su correo');
  await expect(main(page)).not.toContainText(/Paso \d/);
});

test('A-HOME the front page and the ends lead to the systems that the key is for, and say what to do when nothing comes', pg, async ({ page, service, person }) => {
  const systems = page.locator('main a[href="https://sence.gob.cl"]');
  const nothing = page.getByRole('link', { name: /^No me llega el mensaje/ });
  await page.goto('/');
  await expect(systems).toBeVisible();
  await register(page, service, person);
  await expect(systems).toBeVisible();
  await expect(main(page)).toContainText('¿No llegó en 10 minutos?');
  await page.goto('/cambiar/natural');
  await field(page, 'Rut').fill(person.id);
  await field(page, 'CS Actual').fill(person.key);
  await press(page, 'Validar');
  await setKey(page, newKey());
  await success(page, 'Su clave fue cambiada.');
  await expect(systems).toBeVisible();
  await expect(nothing).toHaveAttribute('href', '/informacion#no-llega');
});

test('F-REVIEW the key of an officer can be shown, and no menu of citizens is around the desk', async ({ page, service, script }) => {
  await page.goto('/mesa');
  await signInAsked(page);
  await expect(page.getByRole('navigation', { name: 'Trámites' })).toHaveCount(0);
  const show = page.getByRole('button', { name: 'Ver lo que escribo' });
  if (script) {
    await field(page, 'Clave').fill('abcde');
    await show.click();
    await expect(field(page, 'Clave')).toHaveAttribute('type', 'text');
  } else {
    await expect(show).toBeHidden();
  }
  await signIn(page, await newOfficer(service));
  await expect(page.getByRole('navigation', { name: 'Trámites' })).toHaveCount(0);
});
