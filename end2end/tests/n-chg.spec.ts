import { changeKey, identify, setKey, typeIdentity } from '../pasos/cambiar.ts';
import { summaryLinks, heading, refused, success } from '../pasos/formulario.ts';
import { recovered } from '../pasos/recuperar.ts';
import { registered } from '../pasos/registrar.ts';
import { newKey } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

const pg = { tag: '@pg' };

test('N-CHG by the key: the new one works, the old one no more, mail and SMS are sent', pg, async ({ page, service, person, script }) => {
  await registered(service, person);
  const key = newKey();
  await changeKey(page, person, person.key, key);
  await expect(page.locator('main')).toContainText(/La anterior ya no sirve/);
  const mail = await service.mail.wait(person.email, 'fue cambiada');
  const sms = await service.sms.wait(person.mobile, 'fue cambiada');
  expect(mail.text + mail.html + sms.text).not.toContain(key);
  expect(mail.text).toContain(`${service.url}/recuperar/natural`);

  await identify(page, person.id, person.key);
  await refused(page, 'CS Actual', /El RUT o la clave no son correctos/, script);
  await typeIdentity(page, person.id, key);
  await heading(page, 'Elija su clave nueva');
});

test('N-CHG by a provisional key, once and only once', pg, async ({ page, service, person, script }) => {
  await registered(service, person);
  const provisional = await recovered(service, person);
  const key = newKey();
  // Copied by hand, in small letters and with a space.
  await changeKey(page, person, ` ${provisional.toLowerCase()} `, key);
  await service.mail.wait(person.email, 'fue cambiada');

  await identify(page, person.id, provisional);
  await refused(page, 'CS Actual', /ya se usó o se reemplazó/, script);
  await identify(page, person.id, key);
  await heading(page, 'Elija su clave nueva');
});

test('N-CHG a provisional key after 24 hours', async ({ page, service, person, script }) => {
  await registered(service, person);
  const provisional = await recovered(service, person);
  await service.sql('UPDATE provisional_key SET expires_at = created_at WHERE used_at IS NULL');
  await identify(page, person.id, provisional);
  await refused(page, 'CS Actual', /ya venció/, script);
  // The key of before still works.
  await changeKey(page, person, person.key, newKey());
});

test('N-CHG a provisional key that is used in two browsers at once counts once', async ({ page, browser, service, person, contextOptions }) => {
  await registered(service, person);
  const provisional = await recovered(service, person);
  await identify(page, person.id, provisional);
  await heading(page, 'Elija su clave nueva');
  const context = await browser.newContext({ ...contextOptions, baseURL: service.url });
  const other = await context.newPage();
  const key = newKey();
  await changeKey(other, person, provisional, key);
  await context.close();

  await setKey(page, newKey());
  await heading(page, 'Validar Datos');
  await typeIdentity(page, person.id, key);
  await heading(page, 'Elija su clave nueva');
});

test('N-CHG the rules of a new key, each with its own message; the captcha stays', async ({ page, service, person, script }) => {
  await registered(service, person);
  await identify(page, person.id, person.key);
  const digits = person.id.replace(/[.-]/g, '').slice(0, 8);
  const bad: [key: string, again: string, label: string, words: RegExp][] = [
    ['', '', 'CS Nueva', /Escriba la clave/],
    ['vK12345', 'vK12345', 'CS Nueva', /muy corta/],
    ['vK123456789', 'vK123456789', 'CS Nueva', /muy larga/],
    ['12345678', '12345678', 'CS Nueva', /fácil de adivinar/],
    [`k${digits}`, `k${digits}`, 'CS Nueva', /no puede llevar su RUT/],
    ['vK1234567', 'VK1234567', 'Repetir CS Nueva', /no son iguales/],
    ['vK1234567', '', 'Repetir CS Nueva', /otra vez/],
    [person.key, person.key, 'CS Nueva', /ya la usó antes/],
  ];
  for (const [key, again, label, words] of bad) {
    await setKey(page, key, again);
    await refused(page, label, words, script);
    await expect(page.getByLabel('CS Nueva', { exact: true })).toHaveValue('');
  }
  await setKey(page, newKey());
  await success(page, 'Su clave fue cambiada.');
});

test('N-CHG wrong RUT, wrong key and nothing at all', async ({ page, service, person, someone, script }) => {
  await registered(service, person);
  await identify(page, '', '');
  await refused(page, 'Rut', 'Escriba su RUT.', script);
  await refused(page, 'CS Actual', 'Escriba su clave.', script);
  await typeIdentity(page, '12345678-9', person.key);
  await refused(page, 'Rut', /El RUT no es válido/, script);
  await expect(page.getByLabel('Rut', { exact: true })).toHaveValue('12345678-9');
  for (const [id, key] of [
    [person.id, person.key.toLowerCase()],
    [someone().id, person.key],
    [person.id, 'x'.repeat(2000)],
  ] as const) {
    await typeIdentity(page, id, key);
    await refused(page, 'CS Actual', /El RUT o la clave no son correctos/, script);
    await expect(page.getByLabel('CS Actual', { exact: true })).toHaveValue('');
    await expect(summaryLinks(page)).toHaveCount(1);
  }
  await typeIdentity(page, person.id, person.key);
  await heading(page, 'Elija su clave nueva');
});
