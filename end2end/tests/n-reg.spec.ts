import { changeKey } from '../pasos/cambiar.ts';
import { codeIn } from '../pasos/correo.ts';
import { summaryLinks, heading, press, refused, success } from '../pasos/formulario.ts';
import { fillKeys, fillRegistration, lastPage, openRegistration, register, registered } from '../pasos/registrar.ts';
import { newKey } from '../support/people.ts';
import { expect, test, type Page, type Person } from '../support/test.ts';

const pg = { tag: '@pg' };
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** Everything that was typed is there again; keys and answer are in no field. */
async function keptExcept(page: Page, person: Person, ...changed: string[]) {
  const kept = {
    Rut: person.id, Email: person.email, Celular: person.mobile,
    'Dirección Particular': 'Pasaje Los Aromos', 'N° de Dirección Particular': '123',
  };
  for (const [label, value] of Object.entries(kept)) {
    if (!changed.includes(label)) await expect(field(page, label)).toHaveValue(value);
  }
  await expect(field(page, 'Pregunta Secreta')).not.toHaveValue('');
  for (const label of ['Respuesta Secreta', 'Clave CS', 'Repetir Clave CS']) await expect(field(page, label)).toHaveValue('');
}

test('N-REG the whole form, “Éxito”, a notice by mail and SMS, and the key works', pg, async ({ page, service, person }) => {
  await openRegistration(page);
  await fillRegistration(page, person);
  await field(page, 'Block').fill('B');
  await field(page, 'N° de Departamento').fill('42');
  await page.getByLabel('Código de área (casa)').selectOption('32');
  await field(page, 'Teléfono Particular').fill('2123456');
  await page.getByLabel('Código de área (oficina)').selectOption('2');
  await field(page, 'Teléfono Trabajo').fill('2 2345 678');
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await expect(page.locator('main')).toContainText(/SMS a su celular dentro de los próximos 10 minutos/);
  await expect(page.locator('main')).toContainText(/e-Mail dentro de los próximos 10 minutos/);
  const mail = await service.mail.wait(person.email, 'Recibimos su registro en Clave SENCE');
  const sms = await service.sms.wait(person.mobile, 'Recibimos un registro');
  expect(mail.text + mail.html + sms.text).not.toContain(person.key);
  await changeKey(page, person, person.key, newKey());
});

test('N-REG without mobile: only the mail', async ({ page, service, person }) => {
  await openRegistration(page);
  await fillRegistration(page, person);
  await field(page, 'Celular').fill('');
  await field(page, 'Sin Celular').check();
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await expect(page.locator('main')).not.toContainText('SMS');
  await service.mail.wait(person.email, 'Recibimos su registro en Clave SENCE');
  expect(service.sms.to(person.mobile)).toEqual([]);
});

test('N-REG nothing filled in: each field says what it needs, in the order of the form', async ({ page, script }) => {
  await openRegistration(page);
  await press(page, 'Crear Cuenta');
  const wanted = ['Rut', 'Pregunta Secreta', 'Respuesta Secreta', 'Dirección Particular', 'N° de Dirección Particular', 'Región',
    'Comuna', 'Email', 'Celular', 'Clave CS', 'Repetir Clave CS', 'Captcha'];
  await expect(summaryLinks(page)).toHaveCount(wanted.length);
  for (const label of wanted) await refused(page, label, /^(Escriba|Elija) /, script);
  const order = await summaryLinks(page).evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  const ids = await page.locator('[aria-invalid=true]').evaluateAll((fields) => fields.map((field) => `#${field.id}`));
  expect(order).toEqual(ids);
});

const BAD: [label: string, typed: string, words: RegExp][] = [
  ['Rut', '12.345.678-9', /El RUT no es válido/],
  ['Rut', '12.345-X', /solo números y, al final, un número o la letra K/],
  ['Rut', '123-6', /entre 5 y 9 caracteres/],
  ['Respuesta Secreta', 'x', /al menos 2 letras o números/],
  ['Respuesta Secreta', 'muy '.repeat(20), /hasta 60 caracteres/],
  ['Dirección Particular', 'Larga '.repeat(30), /hasta 100 caracteres/],
  ['N° de Dirección Particular', '12345678901', /hasta 10 caracteres/],
  ['Block', 'B'.repeat(21), /hasta 20 caracteres/],
  ['N° de Departamento', '4'.repeat(21), /hasta 20 caracteres/],
  ['Email', 'nombre@ejemplo', /correo completo/],
  ['Email', 'uno@ejemplo.cl, dos@ejemplo.cl', /correo completo/],
  ['Email', `${'a'.repeat(250)}@ejemplo.cl`, /muy largo/],
  ['Celular', '1234567', /8 números después de \+56\s9/],
  ['Celular', '812345678', /8 números después de \+56\s9/],
  ['Teléfono Particular', '2123456', /código de área/],
  ['Clave CS', 'corta1x', /muy corta/],
  ['Clave CS', 'vK1234567890', /muy larga/],
  ['Clave CS', 'contraseña', /fácil de adivinar/],
  ['Clave CS', 'sence2024!', /fácil de adivinar/],
  ['Repetir Clave CS', 'vK0000000', /no son iguales/],
];

test('N-REG bad input: a message beside the field, the page as it was filled in, nothing created', async ({ page, service, person, script }) => {
  test.setTimeout(120_000);
  await openRegistration(page);
  for (const [label, typed, words] of BAD) {
    await test.step(`${label}: ${typed.slice(0, 20)}`, async () => {
      await openRegistration(page);
      await fillRegistration(page, person);
      await field(page, label).fill(typed);
      if (label === 'Clave CS') await field(page, 'Repetir Clave CS').fill(typed);
      await press(page, 'Crear Cuenta');
      await refused(page, label, words, script);
      await expect(summaryLinks(page)).toHaveCount(1);
      await keptExcept(page, person, label);
      const again = label.includes('Clave') || label.includes('Respuesta') ? '' : label === 'Rut' ? typed : typed.slice(0, 256);
      await expect(field(page, label)).toHaveValue(again);
    });
  }
  expect(service.mail.to(person.email)).toEqual([]);

  // Corrected, it is accepted.
  await openRegistration(page);
  await fillRegistration(page, person);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
});

test('N-REG a key that contains the RUT', async ({ page, person, script }) => {
  await openRegistration(page);
  await fillRegistration(page, person);
  await fillKeys(page, `x${person.id.replace(/[.-]/g, '').slice(0, 8)}`);
  await press(page, 'Crear Cuenta');
  await refused(page, 'Clave CS', /no puede llevar su RUT/, script);
});

test('N-REG a comuna of another region', async ({ page, service, person, script }) => {
  await openRegistration(page);
  await fillRegistration(page, person);
  if (script) {
    // The list offers only the comunas of the region: somebody has written into the page.
    await page.getByLabel('Comuna', { exact: true }).evaluate((list: HTMLSelectElement) => {
      list.options.add(new Option('Temuco'));
      list.value = 'Temuco';
    });
  } else {
    await field(page, 'Comuna').selectOption({ label: 'Temuco' });
  }
  await press(page, 'Crear Cuenta');
  await refused(page, 'Comuna', /es de otra región/, script);
  await keptExcept(page, person);
  expect(service.mail.to(person.email)).toEqual([]);
  await field(page, 'Comuna').selectOption({ label: 'Viña del Mar' });
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
});

test('N-REG every way to write a RUT is the same RUT', async ({ page, service, person, someone }) => {
  await registered(service, person);
  await openRegistration(page);
  await fillRegistration(page, { ...someone(), id: ` ${person.id.replace(/[.-]/g, '').toLowerCase()} ` });
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await service.mail.wait(person.email, 'Usted ya tiene Clave SENCE');
});

test('N-REG a RUT that has an account looks the same; its owner gets a notice, nothing of it changes', pg, async ({ page, service, person, someone }) => {
  const stranger = { ...someone(), id: person.id };
  await register(page, service, person);
  const first = await lastPage(page, person);
  await page.context().clearCookies();
  await openRegistration(page);
  await fillRegistration(page, stranger);
  await press(page, 'Crear Cuenta');
  await heading(page, 'Éxito');
  expect(await lastPage(page, stranger)).toBe(first);
  await service.mail.wait(person.email, 'Usted ya tiene Clave SENCE');
  await service.sms.wait(person.mobile, 'ya tiene Clave Sence');
  // The sender gets what the sender of a new identity gets.
  const received = await service.mail.wait(stranger.email, 'Recibimos su registro en Clave SENCE');
  const firstReceived = await service.mail.wait(person.email, 'Recibimos su registro en Clave SENCE');
  // But for the code itself.
  const [codes, texts] = [[received, firstReceived].map((mail) => codeIn(mail.text)), [received.text, firstReceived.text]];
  expect(texts[0]!.replace(codes[0]!, '')).toBe(texts[1]!.replace(codes[1]!, ''));
  await service.sms.wait(stranger.mobile, 'Recibimos un registro');
  await changeKey(page, person, person.key, newKey());
});
