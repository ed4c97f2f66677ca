import { identify, setKey } from '../pasos/cambiar.ts';
import { heading, press, success, summary } from '../pasos/formulario.ts';
import { askForKey, expectQuestion, forget, giveContact, giveId, giveDocument, giveDocumentBelow, mailIsRight, expectSent } from '../pasos/recuperar.ts';
import { walkMissing, walkRecovery, walkRegistration, walkUpdate, walkUpdateByBirth } from '../pasos/recorrido.ts';
import { fillRegistration, openRegistration, registered } from '../pasos/registrar.ts';
import { send } from '../support/http.ts';
import { KINDS, newKey } from '../support/people.ts';
import { expectWithinBudget } from '../support/peso.ts';
import { expect, test } from '../support/test.ts';

test('budget: HTML and CSS of every page ≤ 14 kB compressed', { tag: '@http' }, async ({ page, service, person, someone, allowConsoleError }) => {
  allowConsoleError(/404/);
  for (const path of ['/', '/informacion', '/registrar', '/recuperar', '/cambiar', '/actualizar', '/facilitador', '/recuperar/juridica',
    '/registrar/natural', '/registrar/juridica', '/registrar/migrante', '/recuperar/natural', '/cambiar/natural', '/actualizar/natural', '/recuperar/migrante', '/cambiar/migrante',
    '/actualizar/migrante', '/no-hay']) {
    await page.goto(path);
    await expectWithinBudget(page, path);
  }
  await registered(service, person);
  service.registry.add(person);
  await giveId(page, person.id);
  await expectQuestion(page);
  await expectWithinBudget(page, 'pregunta');
  await forget(page);
  await expectWithinBudget(page, 'pregunta, box ticked');
  await giveDocumentBelow(page, 'A000000000');
  await expect(page).toHaveURL(/\/documento$/);
  await expectWithinBudget(page, 'documento');
  await giveDocument(page, 'A1');
  await expect(summary(page).getByRole('link', { name: /9 letras o números/ })).toBeVisible();
  await expectWithinBudget(page, 'documento, refused');
  await giveDocument(page, person.document);
  await heading(page, 'Revise su correo');
  await expectWithinBudget(page, 'correo');
  await mailIsRight(page, 'NO');
  await heading(page, /Dónde quiere recibir/);
  await expectWithinBudget(page, 'contacto');
  await giveContact(page, someone().email, person.mobile);
  await heading(page, /Confirme y le enviamos/);
  await expectWithinBudget(page, 'confirmar');
  await askForKey(page);
  await expectSent(page);
  await expectWithinBudget(page, 'listo');

  await identify(page, person.id, person.key);
  await heading(page, 'Elija su clave nueva');
  await expectWithinBudget(page, 'clave');
  await setKey(page, newKey());
  await success(page, 'Su clave fue cambiada.');
  await expectWithinBudget(page, 'cambiar, listo');

  // The longest page at its longest: every field refused, everything typed.
  await openRegistration(page);
  await fillRegistration(page, someone());
  await page.getByLabel('Dirección Particular', { exact: true }).fill('Calle de nombre largo '.repeat(12));
  await press(page, 'Crear Cuenta');
  await expect(summary(page)).toBeVisible();
  await expectWithinBudget(page, 'formulario, refused');
  await openRegistration(page);
  await press(page, 'Crear Cuenta');
  await expect(summary(page)).toBeVisible();
  await expectWithinBudget(page, 'formulario, empty');
});

for (const kind of KINDS) {
  test(`budget: HTML and CSS of the pages by kind ≤ 14 kB compressed, ${kind}`, { tag: '@http' }, async ({ page, service, someone }) => {
    const look = (what: string) => expectWithinBudget(page, what);
    await walkRegistration({ page, service, someone, look }, kind);
    await walkUpdate({ page, service, someone, look }, kind);
    await walkMissing({ page, service, someone, look }, kind);
    await walkRecovery({ page, service, someone, look }, kind);
  });
}

test.describe('as the older guides have it', () => {
  test.use({ baseURL: async ({ olderService }, use) => use(olderService.url) });

  test('budget: HTML and CSS of every page ≤ 14 kB compressed', { tag: '@http' }, async ({ page, olderService: service, someone }) => {
    const look = (what: string) => expectWithinBudget(page, `older: ${what}`);
    for (const kind of KINDS) {
      await walkUpdateByBirth({ page, service, someone, look }, kind);
      await walkRecovery({ page, service, someone, look }, kind);
      await walkRegistration({ page, service, someone, look }, kind);
    }
  });
});

test('budget: wasm and glue ≤ 60 kB in brotli, kept by browsers for a year', { tag: '@http' }, async ({ service }) => {
  const home = await send(`${service.url}/`);
  const starter = /<script type="module" src="([^"]+)"/.exec(home.text)![1]!;
  const script = (await send(service.url + starter)).text;
  const named = [...script.matchAll(/["'](\.?\/?[\w./-]+\.(?:js|wasm))["']/g)].map(([, name]) => name!);
  // The proof of work is loaded only by pages that offer it, and has a budget of its own: trabajo.spec.ts.
  const files = [...new Set([starter, ...named.filter((name) => !name.includes('/trabajo.'))])];
  expect(files).toHaveLength(3);
  let bytes = 0;
  for (const file of files) {
    const answer = await send(new URL(file, service.url + starter).href, { headers: { 'accept-encoding': 'br' } });
    expect(answer.status, file).toBe(200);
    expect(answer.headers['content-encoding'], file).toBe('br');
    expect(answer.headers['cache-control'], file).toBe('public, max-age=31536000, immutable');
    bytes += answer.body.length;
  }
  test.info().annotations.push({ type: 'weight', description: `wasm and glue: ${bytes} bytes` });
  expect(bytes).toBeLessThanOrEqual(60 * 1024);
});
