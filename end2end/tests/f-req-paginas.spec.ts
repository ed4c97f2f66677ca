import { registeredCompany } from '../pasos/empresa.ts';
import { ask, attach, dataAsked, DECLARATION, DOCUMENT, readFiledNumber, fillFacilitator, openRequest, sendDeclaration, toSign, typeCompany } from '../pasos/facilitador.ts';
import { begin, summaryLinks, marked, press, refused, summary } from '../pasos/formulario.ts';
import type { Look } from '../pasos/recorrido.ts';
import { file } from '../support/archivos.ts';
import { expectAccessible } from '../support/axe.ts';
import type { Company } from '../support/companies.ts';
import type { Facilitator } from '../support/facilitators.ts';
import { expectWithinBudget } from '../support/peso.ts';
import { expect, type Page, test } from '../support/test.ts';

test('F-REQ without a reload from the first step to “Éxito”: URL, title and focus follow', { tag: '@script' }, async ({ page, service, company, facilitator, forbidInUrls }) => {
  await registeredCompany(service, company);
  await begin(page, '/facilitador');
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
  forbidInUrls(await readFiledNumber(page));
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
  await expect(summaryLinks(page)).toHaveText([/^El RUT de la empresa, el del representante legal o la clave no es correcto/]);
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
  await expect(summaryLinks(page)).toHaveCount(8);
  await look('datos, empty');
  await fillFacilitator(page, { ...facilitator, phone: '12', names: 'Nombre largo '.repeat(15), email: 'nadie' });
  await attach(page);
  await ask(page);
  await expect(summaryLinks(page)).toHaveCount(3);
  await look('datos, refused, with a document');
  await press(page, 'Volver a subir la Declaración Jurada');
  await toSign(page);
  await look('declaracion, with one that is kept');
  await press(page, 'Continuar con esa declaración');
  await fillFacilitator(page, facilitator);
  await ask(page);
  await readFiledNumber(page);
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
  await walk(page, company, facilitator, (what) => expectAccessible(page, what, script));
});

test('F-REQ budget: HTML and CSS of every page ≤ 14 kB compressed', { tag: '@http' }, async ({ page, service, company, facilitator }) => {
  test.setTimeout(120_000);
  await registeredCompany(service, company);
  await walk(page, company, facilitator, (what) => expectWithinBudget(page, what));
});

test('F-REQ wide screen: two actions in one row are apart', { tag: '@script' }, async ({ page, service, company }) => {
  await registeredCompany(service, company);
  await page.setViewportSize({ width: 1280, height: 800 });
  await openRequest(page, company);
  await sendDeclaration(page);
  await dataAsked(page);
  const place = async (name: string) => (await page.getByRole('button', { name, exact: true }).boundingBox())!;
  const [file, back] = [await place('Realizar solicitud'), await place('Volver a subir la Declaración Jurada')];
  const beside = back.x - (file.x + file.width);
  const below = back.y - (file.y + file.height);
  expect(Math.max(beside, below)).toBeGreaterThanOrEqual(16);
});
