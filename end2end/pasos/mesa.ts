import { randomInt } from 'node:crypto';
import type { File } from '../support/archivos.ts';
import type { Company } from '../support/companies.ts';
import type { Facilitator } from '../support/facilitators.ts';
import { Client } from '../support/http.ts';
import { unused } from '../support/people.ts';
import { expect, LETTERS, type Page, type Service } from '../support/test.ts';
import { Codes } from '../support/totp.ts';
import { PASSPORT, SIGNED } from './facilitador.ts';
import { registeredCompany } from './empresa.ts';
import { heading, press, expectNotice } from './formulario.ts';

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** An officer of SENCE with everything that the sign-in asks for. */
export interface Officer {
  name: string;
  key: string;
  codes: Codes;
}

/** `clave-sence officers add` of somebody new. */
export async function newOfficer(service: Service, ...options: '--read-only'[]): Promise<Officer> {
  const name = unused(() => `ana.rojas-${randomInt(1_000_000)}`);
  const { code, out, err } = await service.run('officers', 'add', name, '--json', ...options);
  expect(code, err).toBe(0);
  const added = JSON.parse(out);
  expect(added).toMatchObject({ name, may_decide: options.length === 0, otpauth: expect.stringContaining(added.totp_secret) });
  return { name, key: added.key, codes: new Codes(added.totp_secret) };
}

/** “Usuario”, “Clave”, “Código” → “Entrar”, on the page that is there. */
export async function typeOfficer(page: Page, { name, key }: Pick<Officer, 'name' | 'key'>, code: string) {
  await signInAsked(page);
  await field(page, 'Usuario').fill(name);
  await field(page, 'Clave').fill(key);
  await field(page, 'Código').fill(code);
  await press(page, 'Entrar');
}

/** The sign-in is there. */
export const signInAsked = (page: Page) => heading(page, 'Mesa de revisión');

/** The list is there. */
export const listShown = (page: Page) => heading(page, 'Solicitudes de facilitadores extranjeros');

/** From `/mesa` to the list. */
export async function signIn(page: Page, officer: Officer, base = '') {
  await page.goto(`${base}/mesa`);
  await typeOfficer(page, officer, await officer.codes.next());
  await listShown(page);
}

/** A request without the list. */
export async function openByNumber(page: Page, number: string) {
  await page.goto(`/mesa/solicitud/${number}`);
  await heading(page, `Solicitud ${number}`);
}

/** What the list shows, without its headings. */
export const rows = (page: Page) => page.locator('tbody').getByRole('row');

/** “Buscar”; the list that comes back says what it was searched for. */
export async function search(page: Page, text: string) {
  await page.getByRole('searchbox', { name: 'Buscar' }).fill(text);
  await press(page, 'Buscar');
  await expect(page.locator('main')).toContainText(`Solo se muestra lo que tiene «${text}»`);
}

/** “Aprobar…” → “Aprobar la solicitud”. */
export async function grant(page: Page) {
  await page.getByRole('link', { name: 'Aprobar…' }).click();
  await heading(page, '¿Aprobar la solicitud?');
  await press(page, 'Aprobar la solicitud');
}

/** “Motivo” → “Rechazar la solicitud”. */
export async function refuse(page: Page, reason: string) {
  await field(page, 'Motivo').fill(reason);
  await press(page, 'Rechazar la solicitud');
}

/** The page says that it is granted. */
export const granted = (page: Page) => expectNotice(page, 'Solicitud aprobada', /recibirá su clave provisoria por correo, y la empresa un aviso/);

/** Subjects of the mails. */
export const KEY_MAIL = 'Su clave provisoria de Clave SENCE';
export const GRANTED_MAIL = 'SENCE aprobó su solicitud';
export const REFUSED_MAIL = 'SENCE rechazó su solicitud';

/** F-REQ without a browser: the number of the request. */
export async function filedRequest(
  service: Service, company: Company, facilitator: Facilitator, declaration: File = SIGNED, document: File = PASSPORT,
): Promise<string> {
  const client = new Client(service.url);
  await client.get('/facilitador');
  await client.submit('/api/facilitador/validar', {
    rut: company.id, rut_representante: company.representative.id, clave_actual: company.key, captcha: LETTERS,
  });
  await client.upload('/api/facilitador/subir', 'declaracion', declaration);
  const { page } = await client.upload('/api/facilitador/solicitar', 'documento_archivo', document, {
    documento_tipo: 'pasaporte', documento: facilitator.document, nombres: facilitator.names, email: facilitator.email,
    telefono: facilitator.phone, pregunta: 'primera-mascota', respuesta: facilitator.answer,
  });
  expect(page.text).toContain('Recibimos su solicitud.');
  return /F-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(page.text)![0];
}

/** An officer without a browser, signed in. */
export async function deskClient(service: Service, officer: Officer): Promise<Client> {
  const client = new Client(service.url);
  await client.get('/mesa');
  const { page } = await client.submit('/api/mesa/entrar', {
    usuario: officer.name, clave_usuario: officer.key, codigo: await officer.codes.next(),
  });
  expect(page.text).toContain('Solicitudes de facilitadores extranjeros');
  return client;
}

/** The request as `solicitudes show` has it. */
export async function shown(service: Service, number: string) {
  const { code, out, err } = await service.run('solicitudes', 'show', number, '--json');
  expect(code, err).toBe(0);
  return JSON.parse(out);
}

/** “Cambiar CS” of a facilitator: number and type of the document, “CS Actual” → “Validar”. */
export async function identifyFacilitator(page: Page, facilitator: Facilitator, key: string) {
  await page.goto('/cambiar/facilitador');
  await heading(page, 'Validar Datos');
  await field(page, 'Número de documento de identidad').fill(facilitator.document);
  await field(page, 'Tipo de documento de identidad').selectOption({ label: 'Pasaporte' });
  await field(page, 'CS Actual').fill(key);
  await press(page, 'Validar');
}

/** Why a request is refused. */
export const REASON = 'La firma no se lee: súbala otra vez, por favor.';

/** A telephone as it is kept. */
export const storedPhone = ({ phone }: Facilitator) => phone.replaceAll(' ', '');

/** A company's request for this facilitator. */
export async function waiting(service: Service, company: Company, facilitator: Facilitator): Promise<string> {
  await registeredCompany(service, company);
  return filedRequest(service, company, facilitator);
}
