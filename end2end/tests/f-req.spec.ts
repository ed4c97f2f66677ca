import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registerCompany, registeredCompany } from '../pasos/empresa.ts';
import {
  ask, attach, dataAsked, DECLARATION, DOCUMENT, filed, fillFacilitator, KEEP, openRequest, OTHER_DOCUMENT, request,
  sendDeclaration, SIGNED, toSign, typeCompany,
} from '../pasos/facilitador.ts';
import { complaints, heading, mark, marked, press, pressAndStay, refused, summary, told } from '../pasos/formulario.ts';
import type { Look } from '../pasos/recorrido.ts';
import { badFiles, file, jpeg, MOST, pdf } from '../support/archivos.ts';
import { sound } from '../support/axe.ts';
import type { Company } from '../support/companies.ts';
import type { Facilitator } from '../support/facilitators.ts';
import { Client, send } from '../support/http.ts';
import { pause, until } from '../support/net.ts';
import { light } from '../support/peso.ts';
import { expect, LETTERS, test, type Page, type Service } from '../support/test.ts';

const pg = { tag: '@pg' };
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** The files that the service keeps. Once a minute it deletes those that nobody needs any longer. */
const kept = (service: Service) => readdirSync(join(service.folder, 'archivos'));

/** The files that have come since. */
const newer = (service: Service, before: string[]) => kept(service).filter((name) => !before.includes(name));

/** The same flow without a browser, up to the declaration. */
async function begun(service: Service, company: Company): Promise<Client> {
  const client = new Client(service.url);
  await client.get('/facilitador');
  const { page } = await client.submit('/api/facilitador/validar', {
    rut: company.id, rut_representante: company.representative.id, clave_actual: company.key, captcha: LETTERS,
  });
  expect(page.text).toContain('Firme la Declaración Jurada');
  return client;
}

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
  async ({ page, service, company, facilitator, conceal }) => {
    service.tax.names(company);
    await registerCompany(page, service, company);
    await openRequest(page, company);

    const link = page.getByRole('link', { name: 'Descargar Declaración Jurada (PDF)' });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toBe('declaracion-jurada.pdf');
    const path = test.info().outputPath('declaracion-jurada.pdf');
    await download.saveAs(path);
    expect(readFileSync(path).subarray(0, 5).toString('latin1')).toBe('%PDF-');
    const text = textOf(path);
    if (text === undefined) test.info().annotations.push({ type: 'left out', description: 'no pdftotext: its text was not read' });
    else for (const told of [company.names, company.id, company.representative.id]) expect(text).toContain(told);

    // What came is what goes back: the paper itself is among the files that are taken.
    await sendDeclaration(page, file('declaracion-firmada.pdf', readFileSync(path)));
    await fillFacilitator(page, facilitator);
    await attach(page);
    await ask(page);
    const number = await filed(page);
    conceal(number);
    const mail = await service.mail.wait(company.email, 'Recibimos su solicitud para un facilitador extranjero');
    expect(mail.text).toContain(number);
    for (const secret of [facilitator.document, facilitator.email, facilitator.names, company.id, company.key]) {
      expect(mail.text).not.toContain(secret);
    }
    expect(service.mail.to(facilitator.email)).toEqual([]);
  });

test('F-REQ a photo of the declaration and a PDF of the document are taken too, and the names of files mean nothing', async ({ page, service, company, facilitator }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page, file('../../IMG 20261121 (1).jpg', jpeg()));
  await fillFacilitator(page, facilitator);
  await attach(page, file('../../etc/passwd.pdf', pdf()));
  await ask(page);
  await filed(page);
  for (const name of kept(service)) expect(name).toMatch(/^[\w-]+$/);
});

test('F-REQ the largest file that is taken has 5 MB', async ({ page, service, company }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page, file('declaracion.pdf', pdf({ size: MOST })));
  await dataAsked(page);
});

test('F-REQ a bad declaration: a sentence for each, and the next one is taken', async ({ page, service, company, script }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  const before = kept(service);
  for (const [what, bad, words] of badFiles()) {
    await test.step(what, async () => {
      await sendDeclaration(page, bad);
      await refused(page, DECLARATION, words, script);
      await expect(complaints(page)).toHaveCount(1);
      await pressAndStay(page, 'Subir solicitud');
      await refused(page, DECLARATION, /Elija el archivo/, script);
    });
  }
  expect(newer(service, before), 'files that were refused').toEqual([]);
  await sendDeclaration(page);
  await dataAsked(page);
});

test('F-REQ a bad document: a sentence for each, the data stay, and the next one is taken', async ({ page, service, company, facilitator, script }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page);
  await fillFacilitator(page, facilitator);
  for (const [what, bad, words] of badFiles()) {
    await test.step(what, async () => {
      await field(page, 'Respuesta Secreta').fill(facilitator.answer);
      await attach(page, bad);
      await pressAndStay(page, 'Realizar solicitud');
      await refused(page, DOCUMENT, words, script);
      await expect(complaints(page)).toHaveCount(1);
      await expect(field(page, 'Teléfono')).toHaveValue(facilitator.phone);
    });
  }
  await field(page, 'Respuesta Secreta').fill(facilitator.answer);
  await attach(page);
  await ask(page);
  await filed(page);
});

test('F-REQ what is too large is not sent by the script, which says so to the server', { tag: '@script' }, async ({ page, service, company }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await page.waitForLoadState('networkidle');
  const sent: number[] = [];
  let said = '';
  page.on('request', async (request) => {
    if (!request.url().endsWith('/api/facilitador/subir')) return;
    said = request.postData() ?? '';
    sent.push(Number((await request.allHeaders())['content-length']));
  });
  await sendDeclaration(page, file('declaracion.pdf', pdf({ size: MOST + 1 })));
  await refused(page, DECLARATION, /pesa más de 5 MB/, true);
  expect(said).toMatch(/name="archivo_grande"\r\n\r\nsi\r\n/);
  await expect.poll(() => sent.length).toBe(1);
  expect(sent[0]).toBeLessThan(1000);
  // The measure itself: what may be sent is counted with all of its bytes.
  await sendDeclaration(page, file('declaracion.pdf', pdf({ size: MOST })));
  await dataAsked(page);
  await expect.poll(() => sent.length).toBe(2);
  expect(sent[1]).toBeGreaterThan(MOST);
});

test('F-REQ an upload that breaks off leaves no file, and the flow goes on', { tag: ['@http', '@pg'] }, async ({ service, company }) => {
  await registeredCompany(service, company);
  const client = await begun(service, company);
  const before = kept(service);
  const large = file('declaracion.pdf', pdf({ size: 2 * 1024 * 1024 }));
  for (let time = 0; time < 3; time++) {
    await client.breakOff('/api/facilitador/subir', 'declaracion', large, () =>
      until('the file to come in', () => newer(service, before).length > 0));
    await until('what came of it to go away', () => newer(service, before).length === 0);
  }
  expect((await send(`${service.url}/salud/listo`)).status).toBe(200);
  await client.get('/facilitador/declaracion');
  expect(client.page.text).not.toContain('Ya tenemos una declaración firmada');
  const { page } = await client.upload('/api/facilitador/subir', 'declaracion', large);
  expect(page.text).toContain('Datos del facilitador extranjero');
  expect(newer(service, before)).toHaveLength(1);
});

test('F-REQ a name with ../ as no browser would send it: taken, and kept under a name of ours', { tag: '@http' }, async ({ service, company }) => {
  await registeredCompany(service, company);
  const client = await begun(service, company);
  const before = kept(service);
  const { page } = await client.upload('/api/facilitador/subir', 'declaracion', file('../../etc/passwd.pdf', pdf()));
  expect(page.text).toContain('Datos del facilitador extranjero');
  const fresh = newer(service, before);
  expect(fresh).toHaveLength(1);
  expect(fresh[0]).toMatch(/^[\w-]+$/);
});

test('F-REQ nothing typed is lost: a wrong telephone, and the document that came stays', pg, async ({ page, service, company, facilitator, script }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page);
  await fillFacilitator(page, { ...facilitator, phone: '987654' });
  await attach(page);
  await ask(page);
  await refused(page, 'Teléfono', /con el código de su país/, script);
  await expect(complaints(page)).toHaveCount(1);
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
  await field(page, 'Respuesta Secreta').fill(facilitator.answer);
  await ask(page);
  await filed(page);
});

test('F-REQ the document that came is not the right one: another takes its place', async ({ page, service, company, facilitator, script }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page);
  await fillFacilitator(page, { ...facilitator, phone: '' });
  await attach(page);
  await ask(page);
  await refused(page, 'Teléfono', /Escriba el teléfono/, script);
  const main = page.locator('main');
  await expect(main).toContainText(/Ya tenemos un documento: .*imagen PNG/);
  await field(page, 'Respuesta Secreta').fill(facilitator.answer);
  await attach(page, file('otro.jpg', jpeg()), OTHER_DOCUMENT);
  await pressAndStay(page, 'Realizar solicitud');
  await expect(main).toContainText(/Ya tenemos un documento: .*foto JPG/);
  await field(page, 'Teléfono').fill(facilitator.phone);
  await field(page, 'Respuesta Secreta').fill(facilitator.answer);
  await ask(page);
  await filed(page);
});

test('F-REQ the document that came is not the right one: without the box another is asked for', async ({ page, service, company, facilitator, script }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page);
  await fillFacilitator(page, { ...facilitator, phone: '' });
  await attach(page);
  await ask(page);
  await refused(page, 'Teléfono', /Escriba el teléfono/, script);
  await field(page, 'Teléfono').fill(facilitator.phone);
  await field(page, 'Respuesta Secreta').fill(facilitator.answer);
  await field(page, KEEP).uncheck();
  await ask(page);
  await expect(summary(page)).toBeVisible({ timeout: 3000 });
  await refused(page, OTHER_DOCUMENT, /Elija el archivo/, script);
});

test('F-REQ uploads survive the flow: a declaration that was sent is offered to who comes back, and to no other company', pg,
  async ({ page, context, service, company, otherCompany, facilitator }) => {
    await registeredCompany(service, company);
    await registeredCompany(service, otherCompany);
    const offer = page.getByRole('heading', { name: 'Ya tenemos una declaración firmada' });
    await openRequest(page, company);
    await expect(offer).toHaveCount(0);
    await sendDeclaration(page);
    await dataAsked(page);
    await context.clearCookies();
    await fillFacilitator(page, facilitator);
    await ask(page);
    await told(page, 'Pasó mucho tiempo', /15 minutos/);
    await typeCompany(page, otherCompany);
    await toSign(page);
    await expect(offer).toHaveCount(0);
    await openRequest(page, company);
    await expect(offer).toBeVisible();
    await expect(page.locator('main')).toContainText(/Su empresa la subió el .+, PDF, \d+ kB\. No tiene que subirla otra vez\./);
    await press(page, 'Continuar con esa declaración');
    await fillFacilitator(page, facilitator);
    await attach(page);
    await ask(page);
    await filed(page);
    // It went with that request, and is offered no more.
    await openRequest(page, company);
    await expect(offer).toHaveCount(0);
  });

test('F-REQ “Volver a subir la Declaración Jurada” leads back, and another one takes its place', async ({ page, service, company, facilitator }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page);
  await dataAsked(page);
  await press(page, 'Volver a subir la Declaración Jurada');
  await toSign(page);
  await expect(page.locator('main')).toContainText(/Su empresa la subió el .+, PDF/);
  await sendDeclaration(page, file('foto.jpg', jpeg()));
  await fillFacilitator(page, facilitator);
  await attach(page);
  await ask(page);
  await filed(page);
});

test('F-REQ a file that is no longer kept is said to be gone, and nothing typed is lost', async ({ page, service, company, facilitator, script }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page);
  await dataAsked(page);
  await service.sql('UPDATE upload SET expires_at = 1');
  await fillFacilitator(page, facilitator);
  await attach(page);
  await ask(page);
  await toSign(page);
  await refused(page, DECLARATION, /Ya no tenemos ese archivo/, script);
  await sendDeclaration(page);
  await dataAsked(page);
  await expect(field(page, 'Nombres y apellidos')).toHaveValue(facilitator.names);
  await field(page, 'Respuesta Secreta').fill(facilitator.answer);
  await expect(field(page, KEEP)).toBeChecked();
  await ask(page);
  await filed(page);
});

test('F-REQ the same document twice: the open request is named; another company may ask for the same person', pg,
  async ({ page, service, company, otherCompany, facilitator, script }) => {
    await registeredCompany(service, company);
    await registeredCompany(service, otherCompany);
    const first = await request(page, company, facilitator);
    await openRequest(page, company);
    await sendDeclaration(page);
    // Written otherwise, it is the same document.
    await fillFacilitator(page, { ...facilitator, document: facilitator.document.toLowerCase().replace(/(\d{3})/g, '$1.') });
    await attach(page);
    await ask(page);
    await refused(page, 'Número de documento de identidad', /Su empresa ya tiene una solicitud abierta con este documento/, script);
    await expect(field(page, 'Nombres y apellidos')).toHaveValue(facilitator.names);
    expect(await request(page, otherCompany, facilitator)).not.toBe(first);
    expect(service.mail.to(company.email).filter((mail) => mail.subject.includes('Recibimos su solicitud'))).toHaveLength(1);
  });

test('F-REQ a second click, a reload and “back” file one request, with one mail', async ({ page, service, company, facilitator }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await field(page, DECLARATION).setInputFiles(SIGNED);
  await page.getByRole('button', { name: 'Subir solicitud' }).dblclick();
  await fillFacilitator(page, facilitator);
  await attach(page);
  await page.getByRole('button', { name: 'Realizar solicitud' }).dblclick();
  const number = await filed(page);
  await page.reload();
  expect(await filed(page)).toBe(number);
  await page.goBack();
  expect(await filed(page)).toBe(number);
  await service.mail.wait(company.email, 'Recibimos su solicitud');
  await pause(1500);
  expect(service.mail.to(company.email).filter((mail) => mail.subject.includes('Recibimos su solicitud'))).toHaveLength(1);
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
  await filed(page);
  await service.mail.wait(company.email, 'Recibimos su solicitud');
});

test('F-REQ who asks: nothing filled in, a wrong key, a wrong representative, a wrong picture, SII down', async ({ page, service, company, someone, script }) => {
  await registeredCompany(service, company);
  await page.goto('/facilitador');
  await press(page, 'Validar');
  const wanted = ['Rut Empresa', 'Rut Representante Legal', 'Clave Sence', 'Captcha'];
  await expect(complaints(page)).toHaveCount(wanted.length);
  for (const label of wanted) await refused(page, label, /^Escriba /, script);
  const words = /El RUT de la empresa, el de su representante legal o la clave no son correctos/;
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
  await refused(page, 'Captcha', /Las letras no eran esas/, script);
  service.tax.down();
  try {
    await typeCompany(page, company);
    await told(page, 'El Servicio de Impuestos Internos no responde', /Lo que escribió sigue aquí/);
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

test('F-REQ no step can be skipped', async ({ page, service, company, context }) => {
  await registeredCompany(service, company);
  for (const path of ['/facilitador/datos', '/facilitador/declaracion', '/facilitador/listo', '/facilitador/declaracion.pdf']) {
    await page.goto(path);
    await told(page, 'Pasó mucho tiempo');
    await heading(page, 'Valide los datos de su empresa');
  }
  await context.clearCookies();
  await page.goto('/facilitador');
  for (const path of ['/facilitador/datos', '/facilitador/listo']) {
    await page.goto(path);
    await expect(page).toHaveURL('/facilitador/validar');
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
  await expect(page.getByText('Pasó mucho tiempo')).toBeVisible({ timeout: 3000 });
  expect(saved).toBe('');
});

test('F-REQ files from elsewhere, without a flow or at another step are not kept', { tag: ['@http', '@pg'] }, async ({ service, company }) => {
  await registeredCompany(service, company);
  const before = kept(service);
  const ways: [action: string, name: string][] = [['/api/facilitador/subir', 'declaracion'], ['/api/facilitador/solicitar', 'documento_archivo']];
  for (const [action, name] of ways) {
    const stranger = new Client(service.url);
    await stranger.get('/');
    const { page } = await stranger.upload(action, name, SIGNED);
    expect(page.text, action).toContain('Pasó mucho tiempo');
    const type = { 'content-type': 'multipart/form-data; boundary=x' };
    for (const headers of [type, { ...type, origin: 'https://malo.cl' }, { ...type, 'sec-fetch-site': 'cross-site' }]) {
      expect((await send(service.url + action, { method: 'POST', headers })).status, action).toBe(403);
    }
  }
  const client = await begun(service, company);
  const { page } = await client.upload('/api/facilitador/solicitar', 'otro', SIGNED);
  expect(page.text).toContain('Firme la Declaración Jurada');
  expect(newer(service, before)).toEqual([]);
});

test('F-REQ without a reload from the first step to “Éxito”: URL, title and focus follow', { tag: '@script' }, async ({ page, service, company, facilitator, conceal }) => {
  await registeredCompany(service, company);
  await page.goto('/facilitador', { waitUntil: 'networkidle' });
  await mark(page);
  const at = async (step: string, title = /^Solicitud de CS para facilitador extranjero/) => {
    await expect(page).toHaveURL(`/facilitador/${step}`);
    await expect(page).toHaveTitle(title);
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  };
  await press(page, 'Validar');
  await refused(page, 'Captcha', /Escriba las letras/, true);
  await typeCompany(page, company);
  await toSign(page);
  await at('declaracion');
  await sendDeclaration(page, null);
  await refused(page, DECLARATION, /Elija el archivo/, true);
  await sendDeclaration(page);
  await dataAsked(page);
  await at('datos');
  await press(page, 'Volver a subir la Declaración Jurada');
  await toSign(page);
  await at('declaracion');
  await press(page, 'Continuar con esa declaración');
  await dataAsked(page);
  await at('datos');
  await ask(page);
  await refused(page, DOCUMENT, /Elija el archivo/, true);
  await fillFacilitator(page, facilitator);
  await attach(page);
  await ask(page);
  conceal(await filed(page));
  await at('listo', /^Éxito: solicitud recibida/);
  expect(await marked(page)).toBe(true);
});

/** Every page of the flow, errors included. */
async function walk(page: Page, company: Company, facilitator: Facilitator, look: Look) {
  await page.goto('/facilitador');
  await look('validar');
  await press(page, 'Validar');
  await expect(summary(page)).toBeVisible();
  await look('validar, empty');
  await typeCompany(page, company, 'NoEsEsta1');
  await expect(complaints(page)).toHaveText([/la clave no son correctos/]);
  await look('validar, refused');
  await typeCompany(page, company);
  await toSign(page);
  await look('declaracion');
  for (const more of await page.locator('summary').all()) await more.click();
  await look('declaracion, with help');
  await sendDeclaration(page, file('declaracion.pdf', Buffer.from('no es')));
  await expect(summary(page)).toBeVisible();
  await look('declaracion, refused');
  await sendDeclaration(page);
  await dataAsked(page);
  await look('datos');
  await ask(page);
  await expect(complaints(page)).toHaveCount(8);
  await look('datos, empty');
  await fillFacilitator(page, { ...facilitator, phone: '12', names: 'Nombre largo '.repeat(15), email: 'nadie' });
  await attach(page);
  await ask(page);
  await expect(complaints(page)).toHaveCount(3);
  await look('datos, refused, with a document');
  await press(page, 'Volver a subir la Declaración Jurada');
  await toSign(page);
  await look('declaracion, with one that is kept');
  await press(page, 'Continuar con esa declaración');
  await fillFacilitator(page, facilitator);
  await ask(page);
  await filed(page);
  await look('listo');
  await page.goto('/cambiar/facilitador');
  await look('cambiar facilitador');
  await press(page, 'Validar');
  await expect(summary(page)).toBeVisible();
  await look('cambiar facilitador, refused');
}

test('F-REQ axe: every page, errors included', async ({ page, service, company, facilitator, script }) => {
  test.setTimeout(120_000);
  await registeredCompany(service, company);
  await walk(page, company, facilitator, (what) => sound(page, what, script));
});

test('F-REQ budget: HTML and CSS of every page ≤ 14 kB compressed', { tag: '@http' }, async ({ page, service, company, facilitator }) => {
  await registeredCompany(service, company);
  await walk(page, company, facilitator, (what) => light(page, what));
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
  await expect(complaints(page)).toHaveCount(wanted.length);
  for (const label of wanted) await refused(page, label, /^(Escriba|Elija) /, script);
});

test('SECURITY no forged form registers or recovers a kind that the errand does not serve', { tag: '@http' }, async ({ service }) => {
  const forms = ['registrar/crear', 'registrar/captcha', 'recuperar/validar', 'recuperar/pregunta', 'recuperar/confirmar', 'actualizar/validar'];
  for (const form of forms) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: service.url };
    const answer = await send(`${service.url}/api/${form}`, { method: 'POST', headers, body: 'tipo=facilitador&rut=pasaporte%3AAB123456' });
    expect(answer.status, form).toBe(400);
  }
});

test('SECURITY parts with endless heads or names are cut off, and the service goes on', { tag: '@http' }, async ({ page, service, company }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name.includes('cs_facilitador'));
  const headers = { 'content-type': 'multipart/form-data; boundary=x', origin: service.url, cookie: `${cookie!.name}=${cookie!.value}` };
  const named = (bytes: number) => `--x\r\nContent-Disposition: form-data; name="${'n'.repeat(bytes)}"\r\n\r\nv\r\n`;
  for (const [what, body] of [['names', named(30_000).repeat(32)], ['a head', named(3_000_000)], ['no end', '--x\r\n' + 'y'.repeat(3_000_000)]] as const) {
    const answer = await send(`${service.url}/api/facilitador/subir`, { method: 'POST', headers, body });
    expect([what, answer.status]).toEqual([what, 303]);
  }
  await page.goto('/facilitador/declaracion');
  await sendDeclaration(page);
  await dataAsked(page);
});
