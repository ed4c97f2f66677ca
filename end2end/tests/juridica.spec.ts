import { setKey } from '../pasos/cambiar.ts';
import {
  companyKey, TO_NEW, fillCompany, giveCompany, giveRepresentative, giveSerialOf, identifyCompany, proveByRepresentative, registerCompany,
  registeredCompany,
} from '../pasos/empresa.ts';
import { summaryLinks, heading, press, refused, success, expectNotice } from '../pasos/formulario.ts';
import { FORGOTTEN, forget, giveAnswer, mailIsRight } from '../pasos/recuperar.ts';
import { expectAccessible } from '../support/axe.ts';
import { newKey } from '../support/people.ts';
import { expect, LETTERS, test, type Page } from '../support/test.ts';

const pg = { tag: '@pg' };
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

test('J-REG the whole form, “Éxito”, a notice by mail, and J-CHG with the key', pg, async ({ page, service, company }) => {
  service.tax.names(company);
  await registerCompany(page, service, company);
  const mail = service.mail.to(company.email)[0]!;
  expect(mail.text).toContain(`Señores ${company.names}:`);
  for (const secret of [company.id, company.key, company.representative.id]) expect(mail.text).not.toContain(secret);
  await identifyCompany(page, company, company.key);
  await setKey(page, newKey());
  await success(page, 'Su clave fue cambiada.');
  await service.mail.wait(company.email, 'fue cambiada');
});

test('J-REG nothing filled in: each field says what it needs, in the order of the form', async ({ page, script }) => {
  await page.goto('/registrar/juridica');
  await press(page, 'Crear Cuenta');
  const wanted = ['Rut Empresa', 'Razón Social', 'Tipo de persona jurídica', 'Pregunta Secreta', 'Respuesta Secreta', 'Dirección',
    'N° de Dirección', 'Región', 'Comuna', 'Email', 'Rut Representante Legal', 'Nombres Representante Legal', 'Clave CS',
    'Repetir Clave CS', 'Captcha'];
  await expect(summaryLinks(page)).toHaveCount(wanted.length);
  for (const label of wanted) await refused(page, label, /^(Escriba|Elija) /, script);
  for (const [label, words] of [
    ['Rut Empresa', 'Escriba el RUT de la empresa.'], ['Respuesta Secreta', 'Escriba la respuesta secreta.'],
    ['Dirección', /calle o pasaje de la empresa\.$/], ['N° de Dirección', /casa o edificio de la empresa/],
    ['Región', 'Elija la región de la empresa.'], ['Comuna', 'Elija la comuna de la empresa.'],
    ['Email', 'Escriba el correo electrónico de la empresa.'],
  ] as const) await refused(page, label, words, script);
  const order = await summaryLinks(page).evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(order).toEqual(await page.locator('[aria-invalid=true]').evaluateAll((fields) => fields.map((field) => `#${field.id}`)));
});

test('J-REG SII does not name the representative, or does not answer: said so, and nothing is lost', async ({ page, service, company, script }) => {
  service.tax.names(company, '11.111.111-1');
  await page.goto('/registrar/juridica');
  await fillCompany(page, company);
  await press(page, 'Crear Cuenta');
  await refused(page, 'Rut Representante Legal', /Servicio de Impuestos Internos \(SII\)/, script);
  await expect(field(page, 'Razón Social')).toHaveValue(company.names);
  service.tax.down();
  await field(page, 'Captcha').fill(LETTERS);
  await press(page, 'Crear Cuenta');
  await expectNotice(page, 'El Servicio de Impuestos Internos no responde', /intente más tarde\. Lo que escribió sigue aquí\. Solo escriba otra vez las letras/);
  await expect(field(page, 'Rut Representante Legal')).toHaveValue(company.representative.id);
  service.tax.names(company);
  await field(page, 'Captcha').fill(LETTERS);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
});

test('J-REC-1 no question: representative, serial, mail, and the key sets a new one', pg, async ({ page, service, company }) => {
  service.registry.add(company.representative);
  await registeredCompany(service, company);
  await service.sql(`UPDATE account SET question = NULL, answer_hash = NULL WHERE identifier = '${company.id.replaceAll('.', '')}'`);
  await giveCompany(page, company);
  await giveRepresentative(page, company.representative.id);
  await expect(page.locator('main')).toContainText(`Empresa: ${company.id}`);
  await giveSerialOf(page, company.representative.document);
  await expect(page.locator('main')).toContainText(`${company.email[0]}•••••@`);
  await mailIsRight(page, 'SI');
  const provisional = await companyKey(page, service, company.email);
  await identifyCompany(page, company, provisional);
  await setKey(page, newKey());
  await success(page, 'Su clave fue cambiada.');
});

test('J-REC-2 the answer is forgotten; “NO”: the key goes to the current mail, the old one gets a notice', pg, async ({ page, service, company }) => {
  service.registry.add(company.representative);
  await registeredCompany(service, company);
  await giveCompany(page, company);
  await forget(page);
  await giveRepresentative(page, company.representative.id);
  await giveSerialOf(page, company.representative.document);
  await mailIsRight(page, 'NO');
  await heading(page, '¿Dónde quiere recibir su clave?');
  await expect(page.locator('main')).toContainText('este correo reemplazará en la cuenta al correo y a los teléfonos registrados.');
  await expect(field(page, 'Celular Actual')).toHaveCount(0);
  const today = `hoy-${company.email}`;
  await field(page, 'Email Actual').fill(today);
  await press(page, 'Continuar');
  const provisional = await companyKey(page, service, today, TO_NEW);
  const old = await service.mail.wait(company.email, 'a otro correo');
  expect(old.text).not.toContain('celular');
  await identifyCompany(page, company, provisional);
  await setKey(page, newKey());
  await success(page, 'Su clave fue cambiada.');
  await expect(page.locator('main')).toContainText(
    'borramos la pregunta secreta que había. Si olvida la clave, recupérela con la cédula de su representante legal.');
});

test('J-REC-3 question and answer, with both registries down', pg, async ({ page, service, company }) => {
  await registeredCompany(service, company);
  service.tax.down();
  await giveCompany(page, company);
  await expect(page.locator('main')).toContainText(`Empresa: ${company.id}`);
  await giveAnswer(page, company.answer);
  await expect(page.getByRole('link', { name: 'comience de nuevo' })).toHaveAttribute('href', '/recuperar/juridica');
  await companyKey(page, service, company.email);
  service.tax.up();
});

test('J-REC the wrong representative, the wrong serial, and registries that are down', async ({ page, service, company, someone, script }) => {
  const other = someone();
  service.registry.add(company.representative);
  service.registry.add(other);
  await registeredCompany(service, company);
  await giveCompany(page, company);
  await forget(page);
  // Both left empty: both are red beside their fields, on the same page.
  await press(page, 'Validar');
  await heading(page, 'Responda su pregunta secreta');
  await expect(page.getByLabel(FORGOTTEN)).toBeChecked();
  await refused(page, 'Rut Representante Legal', 'Escriba el RUT del representante legal.', script);
  await refused(page, 'Número de serie cédula de identidad', 'Escriba el número de serie de la cédula del representante legal.', script);
  await giveRepresentative(page, other.id);
  await giveSerialOf(page, other.document);
  await heading(page, '¿Quién es el representante legal?');
  await refused(page, 'Rut Representante Legal', /no es hoy representante legal/, script);
  await expect(page.getByRole('link', { name: /^Qué puedo hacer/ })).toHaveAttribute('href', '/informacion#representante');
  service.tax.down();
  await giveRepresentative(page, company.representative.id);
  await expectNotice(page, 'El Servicio de Impuestos Internos no responde');
  await expect(field(page, 'Rut Representante Legal')).toHaveValue(company.representative.id);
  service.tax.up();
  await press(page, 'Validar');
  await giveSerialOf(page, '');
  await refused(page, 'Número de serie cédula de identidad', 'Escriba el número de serie de la cédula del representante legal.', script);
  await giveSerialOf(page, other.document);
  await refused(page, 'Número de serie cédula de identidad', /no corresponde a la cédula vigente del representante legal/, script);
  service.registry.down();
  try {
    await giveSerialOf(page, company.representative.document);
    await expectNotice(page, 'El Registro Civil no responde', /No pudimos revisar la cédula del representante legal.*Lo que escribió sigue aquí/);
  } finally {
    service.registry.up();
  }
});

test('J-CHG a wrong key and a wrong representative look the same; SII down is reported', async ({ page, service, company, someone, script }) => {
  await registeredCompany(service, company);
  const words = /^El RUT de la empresa, el del representante legal o la clave no es correcto\. Revise los tres\.$/;
  await identifyCompany(page, company, 'NoEsEsta1');
  await refused(page, 'CS Actual', words, script);
  await expect(field(page, 'Rut Representante Legal')).toHaveValue(company.representative.id);
  await identifyCompany(page, company, company.key, someone().id);
  await refused(page, 'CS Actual', words, script);
  service.tax.down();
  await identifyCompany(page, company, company.key);
  await expectNotice(page, 'El Servicio de Impuestos Internos no responde', /escriba otra vez su clave/);
  service.tax.up();
});

test('R-SII a new representative: recovers, the company gets a notice, the old one no longer', pg, async ({ page, service, company, someone, script }) => {
  const next = someone();
  service.registry.add(company.representative);
  service.registry.add(next);
  await registeredCompany(service, company);
  service.tax.names(company, next.id);
  await giveCompany(page, company);
  await forget(page);
  await giveRepresentative(page, company.representative.id);
  await giveSerialOf(page, company.representative.document);
  await refused(page, 'Rut Representante Legal', /no es hoy representante legal/, script);
  await proveByRepresentative(page, { ...company, representative: next });
  await service.mail.wait(company.email, 'Cambió el representante legal');
  await companyKey(page, service, company.email);
});

test('accessibility of the pages of a company', async ({ page, service, company, someone, script }) => {
  await page.goto('/registrar/juridica');
  await expectAccessible(page, 'registrar juridica', script);
  await press(page, 'Crear Cuenta');
  await expect(summaryLinks(page)).toHaveCount(15);
  await expectAccessible(page, 'registrar juridica, empty', script);
  await registeredCompany(service, company);
  await giveCompany(page, company);
  await forget(page);
  await press(page, 'Validar');
  await expect(summaryLinks(page)).toHaveCount(2);
  await expectAccessible(page, 'pregunta juridica, empty', script);
  await giveRepresentative(page, someone().id);
  await giveSerialOf(page, company.representative.document);
  await heading(page, '¿Quién es el representante legal?');
  await expectAccessible(page, 'representante', script);
  await giveRepresentative(page, company.representative.id);
  await heading(page, 'Escriba el número de serie de la cédula del representante legal');
  await expectAccessible(page, 'documento de representante', script);
  await page.goto('/cambiar/juridica');
  await expectAccessible(page, 'cambiar juridica', script);
});
