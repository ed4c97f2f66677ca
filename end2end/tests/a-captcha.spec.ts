import { heading, press, refused, expectNotice } from '../pasos/formulario.ts';
import { askForKey, giveAnswer, giveId, expectSent } from '../pasos/recuperar.ts';
import { fillRegistration, openRegistration, registered } from '../pasos/registrar.ts';
import { expect, test, type Page } from '../support/test.ts';

const picture = (page: Page) => page.getByRole('img', { name: /letras/ });

test.describe('with real pictures', () => {
  test.use({ baseURL: async ({ strictService }, use) => use(strictService.url) });

  test('A-CAPTCHA a picture, a text box “Captcha”, and “Refrescar” that brings another and keeps what was typed', async ({ page, person, script }) => {
    await openRegistration(page);
    await fillRegistration(page, person);
    const before = await picture(page).getAttribute('src');
    expect(await picture(page).evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBeGreaterThan(100);

    await page.getByRole('link', { name: 'Refrescar' }).click();
    await expect(picture(page)).not.toHaveAttribute('src', before!);
    await expect(page.getByLabel('Captcha', { exact: true })).toHaveValue('');
    await expect(page.getByLabel('Rut', { exact: true })).toHaveValue(person.id);
    await expect(page.getByLabel('Email', { exact: true })).toHaveValue(person.email);
    await expect(page.getByLabel('Comuna', { exact: true }).locator(':checked')).toHaveText('Viña del Mar');
    if (script) {
      // Only the captcha is exchanged: keys and answer stay too.
      await expect(page.getByLabel('Clave CS', { exact: true })).toHaveValue(person.key);
      await expect(page.getByLabel('Respuesta Secreta')).toHaveValue(person.answer);
    } else {
      await expectNotice(page, 'La imagen cambió');
    }
  });

  test('A-CAPTCHA the picture differs at every draw, and is gone once it is answered', async ({ page, person, strictService, context }) => {
    await openRegistration(page);
    const sources = new Set<string>();
    const bytes = new Set<string>();
    for (let draw = 0; draw < 3; draw++) {
      const src = (await picture(page).getAttribute('src'))!;
      const image = await context.request.get(strictService.url + src);
      expect(image.headers()['content-type']).toBe('image/png');
      expect(image.headers()['cache-control']).toContain('no-store');
      bytes.add((await image.body()).toString('base64'));
      sources.add(src);
      await page.getByRole('link', { name: 'Refrescar' }).click();
      await expect(picture(page)).not.toHaveAttribute('src', src);
    }
    expect([sources.size, bytes.size]).toEqual([3, 3]);

    const src = (await picture(page).getAttribute('src'))!;
    await fillRegistration(page, person);
    await press(page, 'Crear Cuenta');
    await refused(page, 'Captcha', /Las letras no coinciden/, false);
    expect((await context.request.get(strictService.url + src)).status()).toBe(404);
  });

  test('A-CAPTCHA wrong letters are refused, nothing is created, the page is as it was filled in', async ({ page, person, script, strictService }) => {
    await openRegistration(page);
    await fillRegistration(page, person);
    const before = await picture(page).getAttribute('src');
    await press(page, 'Crear Cuenta');
    await refused(page, 'Captcha', /Las letras no coinciden/, script);
    await expect(picture(page)).not.toHaveAttribute('src', before!);
    await expect(page.getByLabel('Captcha', { exact: true })).toHaveValue('');
    await expect(page.getByLabel('Rut', { exact: true })).toHaveValue(person.id);
    await expect(page.getByLabel('Clave CS', { exact: true })).toHaveValue('');
    await expect(page.getByLabel('Respuesta Secreta')).toHaveValue('');
    expect(strictService.mail.to(person.email)).toEqual([]);
  });
});

test('A-CAPTCHA recovery: no letters, wrong letters, then the right ones in lower case', async ({ page, service, person, script }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await askForKey(page, '');
  await refused(page, 'Captcha', 'Escriba las letras de la imagen.', script);
  await askForKey(page, 'XXXXX');
  await refused(page, 'Captcha', /Las letras no coinciden/, script);
  await page.getByRole('link', { name: 'Refrescar' }).click();
  await expect(page.getByLabel('Captcha', { exact: true })).not.toHaveAttribute('aria-invalid');
  await askForKey(page, ' abc de ');
  await expectSent(page);
});

test('A-CAPTCHA a stale picture: refreshed in another tab', async ({ page, context, service, person, script }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await heading(page, /Confirme y le enviamos/);
  const other = await context.newPage();
  await other.goto(page.url());
  const before = await picture(other).getAttribute('src');
  await other.getByRole('link', { name: 'Refrescar' }).click();
  await expect(picture(other)).not.toHaveAttribute('src', before!);
  await askForKey(page);
  await refused(page, 'Captcha', /Esa imagen ya no sirve/, script);
  await askForKey(page);
  await expectSent(page);
});

test('A-CAPTCHA a stale picture: the page of the flow shows another', async ({ page, service, person, script }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await heading(page, /Confirme y le enviamos/);
  await service.sql(`UPDATE flow SET body = REPLACE(body, '"captcha":"', '"captcha":"x') WHERE body LIKE '%"captcha":"%'`);
  await askForKey(page);
  await refused(page, 'Captcha', /Esa imagen ya no sirve/, script);
  await askForKey(page);
  await expectSent(page);
});
