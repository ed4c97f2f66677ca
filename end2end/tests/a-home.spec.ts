import { heading } from '../pasos/formulario.ts';
import { expect, test } from '../support/test.ts';

const KINDS = {
  natural: 'Persona Natural (con cédula de identidad nacional)',
  migrante: 'Persona Migrante (con NIE)',
  juridica: 'Persona Jurídica (Empresa | OTEC | OTIC)',
  facilitador: 'Facilitador extranjero (con documento de identidad extranjero)',
};

test('A-HOME the menu leads to the kinds that each errand serves', async ({ page }) => {
  const menu = [
    ['Regístrese', '/registrar', ['natural', 'migrante', 'juridica']],
    ['Recuperar CS', '/recuperar', ['natural', 'migrante', 'juridica']],
    ['Cambiar CS', '/cambiar', ['natural', 'migrante', 'juridica', 'facilitador']],
    ['Actualizar datos', '/actualizar', ['natural', 'migrante']],
  ] as const;
  for (const [entry, path, kinds] of menu) {
    await page.goto('/');
    await heading(page, 'Clave Sence (CS)');
    await page.getByRole('navigation').getByRole('link', { name: entry, exact: true }).click();
    await expect(page).toHaveURL(path);
    await heading(page, entry);
    const choices = page.locator('main').getByRole('list').getByRole('link');
    await expect(choices).toHaveText(kinds.map((kind) => KINDS[kind]));
    for (const kind of kinds) {
      await expect(choices.filter({ hasText: KINDS[kind] })).toHaveAttribute('href', `${path}/${kind}`);
    }
  }
  await page.getByRole('navigation').getByRole('link', { name: 'Más información' }).click();
  await heading(page, 'Más información');
});

test('A-HOME a box per kind with its errands', async ({ page }) => {
  await page.goto('/');
  const boxes = {
    natural: ['Regístrese aquí', 'Recuperar CS aquí', 'Cambie su CS aquí', 'Actualice sus datos aquí'],
    migrante: ['Regístrese aquí', 'Recuperar CS aquí', 'Cambie su CS aquí', 'Actualice sus datos aquí'],
    juridica: ['Regístrese aquí', 'Recuperar CS aquí', 'Cambie su CS aquí', 'Solicitud de CS para facilitador extranjero'],
  };
  for (const [kind, links] of Object.entries(boxes)) {
    const box = page.getByRole('region', { name: KINDS[kind as keyof typeof KINDS] });
    await expect(box.getByRole('link')).toHaveText(links);
  }
  await page.getByRole('region', { name: KINDS.natural }).getByRole('link', { name: 'Recuperar CS aquí' }).click();
  await expect(page).toHaveURL('/recuperar/natural');
  await expect(page.getByLabel('Rut', { exact: true })).toBeVisible();
});

test('A-HOME the help line is on every page', async ({ page, allowConsoleError }) => {
  allowConsoleError(/404/);
  for (const path of ['/', '/informacion', '/recuperar', '/recuperar/natural', '/registrar/natural', '/cambiar/natural', '/no-hay']) {
    await page.goto(path);
    const foot = page.getByRole('contentinfo');
    await expect(foot).toContainText('800 80 10 30');
    await expect(foot).toContainText(/lunes a viernes de 9:00 a 18:00/);
    await expect(foot.getByRole('link', { name: '800 80 10 30' })).toHaveAttribute('href', 'tel:800801030');
  }
});

test('A-HOME the box of a company leads to the request for a foreign facilitator', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Solicitud de CS para facilitador extranjero' }).click();
  await expect(page).toHaveURL('/facilitador');
  await heading(page, 'Valide los datos de su empresa');
});

test('A-HOME a page that is not there says so', async ({ page, allowConsoleError }) => {
  allowConsoleError(/404/);
  const without = ['/registrar/facilitador', '/recuperar/facilitador', '/actualizar/juridica', '/actualizar/facilitador'];
  for (const path of ['/no-hay', '/registrar/nadie', ...without, '/recuperar/natural/validar/mas']) {
    expect((await page.goto(path))?.status(), path).toBe(404);
    await heading(page, 'No encontramos esta página');
  }
});
