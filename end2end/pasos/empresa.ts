import type { Company } from '../support/companies.ts';
import { Client } from '../support/http.ts';
import { expect, LETTERS, type Page, type Service } from '../support/test.ts';
import { heading, press, success } from './formulario.ts';
import { FORGOTTEN, forget, keyIn, mailIsRight } from './recuperar.ts';
import { fillKeys } from './registrar.ts';

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** J-REG: fills in everything that must be filled in. */
export async function fillCompany(page: Page, company: Company) {
  await field(page, 'Rut Empresa').fill(company.id);
  await field(page, 'Razón Social').fill(company.names);
  await field(page, 'Tipo de persona jurídica').selectOption({ label: 'OTEC' });
  await field(page, 'Pregunta Secreta').selectOption({ index: 2 });
  await field(page, 'Respuesta Secreta').fill(company.answer);
  await field(page, 'Dirección').fill('Avenida Los Boldos');
  await field(page, 'N° de Dirección').fill('456');
  await field(page, 'Región').selectOption({ label: 'Valparaíso' });
  await field(page, 'Comuna').selectOption({ label: 'Viña del Mar' });
  await field(page, 'Email').fill(company.email);
  await field(page, 'Rut Representante Legal').fill(company.representative.id);
  await field(page, 'Nombres Representante Legal').fill(company.representative.names);
  await fillKeys(page, company.key);
}

/** J-REG from the first page to “Éxito”, and its notice. */
export async function registerCompany(page: Page, service: Service, company: Company) {
  await page.goto('/registrar/juridica');
  await heading(page, 'Registrar persona jurídica');
  await fillCompany(page, company);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await service.mail.wait(company.email, 'Recibimos su registro en Clave SENCE');
}

/** The same without a browser, for the tests whose subject is something else. SII names its representative. */
export async function registeredCompany(service: Service, company: Company) {
  service.tax.names(company);
  const client = new Client(service.url);
  await client.get('/registrar/juridica');
  const { page } = await client.submit('/api/registrar/crear', {
    rut: company.id, razon_social: company.names, tipo_empresa: 'otec', pregunta: 'primera-mascota', respuesta: company.answer,
    direccion: 'Avenida Los Boldos', numero: '456', region: '05', comuna: '05109', email: company.email,
    rut_representante: company.representative.id, nombres_representante: company.representative.names,
    clave: company.key, clave_otra_vez: company.key, captcha: LETTERS,
  });
  expect(page.text).toContain('Recibimos su registro.');
}

/** “Rut Empresa” → “Validar”. */
export async function giveCompany(page: Page, company: Company) {
  await page.goto('/recuperar/juridica');
  await field(page, 'Rut Empresa').fill(company.id);
  await press(page, 'Validar');
}

/** “Rut Representante Legal” → “Validar”. */
export async function giveRepresentative(page: Page, rut: string) {
  await heading(page, /^(¿Quién es el representante legal\?|Responda su pregunta secreta)$/);
  await field(page, 'Rut Representante Legal').fill(rut);
  // Below the box “No recuerdo…” the serial is asked for on the same page.
  if ((await page.getByLabel(FORGOTTEN).count()) === 0) await press(page, 'Validar');
}

/** The representative's “Número de serie cédula de identidad” → “Validar”. */
export async function giveSerialOf(page: Page, serial: string) {
  await heading(page, /^(Escriba el número de serie de la cédula del representante legal|Responda su pregunta secreta)$/);
  await field(page, 'Número de serie cédula de identidad').fill(serial);
  await press(page, 'Validar');
}

/** J-REC-2 up to the captcha, with “SI”. */
export async function proveByRepresentative(page: Page, company: Company) {
  await giveCompany(page, company);
  await forget(page);
  await giveRepresentative(page, company.representative.id);
  await giveSerialOf(page, company.representative.document);
  await mailIsRight(page, 'SI');
}

/** What the last page of J-REC says of where the key goes. */
export const TO_REGISTERED = 'será enviada al e-Mail de la empresa registrado dentro de los próximos 10 minutos: ';
export const TO_NEW = 'será enviada a EMAIL dentro de los próximos 10 minutos.';

/** J-REC: the end on the screen; and the key that came to this mail of the company, and nowhere else. */
export async function companyKey(page: Page, service: Service, email: string, where = TO_REGISTERED): Promise<string> {
  await heading(page, /Confirme y le enviamos/);
  await field(page, 'Captcha').fill(LETTERS);
  await press(page, 'Recuperar Clave');
  await success(page, 'Su clave provisoria va en camino.');
  const main = page.locator('main');
  await expect(main).toContainText(where.replace('EMAIL', email));
  await expect(main).not.toContainText('SMS');
  const mail = await service.mail.wait(email, 'Su clave provisoria');
  return keyIn(mail.text);
}

/** J-CHG: “Rut Empresa”, “Rut Representante Legal”, “CS Actual” → “Validar”. */
export async function identifyCompany(page: Page, company: Company, key: string, representative = company.representative.id) {
  await page.goto('/cambiar/juridica');
  await heading(page, 'Validar Datos');
  await field(page, 'Rut Empresa').fill(company.id);
  await field(page, 'Rut Representante Legal').fill(representative);
  await field(page, 'CS Actual').fill(key);
  await press(page, 'Validar');
}
