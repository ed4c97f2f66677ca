//! What systems may know of us.

use domain::openid::Acr;
use domain::openid::client::SigningAlg;
use domain::openid::scope::Scope;
use serde_json::{Value, json};

use super::OpenIdService;

/// How a client may show who it is. One that cannot comes last.
const METHODS: [&str; 4] = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];

impl OpenIdService<'_> {
    /// What systems may know of us (OpenID Connect Discovery §3, RFC 8414).
    #[must_use]
    pub fn metadata(&self) -> Value {
        let issuer = self.backend.issuer();
        let at = |path: &str| format!("{issuer}/{path}");
        let mut all = json!({
            "issuer": issuer,
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "userinfo_endpoint": at("userinfo"),
            "jwks_uri": at("jwks"),
            "end_session_endpoint": at("logout"),
            "backchannel_logout_supported": true,
            "backchannel_logout_session_supported": true,
            "scopes_supported": Scope::ALL.map(Scope::word),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["pairwise", "public"],
            "id_token_signing_alg_values_supported": SigningAlg::ALL.map(SigningAlg::name),
            "code_challenge_methods_supported": ["S256"],
            "acr_values_supported": Acr::ALL.map(Acr::word),
            "claims_supported": [
                "sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "at_hash", "sid",
                "RolUnico", "cuenta", "name", "given_name", "family_name", "email", "email_verified",
            ],
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "ui_locales_supported": ["es-CL"],
            "claims_parameter_supported": false,
            "request_parameter_supported": false,
            "request_uri_parameter_supported": false,
            "authorization_response_iss_parameter_supported": true,
        });
        if let (Some(all), Value::Object(own)) = (all.as_object_mut(), endpoints_of_clients(&at)) {
            all.extend(own);
        }
        all
    }
}

/// The endpoints that clients call themselves, and how they show there who they are.
fn endpoints_of_clients(at: &impl Fn(&str) -> String) -> Value {
    let algorithms = SigningAlg::ALL.map(SigningAlg::name);
    let confidential: Vec<_> = METHODS.into_iter().filter(|method| *method != "none").collect();
    json!({
        "token_endpoint_auth_methods_supported": METHODS,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint": at("revoke"),
        "revocation_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
        "introspection_endpoint": at("introspect"),
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
        "pushed_authorization_request_endpoint": at("par"),
        "require_pushed_authorization_requests": false,
    })
}
