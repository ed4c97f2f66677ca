import type { Locator } from '@playwright/test';
import { heading } from '../pasos/formulario.ts';
import { askForKey, expectSent, giveAnswer, giveId } from '../pasos/recuperar.ts';
import { registered } from '../pasos/registrar.ts';
import { expectAccessible } from '../support/axe.ts';
import { expect, LETTERS, test, type Page } from '../support/test.ts';

/** Goes on with Tab until this has the focus, as nobody does who sees the page and has a mouse. */
async function tabTo(page: Page, target: Locator) {
  await expect(target).toHaveCount(1);
  for (let stops = 0; stops < 60; stops++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way by keyboard to ${target}`);
}

async function typeInto(page: Page, label: string, text: string) {
  await tabTo(page, page.getByLabel(label, { exact: true }));
  await page.keyboard.type(text);
}

async function pressByKeyboard(page: Page, name: string) {
  await tabTo(page, page.getByRole('button', { name, exact: true }));
  await page.keyboard.press('Enter');
}

/** I-AUDIO: the letters, spoken. */
const sound = (page: Page) => page.getByLabel('Escuchar las letras', { exact: true });

test('A-CAPTCHA a person who cannot see finishes a recovery by keyboard and sound alone', async ({ page, service, person, script }) => {
  await registered(service, person);
  await page.goto('/recuperar/natural');
  await typeInto(page, 'Rut', person.id);
  await pressByKeyboard(page, 'Validar');
  await heading(page, 'Responda su pregunta secreta');
  await typeInto(page, 'Respuesta Secreta', person.answer);
  await pressByKeyboard(page, 'Validar');
  await heading(page, /Confirme y le enviamos/);

  // The picture says where the sound is, and the sound what it is and how the letters are spoken.
  await expect(page.getByRole('img', { name: /use «Escuchar las letras»/ })).toBeVisible();
  await expect(sound(page)).toHaveAccessibleDescription(/Cada letra se dice con una palabra/);
  await expectAccessible(page, 'the last step', script);

  const answered = page.waitForResponse((response) => response.url().endsWith('/sonido'));
  await tabTo(page, sound(page));
  await page.keyboard.press('Space');
  expect((await answered).headers()['content-type']).toBe('audio/wav');
  const played = () => sound(page).evaluate((audio: HTMLAudioElement) => audio.currentTime);
  await expect.poll(played).toBeGreaterThan(0.2);
  expect(await sound(page).evaluate((audio: HTMLAudioElement) => audio.duration)).toBeGreaterThan(4);

  await typeInto(page, 'Captcha', LETTERS.toLowerCase());
  await pressByKeyboard(page, 'Recuperar Clave');
  await expectSent(page);
});

test('A-CAPTCHA the sound is a WAV that nobody keeps, comes in ranges, and is gone with its captcha', async ({ page, context, service, person }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await heading(page, /Confirme y le enviamos/);
  const url = service.url + (await sound(page).getAttribute('src'))!;
  const whole = await context.request.get(url);
  expect([whole.status(), whole.headers()['content-type'], whole.headers()['cache-control']]).toEqual([200, 'audio/wav', 'no-store']);
  expect(whole.headers()['content-encoding']).toBeUndefined();
  const bytes = await whole.body();
  expect(bytes.subarray(0, 4).toString()).toBe('RIFF');
  expect(bytes.length).toBeLessThan(130_000);
  const first = await context.request.get(url, { headers: { range: 'bytes=0-1' } });
  expect([first.status(), first.headers()['content-range'], (await first.body()).toString()]).toEqual([206, `bytes 0-1/${bytes.length}`, 'RI']);
  const again = await context.request.get(url);
  expect((await again.body()).equals(bytes)).toBe(true);

  await askForKey(page);
  await expectSent(page);
  expect((await context.request.get(url)).status()).toBe(404);
});
