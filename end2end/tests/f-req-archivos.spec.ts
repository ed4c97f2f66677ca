import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { registeredCompany } from '../pasos/empresa.ts';
import {
  ask, attach, dataAsked, DECLARATION, DOCUMENT, readFiledNumber, fillFacilitator, KEEP, openRequest, OTHER_DOCUMENT, sendDeclaration, SIGNED,
  toSign, typeCompany,
} from '../pasos/facilitador.ts';
import { waitForWasm, summaryLinks, press, pressAndStay, refused, summary, expectNotice } from '../pasos/formulario.ts';
import { badFiles, file, jpeg, MOST, pdf } from '../support/archivos.ts';
import type { Company } from '../support/companies.ts';
import type { Facilitator } from '../support/facilitators.ts';
import { Client, send } from '../support/http.ts';
import { until } from '../support/net.ts';
import { Service } from '../support/service.ts';
import { expect, LETTERS, type Page, test } from '../support/test.ts';

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

/** A request of which only the telephone is missing: the document has come. */
async function withoutPhone(page: Page, service: Service, company: Company, facilitator: Facilitator, script: boolean) {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page);
  await fillFacilitator(page, { ...facilitator, phone: '' });
  await attach(page);
  await ask(page);
  await refused(page, 'Teléfono', /Escriba el teléfono/, script);
}

test('F-REQ a photo of the declaration and a PDF of the document are taken too, and the names of files mean nothing', async ({ page, service, company, facilitator }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page, file('../../IMG 20261121 (1).jpg', jpeg()));
  await fillFacilitator(page, facilitator);
  await attach(page, file('../../etc/passwd.pdf', pdf()));
  await ask(page);
  await readFiledNumber(page);
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
      await expect(summaryLinks(page)).toHaveCount(1);
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
      await attach(page, bad);
      await pressAndStay(page, 'Realizar solicitud');
      await refused(page, DOCUMENT, words, script);
      await expect(summaryLinks(page)).toHaveCount(1);
      await expect(field(page, 'Teléfono')).toHaveValue(facilitator.phone);
    });
  }
  await attach(page);
  await ask(page);
  await readFiledNumber(page);
});

test('F-REQ what is too large is not sent by the script, which says so to the server', { tag: '@script' }, async ({ page, service, company }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await waitForWasm(page);
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

test('F-REQ an upload that breaks off leaves no file, and the flow continues', { tag: ['@http', '@pg'] }, async ({ service, company }) => {
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

test('F-REQ the document that came is not the right one: another takes its place', async ({ page, service, company, facilitator, script }) => {
  await withoutPhone(page, service, company, facilitator, script);
  const main = page.locator('main');
  await expect(main).toContainText(/Ya tenemos un documento: .*imagen PNG/);
  await attach(page, file('otro.jpg', jpeg()), OTHER_DOCUMENT);
  await pressAndStay(page, 'Realizar solicitud');
  await expect(main).toContainText(/Ya tenemos un documento: .*foto JPG/);
  await field(page, 'Teléfono').fill(facilitator.phone);
  await ask(page);
  await readFiledNumber(page);
});

test('F-REQ the document that came is not the right one: without the box another is asked for', async ({ page, service, company, facilitator, script }) => {
  await withoutPhone(page, service, company, facilitator, script);
  await field(page, 'Teléfono').fill(facilitator.phone);
  await field(page, KEEP).uncheck();
  await ask(page);
  await expect(summary(page)).toBeVisible();
  await refused(page, OTHER_DOCUMENT, /Marque «Usar ese documento», o elija otro/, script);
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
    await expectNotice(page, 'Pasó mucho tiempo', /15 minutos/);
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
    await readFiledNumber(page);
    // It went with that request, and is offered no more.
    await openRequest(page, company);
    await expect(offer).toHaveCount(0);
  });

test('F-REQ a file that is no longer kept is said to be gone, and nothing typed is lost', async ({ page, service, company, facilitator, script }) => {
  await registeredCompany(service, company);
  await openRequest(page, company);
  await sendDeclaration(page);
  await dataAsked(page);
  const account = `SELECT id FROM account WHERE identifier = '${company.id.replaceAll('.', '')}'`;
  await service.sql(`UPDATE upload SET expires_at = 1 WHERE request_id IS NULL AND account_id = (${account})`);
  await fillFacilitator(page, facilitator);
  await attach(page);
  await ask(page);
  await toSign(page);
  await refused(page, DECLARATION, /Ya no tenemos ese archivo/, script);
  await sendDeclaration(page);
  await dataAsked(page);
  await expect(field(page, 'Nombres y apellidos')).toHaveValue(facilitator.names);
  await expect(field(page, KEEP)).toBeChecked();
  await ask(page);
  await readFiledNumber(page);
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

test('F-REQ security: parts with endless heads or names are cut off, and the service keeps running', { tag: '@http' }, async ({ page, service, company }) => {
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
