import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from 'openid-client';
import { expect, type Page, type Service } from '../support/test.ts';

/** A system that people enter: where browsers come back to, and what it is registered as. */
export interface System {
  id: string;
  redirect: string;
  secret: string | null;
  issuer: URL;
  config: client.Configuration;
  close: () => void;
}

/** How a system shows who it is, if not by a secret: a key, whose public half is registered. */
export interface Signer {
  key: CryptoKey;
  jwk: JsonWebKey;
}

/** A new key for `private_key_jwt`. */
export async function newSigner(): Promise<Signer> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  return { key: pair.privateKey, jwk: await crypto.subtle.exportKey('jwk', pair.publicKey) };
}

/** Registers a system, which has a server of its own, and reads our metadata as its library does. */
export async function newSystem(service: Service, name: string, options: string[], signer?: Signer): Promise<System> {
  const server: Server = createServer((_, response) => response.end('<h1>Volvió</h1>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const redirect = `http://127.0.0.1:${(server.address() as AddressInfo).port}/volver`;
  const id = `sistema-${Math.random().toString(36).slice(2, 10)}`;
  const folder = await mkdtemp(join(tmpdir(), 'claves-'));
  const by = join(folder, 'jwks.json');
  await writeFile(by, JSON.stringify({ keys: [{ ...signer?.jwk, key_ops: undefined, ext: undefined }] }));
  const how = signer ? ['--auth', 'private-key-jwt', '--jwks', by] : [];
  const { code, out, err } = await service.run('clients', 'add', id, '--name', name, '--redirect', 'http://127.0.0.1/volver',
    '--first-party', '--json', ...how, ...options);
  await rm(folder, { recursive: true });
  expect(code, err).toBe(0);
  const { client_secret: secret, issuer } = JSON.parse(out);
  const auth = signer && client.PrivateKeyJwt(signer.key);
  const config = await client.discovery(new URL(issuer), id, secret ?? undefined, auth, { execute: [client.allowInsecureRequests] });
  return { id, redirect, secret, issuer: new URL(issuer), config, close: () => server.close() };
}

/** What a system asks for, and what it keeps for the answer. */
export async function asked(of: Pick<System, 'redirect' | 'config'>, more: Record<string, string> = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const params = {
    redirect_uri: of.redirect, scope: 'openid run name email', state: expectedState, nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256', ...more,
  };
  const url = client.buildAuthorizationUrl(of.config, params).href;
  return { params, url, checks: { pkceCodeVerifier, expectedState, expectedNonce } };
}

/** “Rut”, “Clave Sence” → “Ingresar”. */
export async function enter(page: Page, id: string, key: string) {
  await page.getByLabel('Rut', { exact: true }).fill(id);
  await page.getByLabel('Clave Sence', { exact: true }).fill(key);
  await page.getByRole('button', { name: 'Ingresar', exact: true }).click();
}

/** The same, and back at the system. */
export async function enterAndReturn(page: Page, id: string, key: string): Promise<URL> {
  await enter(page, id, key);
  await page.waitForURL(/\/volver\?code=/);
  return new URL(page.url());
}
