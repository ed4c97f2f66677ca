import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { heading } from '../pasos/formulario.ts';
import { registered } from '../pasos/registrar.ts';
import { asked, enterAndReturn, newSigner, newSystem, type System } from '../pasos/sistema.ts';
import { expect, test, type Page, type Person } from '../support/test.ts';

const pg = { tag: '@pg' };
const SCOPE = 'openid run name email offline_access';
const OFFLINE = ['--scope', SCOPE];

/** A sign-in with a pushed request. */
async function signIn(page: Page, of: System, person: Person) {
  const { params, checks } = await asked(of, { scope: SCOPE, prompt: 'login' });
  const url = await client.buildAuthorizationUrlWithPAR(of.config, params);
  await page.goto(url.href);
  const back = await enterAndReturn(page, person.id, person.key);
  return client.authorizationCodeGrant(of.config, back, checks);
}

for (const [how, keyed] of [['a secret', false], ['a key', true]] as const) {
  test(`L-OIDC openid-client with ${how}: PAR, refresh, introspection, revocation`, pg, async ({ page, service, person }) => {
    await registered(service, person);
    const of = await newSystem(service, 'Cursos de SENCE', OFFLINE, keyed ? await newSigner() : undefined);
    const first = await signIn(page, of, person);
    expect(first.refresh_token).toBeTruthy();
    const { sub } = first.claims()!;

    const active = await client.tokenIntrospection(of.config, first.access_token);
    expect(active).toMatchObject({ active: true, sub, client_id: of.id, token_type: 'Bearer', scope: SCOPE, acr: 'clave' });
    expect(JSON.stringify(active)).not.toContain(person.email);

    const second = await client.refreshTokenGrant(of.config, first.refresh_token!);
    expect(second.claims()!.sub).toBe(sub);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await client.fetchUserInfo(of.config, second.access_token, sub)).email).toBe(person.email);

    await client.tokenRevocation(of.config, second.access_token);
    expect(await client.tokenIntrospection(of.config, second.access_token)).toEqual({ active: false });
    // One that comes again ends all that the sign-in gave.
    await expect(client.refreshTokenGrant(of.config, first.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(client.refreshTokenGrant(of.config, second.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });

    const third = await signIn(page, of, person);
    await client.tokenRevocation(of.config, third.refresh_token!, { token_type_hint: 'refresh_token' });
    expect(await client.tokenIntrospection(of.config, third.access_token)).toEqual({ active: false });
    of.close();
  });
}

test('L-OIDC a pushed request fills in the RUT, and is used once', pg, async ({ page, service, person, allowConsoleError }) => {
  allowConsoleError(/status of 410/);
  await registered(service, person);
  const of = await newSystem(service, 'Cursos de SENCE', [...OFFLINE, '--par', 'required']);
  const { params } = await asked(of, { scope: SCOPE, login_hint: person.id });
  const url = await client.buildAuthorizationUrlWithPAR(of.config, params);
  await page.goto(url.href);
  await heading(page, 'Ingresar a Cursos de SENCE');
  const typed = await page.getByLabel('Rut', { exact: true }).inputValue();
  expect(typed.replace(/[.-]/g, '').toUpperCase()).toBe(person.id.replace(/[.-]/g, '').toUpperCase());
  await page.goto(url.href);
  await heading(page, 'Este ingreso venció');
  await expect(page.getByRole('link', { name: 'Volver a empezar en Cursos de SENCE' })).toBeVisible();
  // Without PAR it gets no sign-in.
  await page.goto(client.buildAuthorizationUrl(of.config, params).href.replace(/&login_hint=[^&]*/, ''));
  await page.waitForURL(/\/volver\?error=invalid_request/);
  of.close();
});

test('L-OIDC oauth4webapi: a whole sign-in of a system without a secret', pg, async ({ page, service, person }) => {
  await registered(service, person);
  const of = await newSystem(service, 'Cursos en el Teléfono', ['--scope', SCOPE, '--auth', 'none', '--alg', 'ES256']);
  const insecure = { [oauth.allowInsecureRequests]: true };
  const found = await oauth.discoveryRequest(of.issuer, { algorithm: 'oauth2', ...insecure });
  const as = await oauth.processDiscoveryResponse(of.issuer, found);
  const self: oauth.Client = { client_id: of.id, id_token_signed_response_alg: 'ES256' };
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const pushed = await oauth.pushedAuthorizationRequest(as, self, oauth.None(), {
    redirect_uri: of.redirect, response_type: 'code', scope: SCOPE, state, nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  }, insecure);
  const { request_uri, expires_in } = await oauth.processPushedAuthorizationResponse(as, self, pushed);
  expect(expires_in).toBe(60);
  const url = new URL(as.authorization_endpoint!);
  url.search = new URLSearchParams({ client_id: of.id, request_uri }).toString();
  await page.goto(url.href);
  const back = await enterAndReturn(page, person.id, person.key);
  const params = oauth.validateAuthResponse(as, self, back, state);
  const answer = await oauth.authorizationCodeGrantRequest(as, self, oauth.None(), params, of.redirect, verifier, insecure);
  const tokens = await oauth.processAuthorizationCodeResponse(as, self, answer, { expectedNonce: nonce, requireIdToken: true });
  await oauth.validateApplicationLevelSignature(as, answer, insecure);
  const { sub } = oauth.getValidatedIdTokenClaims(tokens)!;
  const info = await oauth.userInfoRequest(as, self, tokens.access_token, insecure);
  expect(await oauth.processUserInfoResponse(as, self, sub, info)).toMatchObject({ sub, email: person.email });
  const again = await oauth.refreshTokenGrantRequest(as, self, oauth.None(), tokens.refresh_token!, insecure);
  const renewed = await oauth.processRefreshTokenResponse(as, self, again);
  const returned = await oauth.revocationRequest(as, self, oauth.None(), renewed.refresh_token!, insecure);
  await oauth.processRevocationResponse(returned);
  const dead = await oauth.userInfoRequest(as, self, renewed.access_token, insecure);
  expect(dead.status).toBe(401);
  of.close();
});

test('security L-OIDC the endpoints of systems: with a slash and without, and no script of a page reads them', async ({ service }) => {
  const [secret, open] = [
    await newSystem(service, 'Con secreto', OFFLINE),
    await newSystem(service, 'Sin secreto', [...OFFLINE, '--auth', 'none', '--origin', 'https://pagina.ejemplo.cl']),
  ];
  const headers = { origin: 'https://pagina.ejemplo.cl', 'content-type': 'application/x-www-form-urlencoded' };
  const send = (path: string, form: Record<string, string>, more: Record<string, string> = {}) =>
    fetch(`${service.url}/openid/${path}`, { method: 'POST', headers: { ...headers, ...more }, body: new URLSearchParams(form) });
  const mine = { client_id: secret.id, client_secret: secret.secret!, token: 'no-hay' };
  const { params } = await asked(secret, { scope: SCOPE });
  const request = { ...mine, ...params, response_type: 'code' };
  for (const slash of ['', '/']) {
    for (const [path, form, status] of [['revoke', mine, 200], ['introspect', mine, 200], ['par', request, 201]] as const) {
      const answer = await send(path + slash, form);
      expect(answer.status, path).toBe(status);
      expect(answer.headers.get('access-control-allow-origin'), path).toBeNull();
      expect(answer.headers.get('cache-control'), path).toBe('no-store');
      expect(answer.headers.get('set-cookie'), path).toBeNull();
      const wrong = await send(path + slash, { ...form, client_secret: 'otro' });
      expect([wrong.status, (await wrong.json()).error], path).toEqual([401, 'invalid_client']);
      const basic = `Basic ${Buffer.from(`${secret.id}:otro`).toString('base64')}`;
      const named = await send(path + slash, { token: 'no-hay' }, { authorization: basic });
      expect([named.status, named.headers.get('www-authenticate')], path).toEqual([401, 'Basic realm="clave-sence"']);
      expect((await fetch(`${service.url}/openid/${path}${slash}`)).status, path).toBe(405);
      const asking = await fetch(`${service.url}/openid/${path}${slash}`, { method: 'OPTIONS', headers });
      expect(asking.headers.get('access-control-allow-origin'), path).toBeNull();
    }
    const form = { client_id: open.id, grant_type: 'refresh_token', refresh_token: 'no-hay' };
    const answer = await send(`token${slash}`, form);
    expect([answer.status, (await answer.json()).error]).toEqual([400, 'invalid_grant']);
    expect(answer.headers.get('access-control-allow-origin')).toBe(headers.origin);
    const public_ = await send(`introspect${slash}`, { client_id: open.id, token: 'no-hay' });
    expect(public_.status).toBe(401);
  }
  secret.close();
  open.close();
});
