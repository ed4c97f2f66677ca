import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registered } from '../pasos/registrar.ts';
import { freePort, until } from '../support/net.ts';
import { expect, test, type Page, type Person, type Service } from '../support/test.ts';

// Clients that others wrote, each a program of its own (`end2end/clients`). `cargo xtask clients` installs them and runs this file; CI does not.
const pg = { tag: '@pg' };
const FOLDER = join(import.meta.dirname, '../clients');
const PYTHON = process.env.CS_CLIENTS_PYTHON ?? 'python3';

interface Program {
  name: string;
  /** Options of `clients add`. */
  options: string[];
  command: string;
  args: string[];
  /** How to learn its version. */
  version: [command: string, ...args: string[]];
  prepare?: (folder: string) => void;
}

const metadata = (name: string): Program['version'] => [PYTHON, '-c', `import importlib.metadata as m; print(m.version('${name}'))`];

const PROGRAMS: Program[] = [
  {
    name: 'Authlib', options: [], command: PYTHON, args: [join(FOLDER, 'with_authlib.py')], version: metadata('Authlib'),
  },
  {
    name: 'mozilla-django-oidc', options: ['--auth', 'post'], command: PYTHON, args: [join(FOLDER, 'with_django.py'), 'mozilla'],
    version: metadata('mozilla-django-oidc'),
  },
  {
    name: 'django-clave-unica', options: ['--claveunica-compatible'], command: PYTHON, args: [join(FOLDER, 'with_django.py'), 'clave-unica'],
    version: metadata('django-clave-unica'),
  },
  {
    name: 'mod_auth_openidc', options: [], command: '/usr/sbin/apache2', args: ['-f', join(FOLDER, 'apache/site.conf'), '-DFOREGROUND'],
    version: ['dpkg-query', '-W', '-f=${Version}', 'libapache2-mod-auth-openidc'],
    prepare: (folder) => {
      mkdirSync(join(folder, 'pages'));
      for (const place of ['', 'entrar']) cpSync(join(FOLDER, 'apache/index.html'), join(folder, 'pages', place, 'index.html'));
    },
  },
];

/** The program, registered and running. */
async function started(service: Service, { name, options, command, args, prepare }: Program) {
  const folder = mkdtempSync(join(tmpdir(), 'cs-client-'));
  const port = String(await freePort());
  const here = `http://127.0.0.1:${port}`;
  const id = name.toLowerCase().replaceAll('_', '-') + port;
  const added = await service.run('clients', 'add', id, '--name', name, '--redirect', `${here}/volver`, '--kinds', 'natural,migrante',
    '--scope', 'openid run name email', '--first-party', '--json', ...options);
  expect(added.code, added.err).toBe(0);
  const { client_id, client_secret, issuer } = JSON.parse(added.out);
  prepare?.(folder);
  const env = {
    PATH: process.env.PATH ?? '', PORT: port, ISSUER: issuer, CLIENT_ID: client_id, CLIENT_SECRET: client_secret, FOLDER: folder,
    PASSPHRASE: Math.random().toString(36), PYTHONUNBUFFERED: '1',
  };
  const child: ChildProcess = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream!.on('data', (chunk) => (said += chunk));
  const answers = () => fetch(`${here}/`, { redirect: 'manual' }).then(() => true, () => false);
  await until(`${name} to answer:\n${said}`, answers, 30_000);
  return {
    here,
    said: () => said,
    end: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}

async function enter(page: Page, { id, key }: Person) {
  await page.getByLabel('Rut', { exact: true }).fill(id);
  await page.getByLabel('Clave Sence', { exact: true }).fill(key);
  await page.getByRole('button', { name: 'Ingresar', exact: true }).click();
}

for (const program of PROGRAMS) {
  test(`L-OIDC ${program.name} lets a person enter, twice, without a key the second time`, pg, async ({ page, service, person, engine }) => {
    await registered(service, person);
    const running = await started(service, program);
    try {
      await page.goto(`${running.here}/entrar`);
      await enter(page, person);
      await page.waitForURL((url) => url.origin === running.here && url.pathname !== '/volver');
      await expect(page.locator('body'), running.said()).toContainText(person.email);
      const first = await page.locator('body').innerText();
      // The system has forgotten its session, and we have not: no page of ours.
      const own = (await page.context().cookies(service.url)).filter(({ name }) => name.startsWith('cs_'));
      await page.context().clearCookies();
      await page.context().addCookies(own);
      await page.goto(`${running.here}/entrar`);
      await page.waitForURL((url) => url.origin === running.here && url.pathname !== '/volver');
      expect(first, running.said()).toContain(person.email);
      const [command, ...args] = program.version;
      const version = spawnSync(command, args, { encoding: 'utf8' }).stdout.trim();
      console.log(`\n| ${program.name} | ${version} | ${engine} | code, second visit, claims | enters |`);
    } finally {
      await running.end();
    }
  });
}
