import { changeKey, identify, setKey, typeIdentity } from '../pasos/cambiar.ts';
import { summaryLinks, heading, refused, expectNieWording, success } from '../pasos/formulario.ts';
import { recovered } from '../pasos/recuperar.ts';
import { registered } from '../pasos/registrar.ts';
import { newKey } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

const pg = { tag: '@pg' };

test('M-CHG by the key: the new one works, the old one no more, mail and SMS are sent', pg, async ({ page, service, migrant, script }) => {
  await registered(service, migrant);
  const key = newKey();
  await page.goto('/cambiar/migrante');
  await expectNieWording(page);
  await identify(page, migrant.id, migrant.key, 'migrante');
  await heading(page, 'Elija su clave nueva');
  await expectNieWording(page);
  await setKey(page, key);
  await success(page, 'Su clave fue cambiada.');
  await expect(page.locator('main')).toContainText(/con su NIE y su clave nueva. La anterior ya no sirve/);
  const mail = await service.mail.wait(migrant.email, 'fue cambiada');
  const sms = await service.sms.wait(migrant.mobile, 'fue cambiada');
  expect(mail.text + mail.html + sms.text).not.toContain(key);
  expect(mail.text + mail.html + sms.text).not.toMatch(/\bRUT\b|cédula/i);
  expect(mail.text).toContain(`${service.url}/recuperar/migrante`);
  await identify(page, migrant.id, migrant.key, 'migrante');
  await refused(page, 'CS Actual', /El NIE o la clave no son correctos/, script);
  await typeIdentity(page, migrant.id, key, 'migrante');
  await heading(page, 'Elija su clave nueva');
});

test('M-CHG by a provisional key, once and only once', pg, async ({ page, service, migrant, script }) => {
  await registered(service, migrant);
  const provisional = await recovered(service, migrant);
  await changeKey(page, migrant, ` ${provisional.toLowerCase()} `, newKey());
  await identify(page, migrant.id, provisional, 'migrante');
  await refused(page, 'CS Actual', /ya se usó o se reemplazó/, script);
});

test('M-CHG wrong NIE, wrong key and nothing at all; a key may not contain the NIE', async ({ page, service, migrant, someone, script }) => {
  // Short enough to fit into a key.
  const owner = { ...migrant, id: migrant.id.slice(-6) };
  await registered(service, owner);
  await identify(page, '', '', 'migrante');
  await refused(page, 'NIE', 'Escriba su NIE.', script);
  await refused(page, 'CS Actual', 'Escriba su clave.', script);
  for (const [id, key] of [
    [owner.id, owner.key.toLowerCase()],
    [someone('migrante').id, owner.key],
    [owner.id, 'x'.repeat(2000)],
  ] as const) {
    await typeIdentity(page, id, key, 'migrante');
    await refused(page, 'CS Actual', /El NIE o la clave no son correctos/, script);
    await expect(summaryLinks(page)).toHaveCount(1);
  }
  await typeIdentity(page, owner.id, owner.key, 'migrante');
  await setKey(page, `xY${owner.id}`);
  await refused(page, 'CS Nueva', /no puede llevar su NIE/, script);
  await setKey(page, newKey());
  await success(page, 'Su clave fue cambiada.');
});
