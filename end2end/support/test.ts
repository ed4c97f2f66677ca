import { test as base, expect, type Page } from '@playwright/test';
import { newCompany, secretsOfCompany, type Company } from './companies.ts';
import { newFacilitator, secretsOfFacilitator, type Facilitator } from './facilitators.ts';
import { newPerson, secretsOf, type Kind, type Person } from './people.ts';
import { pause } from './net.ts';
import { LETTERS, Service, type Engine } from './service.ts';

export { expect, LETTERS };
export type { Kind, Page, Person, Service };

/** Options of a project. */
export interface ServiceOptions {
  engine: Engine;
}

interface WorkerFixtures extends ServiceOptions {
  /** The service of this worker; every captcha of it is ABCDE. */
  service: Service;
  /** The same with real captchas that are always asked for, started for the tests that ask for it. */
  strictService: Service;
  /** The same where work stands in for the letters, started for the tests that ask for it. */
  workService: Service;
  /** The same as the older guides have it (V-SHOW, V-TTL, V-UPD), started for the tests that ask for it. */
  olderService: Service;
  /** The same with a registry of foreign documents, started for the tests that ask for it. */
  foreignService: Service;
}

interface TestFixtures {
  /** Whether scripts run in this project. */
  script: boolean;
  /** Makes somebody new. */
  someone: (kind?: Kind) => Person;
  /** Somebody new with a RUT. */
  person: Person;
  /** Somebody new with a NIE. */
  migrant: Person;
  /** A new company. */
  company: Company;
  /** Another one. */
  otherCompany: Company;
  /** Makes a new facilitator from abroad. */
  makeFacilitator: () => Facilitator;
  /** A new facilitator from abroad. */
  facilitator: Facilitator;
  /** From now on this, too, must be in no URL. */
  forbidInUrls: (text: string) => void;
  /** A service of this test’s own, for what follows from the accounts that are there. */
  emptyService: Service;
  /** Lets pass what a test brings about on purpose, such as a page that is not there. */
  allowConsoleError: (message: RegExp) => void;
  /** What the test saw and may see. */
  watched: Watched;
}

interface Watched {
  people: Person[];
  companies: Company[];
  secrets: string[];
  urls: string[];
  faults: string[];
  allowed: RegExp[];
}

/** Lets the wasm of every page come late by up to so many milliseconds: finds tests that depend on when it is there. */
const SLOW_WASM = Number(process.env.CS_SLOW_WASM || 0);

/** In the browser: sets `wasmReady` on the window once the wasm is there and what waits for it has run. */
function signalWasmReady() {
  const real = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...given) => {
    const made = await real(...given);
    setTimeout(() => ((window as { wasmReady?: boolean }).wasmReady = true));
    return made;
  };
}

/** The policies of the older guides, all at once; three keys a day, so that the cap is soon reached. */
const OLDER = {
  CS_CAPTCHA_FIXED: LETTERS,
  // A key on the screen needs proven registrations.
  CS_REGISTER_PROOF: 'serial',
  CS_SHOW_PROVISIONAL_KEY: 'true',
  CS_PROVISIONAL_HOURS: '1',
  CS_UPDATE_PROOF: 'birth_date',
  CS_NIE_PATTERN: '[A-Z]{2}[0-9]{7}',
  CS_KEYS_PER_DAY: '3',
};

/**
 * Playwright’s test with the service. In every test that opens a page: no error in the console, no violation of the CSP
 * (reported in the console as well), and no personal data in any URL.
 */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  engine: ['sqlite', { option: true, scope: 'worker' }],

  service: [
    async ({ engine }, use) => {
      const service = await Service.start(engine);
      await use(service);
      await service.end();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  strictService: [
    async ({ engine }, use) => {
      const service = await Service.start(engine, { CS_CAPTCHA_WORK: '0' });
      await use(service);
      await service.end();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  workService: [
    async ({ engine }, use) => {
      const service = await Service.start(engine, {});
      await use(service);
      await service.end();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  olderService: [
    async ({ engine }, use) => {
      const service = await Service.start(engine, OLDER);
      await use(service);
      await service.end();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  foreignService: [
    async ({ engine }, use) => {
      // The program is started in the folder of the file.
      const service = await Service.start(engine, { CS_CAPTCHA_FIXED: LETTERS, CS_FOREIGN_DOCUMENTS: 'file:documentos.csv' });
      await use(service);
      await service.end();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  emptyService: async ({ engine }, use) => {
    const service = await Service.start(engine);
    await use(service);
    await service.end();
  },

  baseURL: async ({ service }, use) => use(service.url),

  // Here, and not in an automatic fixture: a test without a page then starts no browser.
  context: async ({ context, watched }, use) => {
    const { stops } = Service;
    await context.addInitScript(signalWasmReady);
    if (SLOW_WASM) await context.route('**/*.wasm', async (route) => {
      await pause(Math.random() * SLOW_WASM);
      await route.continue().catch(() => {});
    });
    context.on('request', (request) => watched.urls.push(request.url()));
    context.on('console', (message) => {
      // A form sent before its captcha was requested: the request comes too late and finds none.
      if (/\b404\b/.test(message.text()) && /\/captcha\/[\w-]{22}$/.test(message.location().url)) return;
      if (['error', 'warning'].includes(message.type())) watched.faults.push(`console: ${message.text()}`);
    });
    context.on('weberror', (error) => watched.faults.push(`uncaught: ${error.error()}`));
    await use(context);
    if (Service.stops > stops) watched.allowed.push(/net::ERR_(CONNECTION|EMPTY)/);
    const faults = watched.faults.filter((fault) => !watched.allowed.some((allowed) => allowed.test(fault)));
    expect(faults, 'errors in the console, of scripts, or against the CSP').toEqual([]);
    const secrets = [
      ...watched.people.flatMap(secretsOf), ...watched.companies.flatMap(secretsOfCompany), ...watched.secrets,
    ];
    const telling = watched.urls.filter((url) => secrets.some((secret) => decodeURIComponent(url).includes(secret)));
    expect(telling, 'URLs with personal data').toEqual([]);
  },

  script: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  watched: async ({}, use) => use({ people: [], companies: [], secrets: [], urls: [], faults: [], allowed: [] }),

  someone: async ({ watched }, use) =>
    use((kind) => {
      const person = newPerson(kind);
      watched.people.push(person);
      return person;
    }),

  person: async ({ someone }, use) => use(someone()),

  migrant: async ({ someone }, use) => use(someone('migrante')),

  company: async ({ watched }, use) => {
    const company = newCompany();
    watched.companies.push(company);
    await use(company);
  },

  otherCompany: async ({ watched }, use) => {
    const company = newCompany();
    watched.companies.push(company);
    await use(company);
  },

  forbidInUrls: async ({ watched }, use) => use((text) => void watched.secrets.push(text)),

  makeFacilitator: async ({ watched }, use) =>
    use(() => {
      const facilitator = newFacilitator();
      watched.secrets.push(...secretsOfFacilitator(facilitator));
      return facilitator;
    }),

  facilitator: async ({ makeFacilitator }, use) => use(makeFacilitator()),

  allowConsoleError: async ({ watched }, use) => use((message) => void watched.allowed.push(message)),
});
