import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expectMails } from '../pasos/avisos.ts';
import { registeredCompany } from '../pasos/empresa.ts';
import {
  ask, attach, dataAsked, DECLARATION, readFiledNumber, fillFacilitator, KEEP, openRequest, OTHER_DOCUMENT, request, sendDeclaration, SIGNED, toSign,
  typeCompany,
} from '../pasos/facilitador.ts';
import { summaryLinks, heading, press, refused, summary, expectNotice } from '../pasos/formulario.ts';
import { filedRequest } from '../pasos/mesa.ts';
import { file, jpeg } from '../support/archivos.ts';
import { send } from '../support/http.ts';
import { expect, type Page, test } from '../support/test.ts';

const pg = { tag: '@pg' };
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** The page says that the declaration which came is not signed. */
const unsigned = (page: Page) => page.getByRole('heading', { name: 'El archivo que subió es el formulario sin firmar' });

/** What a PDF says, where the machine has `pdftotext`. */
function textOf(path: string): string | undefined {
  try {
    return execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

test('F-REQ company, Declaración Jurada, the facilitator’s data, “Éxito” with a number, and the same number by mail', pg,
  async ({ page, service, company, facilitator, forbidInUrls }) => {
    await registeredCompany(service, company);
    await openRequest(page, company);

    const link = page.getByRole('link', { name: 'Descargar Declaración Jurada (PDF)' });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toBe('declaracion-jurada.pdf');
    const path = test.info().outputPath('declaracion-jurada.pdf');
    await download.saveAs(path);
    expect(readFileSync(path).subarray(0, 5).toString('latin1')).toBe('%PDF-');
    const text = textOf(path);
    if (text === undefined) test.info().annotations.push({ type: 'left out', description: 'no pdftotext: its text was not read' });
    else for (const item of [company.names, company.id, company.representative.id]) expect(text).toContain(item);

    // As it came it is not signed; with whatever a signature writes into it, it is another file.
    await sendDeclaration(page, file('declaracion-firmada.pdf', readFileSync(path)));
    await expect(unsigned(page)).toBeVisible();
    await press(page, 'Sí está firmada: continuar');
    await dataAsked(page);
    await expectNotice(page, 'El archivo que subió es el formulario sin firmar', /Volver a subir/);
    await ask(page);
    // The notice was there before: what is new tells that the answer has come. Until then a second button does nothing.
    await expect(summary(page)).toBeVisible();
    await expectNotice(page, 'El archivo que subió es el formulario sin firmar');
    await press(page, 'Volver a subir la Declaración Jurada');
    await expect(unsigned(page)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Continuar con esa declaración' })).toHaveCount(0);
    await sendDeclaration(page, file('declaracion-firmada.pdf', Buffer.concat([readFileSync(path), Buffer.from('\n')])));
    await expect(unsigned(page)).toHaveCount(0);
    await fillFacilitator(page, facilitator);
    await attach(page);
    await ask(page);
    const number = await readFiledNumber(page);
    forbidInUrls(number);
    await expect(unsigned(page)).toHaveCount(0);
    const mail = await service.mail.wait(company.email, 'Recibimos su solicitud para un facilitador extranjero');
    expect(mail.text).toContain(number);
    for (const secret of [facilitator.document, facilitator.email, facilitator.names, company.id, company.key]) {
      expect(mail.text).not.toContain(secret);
    }
    expect(service.mail.to(facilitator.email)).toEqual([]);
  });

test('F-REQ a declaration that nobody signed: it is said also at the end', async ({ page, service, company, facilitator, forbidInUrls }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^Descargar/ }).click()]);
  const path = test.info().outputPath('declaracion-jurada.pdf');
  await download.saveAs(path);
  await sendDeclaration(page, file('declaracion.pdf', readFileSync(path)));
  await press(page, 'Sí está firmada: continuar');
  await dataAsked(page);
  await fillFacilitator(page, facilitator);
  await attach(page);
  await ask(page);
  forbidInUrls(await readFiledNumber(page));
  await expect(unsigned(page)).toBeVisible();
});

test('F-REQ nothing typed is lost: a wrong telephone, and the document that came stays', pg, async ({ page, service, company, facilitator, script }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page);
  await fillFacilitator(page, { ...facilitator, phone: '987654' });
  await attach(page);
  await ask(page);
  await refused(page, 'Teléfono', /^Empiece con el signo \+ y el código del país/, script);
  await expect(summary(page)).not.toContainText('Por seguridad');
  await expect(summaryLinks(page)).toHaveCount(1);
  const typed = {
    'Número de documento de identidad': facilitator.document, 'Nombres y apellidos': facilitator.names, Email: facilitator.email,
    'Teléfono': '987654', 'Respuesta Secreta': '',
  };
  for (const [label, value] of Object.entries(typed)) await expect(field(page, label)).toHaveValue(value);
  await expect(field(page, 'Tipo de documento de identidad').locator(':checked')).toHaveText('Pasaporte');
  await expect(field(page, 'Pregunta Secreta').locator(':checked')).not.toHaveText(/Elija/);
  await expect(page.locator('main')).toContainText(/Ya tenemos un documento: lo subió el .+, imagen PNG, \d+ kB\./);
  await expect(field(page, KEEP)).toBeChecked();
  await expect(field(page, OTHER_DOCUMENT)).toHaveCount(1);
  await field(page, 'Teléfono').fill(facilitator.phone);
  await ask(page);
  await readFiledNumber(page);
});

test('F-REQ “Volver a subir la Declaración Jurada” leads back, another one takes its place, and nothing typed is lost', pg, async ({ page, service, company, facilitator }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page);
  await fillFacilitator(page, facilitator);
  await attach(page);
  await press(page, 'Volver a subir la Declaración Jurada');
  await toSign(page);
  await expect(page.locator('main')).toContainText(/Su empresa la subió el .+, PDF/);
  await sendDeclaration(page, file('foto.jpg', jpeg()));
  await dataAsked(page);
  await expect(field(page, 'Nombres y apellidos')).toHaveValue(facilitator.names);
  await expect(field(page, 'Email')).toHaveValue(facilitator.email);
  await expect(field(page, KEEP)).toBeChecked();
  await expect(field(page, 'Respuesta Secreta')).toHaveValue('');
  await ask(page);
  await readFiledNumber(page);
});

test('F-REQ the same document twice: the open request is named; another company may ask for the same person', pg,
  async ({ page, service, company, otherCompany, facilitator, script }) => {
    await registeredCompany(service, company);
    await registeredCompany(service, otherCompany);
    const first = await filedRequest(service, company, facilitator);
    await openRequest(page, company);
    await sendDeclaration(page);
    // Written otherwise, it is the same document.
    await fillFacilitator(page, { ...facilitator, document: facilitator.document.toLowerCase().replace(/(\d{3})/g, '$1.') });
    await attach(page);
    await ask(page);
    await refused(page, 'Número de documento de identidad', /Su empresa ya tiene una solicitud abierta con este documento/, script);
    await expect(field(page, 'Nombres y apellidos')).toHaveValue(facilitator.names);
    expect(await request(page, otherCompany, facilitator)).not.toBe(first);
    await expectMails(service, company.email, 'Recibimos su solicitud', 1);
  });

test('F-REQ a second click, a reload and “back” file one request, with one mail', async ({ page, service, company, facilitator }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await field(page, DECLARATION).setInputFiles(SIGNED);
  await page.getByRole('button', { name: 'Subir solicitud' }).dblclick();
  await fillFacilitator(page, facilitator);
  await attach(page);
  await page.getByRole('button', { name: 'Realizar solicitud' }).dblclick();
  const number = await readFiledNumber(page);
  await page.reload();
  expect(await readFiledNumber(page)).toBe(number);
  await page.goBack();
  expect(await readFiledNumber(page)).toBe(number);
  await expectMails(service, company.email, 'Recibimos su solicitud', 1);
});

test('F-REQ a server killed between the steps: the flow and its files are there after the restart', pg, async ({ page, service, company, facilitator }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page);
  await fillFacilitator(page, facilitator);
  await attach(page);
  await service.down('SIGKILL');
  await service.up();
  await ask(page);
  await readFiledNumber(page);
  await service.mail.wait(company.email, 'Recibimos su solicitud');
});

test('F-REQ who asks: nothing filled in, a wrong key, a wrong representative, a wrong picture, SII down', async ({ page, service, company, someone, script }) => {
  await registeredCompany(service, company);
  await page.goto('/facilitador');
  await press(page, 'Validar');
  const wanted = ['Rut Empresa', 'Rut Representante Legal', 'Clave Sence', 'Captcha'];
  await expect(summaryLinks(page)).toHaveCount(wanted.length);
  for (const label of wanted) await refused(page, label, /^Escriba /, script);
  const words = /^El RUT de la empresa, el del representante legal o la clave no es correcto\. Revise los tres\.$/;
  await typeCompany(page, company, 'NoEsEsta1');
  await refused(page, 'Clave Sence', words, script);
  await expect(field(page, 'Clave Sence')).toHaveValue('');
  await expect(field(page, 'Captcha')).toHaveValue('');
  await typeCompany(page, company, company.key, someone().id);
  await refused(page, 'Clave Sence', words, script);
  await field(page, 'Rut Representante Legal').fill(company.representative.id);
  await field(page, 'Clave Sence').fill(company.key);
  await field(page, 'Captcha').fill('XXXXX');
  await press(page, 'Validar');
  await refused(page, 'Captcha', /Las letras no coinciden/, script);
  service.tax.down();
  try {
    await typeCompany(page, company);
    await expectNotice(page, 'El Servicio de Impuestos Internos no responde', /Lo demás sigue aquí\. Por seguridad, escriba otra vez su clave y las letras de la imagen/);
    await expect(field(page, 'Rut Empresa')).toHaveValue(company.id);
  } finally {
    service.tax.up();
  }
  await typeCompany(page, company);
  await toSign(page);
});

test('F-REQ “Refrescar” brings another picture, and the RUT stay', async ({ page, company }) => {
  await page.goto('/facilitador');
  await field(page, 'Rut Empresa').fill(company.id);
  await field(page, 'Rut Representante Legal').fill(company.representative.id);
  const picture = page.getByRole('img', { name: /letras/ });
  const before = await picture.getAttribute('src');
  await page.getByRole('link', { name: 'Refrescar' }).click();
  await expect(picture).not.toHaveAttribute('src', before!);
  await expect(field(page, 'Rut Empresa')).toHaveValue(company.id);
  await expect(field(page, 'Rut Representante Legal')).toHaveValue(company.representative.id);
});

test('F-REQ a second tab ends nothing: it offers the request that is under way, which continues in the first', async ({ page, service, company, facilitator, context }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page);
  await fillFacilitator(page, facilitator);
  const second = await context.newPage();
  await second.goto('/facilitador');
  await heading(second, 'Valide los datos de su empresa');
  await expect(second.getByRole('heading', { name: 'Tiene una solicitud sin terminar' })).toBeVisible();
  await second.close();
  await attach(page);
  await ask(page);
  await readFiledNumber(page);
  await page.goto('/facilitador');
  await expect(page.getByRole('heading', { name: 'Tiene una solicitud sin terminar' })).toHaveCount(0);
  // Another request leaves the one before alone, until it is begun.
  await openRequest(page, company);
  await page.goto('/facilitador');
  await page.getByRole('link', { name: 'Continuar con esa solicitud' }).click();
  await toSign(page);
  await page.goBack();
  await typeCompany(page, company);
  await toSign(page);
});

test('F-REQ no step can be skipped', async ({ page, service, company, context }) => {
  await registeredCompany(service, company);
  for (const path of ['/facilitador/datos', '/facilitador/declaracion', '/facilitador/listo', '/facilitador/declaracion.pdf']) {
    await page.goto(path);
    await expectNotice(page, 'Pasó mucho tiempo', /los archivos que subió están guardados por un día/i);
    await heading(page, 'Valide los datos de su empresa');
  }
  await context.clearCookies();
  await page.goto('/facilitador');
  for (const path of ['/facilitador/datos', '/facilitador/listo']) {
    await page.goto(path);
    await expect(page).toHaveURL('/facilitador?aviso=vencido');
    await heading(page, 'Valide los datos de su empresa');
  }
  await openRequest(page, company);
  await page.goto('/facilitador/datos');
  await expect(page).toHaveURL('/facilitador/declaracion');
  await toSign(page);
});

test('F-REQ the link to the declaration on a page that expired leads to the first step', async ({ page, context, service, company }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await context.clearCookies();
  let saved = '';
  page.on('download', (download) => (saved = download.suggestedFilename()));
  await page.getByRole('link', { name: 'Descargar Declaración Jurada (PDF)' }).click();
  await expect(page.getByText('Pasó mucho tiempo')).toBeVisible();
  expect(saved).toBe('');
});

test('F-REQ “Cambiar CS” of a facilitator shows number and type of the document, and says when they or the key are wrong',
  async ({ page, facilitator, script }) => {
    await page.goto('/cambiar/facilitador');
    await heading(page, 'Validar Datos');
    await field(page, 'Número de documento de identidad').fill(facilitator.document);
    await field(page, 'Tipo de documento de identidad').selectOption({ label: 'Pasaporte' });
    await field(page, 'CS Actual').fill('NoEsEsta1');
    await press(page, 'Validar');
    await refused(page, 'CS Actual', /El documento o la clave no son correctos/, script);
    await expect(field(page, 'Número de documento de identidad')).toHaveValue(facilitator.document);
    await expect(field(page, 'Tipo de documento de identidad').locator(':checked')).toHaveText('Pasaporte');
    // No recovery serves this kind: the page says who helps.
    await expect(page.locator('main')).toContainText('Pida a su empresa que haga una nueva solicitud');
    await expect(page.getByRole('main').getByRole('link', { name: 'Recuperar CS' })).toHaveCount(0);
  });

test('F-REQ “Cambiar CS” of a facilitator, nothing filled in: each field says what it needs', async ({ page, script }) => {
  await page.goto('/cambiar/facilitador');
  await press(page, 'Validar');
  const wanted = ['Número de documento de identidad', 'Tipo de documento de identidad', 'CS Actual'];
  await expect(summaryLinks(page)).toHaveCount(wanted.length);
  for (const label of wanted) await refused(page, label, /^(Escriba|Elija) /, script);
});

test('F-REQ security: no forged form registers or recovers a kind that the errand does not serve', { tag: '@http' }, async ({ service }) => {
  const forms = ['registrar/crear', 'registrar/captcha', 'recuperar/validar', 'recuperar/pregunta', 'recuperar/confirmar', 'actualizar/validar'];
  for (const form of forms) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: service.url };
    const answer = await send(`${service.url}/api/${form}`, { method: 'POST', headers, body: 'tipo=facilitador&rut=pasaporte%3AAB123456' });
    expect(answer.status, form).toBe(400);
  }
});
