import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registerCompany, registeredCompany } from '../pasos/empresa.ts';
import {
  ask, attach, dataAsked, DECLARATION, DOCUMENT, filed, fillFacilitator, KEEP, openRequest, OTHER_DOCUMENT, request,
  sendDeclaration, SIGNED, toSign, typeCompany,
} from '../pasos/facilitador.ts';
import { complaints, heading, mark, marked, press, pressAndStay, refused, summary, told } from '../pasos/formulario.ts';
import { badFiles, file, jpeg, MOST, pdf, png } from '../support/archivos.ts';
import { sound } from '../support/axe.ts';
import type { Company } from '../support/companies.ts';
import { Client, send } from '../support/http.ts';
import { pause, until } from '../support/net.ts';
import { light } from '../support/peso.ts';
import { expect, LETTERS, test, type Page, type Service } from '../support/test.ts';

const pg = { tag: '@pg' };
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** The files that the service keeps. */
const kept = (service: Service) => readdirSync(join(service.folder, 'archivos'));

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
  const before = kept(service).length;
  for (const [what, bad, words] of badFiles(/Elija el archivo con la declaración firmada/)) {
    await test.step(what, async () => {
      await sendDeclaration(page, bad);
      await refused(page, DECLARATION, words, script);
      await expect(complaints(page)).toHaveCount(1);
      await pressAndStay(page, 'Subir solicitud');
      await refused(page, DECLARATION, /Elija el archivo/, script);
    });
  }
  expect(kept(service), 'files that were refused').toHaveLength(before);
  await sendDeclaration(page);
  await dataAsked(page);
});

test('F-REQ a bad document: a sentence for each, the data stay, and the next one is taken', async ({ page, service, company, facilitator, script }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page);
  await fillFacilitator(page, facilitator);
  for (const [what, bad, words] of badFiles(/Elija el archivo con el documento del facilitador/)) {
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
  const before = kept(service).sort();
  const large = file('declaracion.pdf', pdf({ size: 2 * 1024 * 1024 }));
  for (let time = 0; time < 3; time++) {
    await client.breakOff('/api/facilitador/subir', 'declaracion', large, () =>
      until('the file to come in', () => kept(service).length > before.length));
    await until('what came of it to go away', () => kept(service).length === before.length);
    expect(kept(service).sort()).toEqual(before);
  }
  expect((await send(`${service.url}/salud/listo`)).status).toBe(200);
  await client.get('/facilitador/declaracion');
  expect(client.page.text).not.toContain('Ya tenemos una declaración firmada');
  const { page } = await client.upload('/api/facilitador/subir', 'declaracion', large);
  expect(page.text).toContain('Datos del facilitador extranjero');
  expect(kept(service)).toHaveLength(before.length + 1);
});

test('F-REQ a name with ../ as no browser would send it: taken, and kept under a name of ours', { tag: '@http' }, async ({ service, company }) => {
  await registeredCompany(service, company);
  const client = await begun(service, company);
  const before = kept(service);
  const { page } = await client.upload('/api/facilitador/subir', 'declaracion', file('../../etc/passwd.pdf', pdf()));
  expect(page.text).toContain('Datos del facilitador extranjero');
  const fresh = kept(service).filter((name) => !before.includes(name));
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
  test.fail(true, 'the request is filed with the very document that was not to be used');
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
