import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import type { ServiceOptions } from './support/test.ts';

/**
 * The browser: `cargo xtask test` names the one it has found in CS_CHROMIUM. Debian’s headless shell is the same engine
 * without windows, and needs half of the processor time.
 */
const installed = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser'];
const chromium = process.env.CS_CHROMIUM || installed.find(existsSync);

/** The flows of persons and companies, a request for a facilitator, and the two ways in which a key opens something. */
const FIRST_WAYS = /\/(n-\w+|juridica|f-req|ingresar|rce|claveunica|clients)\.spec\.ts$/;

/** An inexpensive current phone: 360 × 740, touch. */
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

export default defineConfig<object, ServiceOptions>({
  testDir: 'tests',
  // Programs that others wrote, which CI does not install: `cargo xtask clients`.
  testIgnore: process.env.CS_CLIENTS_PYTHON ? [] : ['clients.spec.ts'],
  outputDir: 'test-results',
  // Each worker has a server of its own, and each test makes its own accounts: any two tests can run at the same time.
  // One by one, not file by file, so that no worker is left with a long file at the end.
  workers: Number(process.env.CS_E2E_WORKERS || 2),
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'line',
  use: {
    ...phone,
    browserName: 'chromium',
    // One window for all tests of a worker: cookies, storage, routes and scripts are cleared between two, the cache of
    // files with a hash in their name is not.
    reuseContext: true,
    locale: 'es-CL',
    timezoneId: 'America/Santiago',
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ],
    },
  },
  // Without script first: what fails there is broken for everybody (docs/decisions/0008). The same files with script after it.
  // PostgreSQL takes the main paths (@pg) once more; the store's own suite covers the rest on both engines. With script it takes the
  // first way of each flow: which engine is there makes no difference to a browser's script.
  // @script: about what script adds. @http: no browser takes part, so once is enough.
  projects: [
    { name: 'sin-script', grepInvert: /@script/, use: { javaScriptEnabled: false, engine: 'sqlite' } },
    { name: 'con-script', grepInvert: /@http/, use: { javaScriptEnabled: true, engine: 'sqlite' } },
    { name: 'sin-script-pg', grep: /@pg/, grepInvert: /@script/, use: { javaScriptEnabled: false, engine: 'postgres' } },
    { name: 'con-script-pg', testMatch: FIRST_WAYS, grep: /@pg/, grepInvert: /@http/, use: { javaScriptEnabled: true, engine: 'postgres' } },
  ],
});
