import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import type { ServiceOptions } from './support/test.ts';

/** Where Debian and others put the browser; `cargo xtask test` names the one it has found in CS_CHROMIUM. */
const chromium = process.env.CS_CHROMIUM || ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

/** An inexpensive current phone: 360 × 740, touch. */
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

export default defineConfig<object, ServiceOptions>({
  testDir: 'tests',
  outputDir: 'test-results',
  // Each worker has a server of its own, so files run side by side and never share an account.
  workers: Number(process.env.CS_E2E_WORKERS || 2),
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'line',
  use: {
    ...phone,
    browserName: 'chromium',
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
  // PostgreSQL takes the main paths (@pg) once more; the store's own suite covers the rest on both engines.
  // @script: about what script adds. @http: no browser takes part, so once is enough.
  projects: [
    { name: 'sin-script', grepInvert: /@script/, use: { javaScriptEnabled: false, engine: 'sqlite' } },
    { name: 'con-script', grepInvert: /@http/, use: { javaScriptEnabled: true, engine: 'sqlite' } },
    { name: 'sin-script-pg', grep: /@pg/, grepInvert: /@script/, use: { javaScriptEnabled: false, engine: 'postgres' } },
    { name: 'con-script-pg', grep: /@pg/, grepInvert: /@http/, use: { javaScriptEnabled: true, engine: 'postgres' } },
  ],
});
