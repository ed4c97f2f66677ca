import { test as base, expect, type Page } from '@playwright/test';
import { newPerson, secretsOf, type Person } from './people.ts';
import { LETTERS, Service, type Engine } from './service.ts';

export { expect, LETTERS };
export type { Page, Person, Service };

/** Options of a project. */
export interface ServiceOptions {
  engine: Engine;
}

interface WorkerFixtures extends ServiceOptions {
  /** The service of this worker; every captcha of it is ABCDE. */
  service: Service;
  /** The same with real captchas, started for the tests that ask for it. */
  strictService: Service;
}

interface TestFixtures {
  /** Whether scripts run in this project. */
  script: boolean;
  /** Makes somebody new. */
  someone: () => Person;
  /** Somebody new. */
  person: Person;
  /** Lets pass what a test brings about on purpose, such as a page that is not there. */
  tolerate: (message: RegExp) => void;
  /** What the test saw and may see. */
  watched: Watched;
  /** Watches every page of every test. */
  watch: void;
}

interface Watched {
  people: Person[];
  urls: string[];
  faults: string[];
  allowed: RegExp[];
}

/**
 * Playwright’s test with the service, and with what must hold in every test: no error in the console, no violation of the
 * CSP (the console tells of it too), and nothing of a person in any URL.
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
      const service = await Service.start(engine, {});
      await use(service);
      await service.end();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  baseURL: async ({ service }, use) => use(service.url),

  script: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  watched: async ({}, use) => use({ people: [], urls: [], faults: [], allowed: [] }),

  someone: async ({ watched }, use) =>
    use(() => {
      const person = newPerson();
      watched.people.push(person);
      return person;
    }),

  person: async ({ someone }, use) => use(someone()),

  tolerate: async ({ watched }, use) => use((message) => void watched.allowed.push(message)),

  watch: [
    async ({ context, watched, service }, use) => {
      const stops = service.stops;
      context.on('request', (request) => watched.urls.push(request.url()));
      context.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) watched.faults.push(`console: ${message.text()}`);
      });
      context.on('weberror', (error) => watched.faults.push(`uncaught: ${error.error()}`));
      await use();
      if (service.stops > stops) watched.allowed.push(/net::ERR_(CONNECTION|EMPTY)/);
      const faults = watched.faults.filter((fault) => !watched.allowed.some((allowed) => allowed.test(fault)));
      expect(faults, 'errors in the console, of scripts, or against the CSP').toEqual([]);
      const secrets = watched.people.flatMap(secretsOf);
      const telling = watched.urls.filter((url) => secrets.some((secret) => decodeURIComponent(url).includes(secret)));
      expect(telling, 'URLs with data of a person').toEqual([]);
    },
    { auto: true },
  ],
});
