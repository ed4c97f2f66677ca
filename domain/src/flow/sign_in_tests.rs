use proptest::prelude::*;

use super::*;
use crate::field::Reason;
use crate::flow::TaxAnswer;
use crate::openid::client::ClientAuth;
use crate::openid::client::tests::client;
use crate::openid::params::Params;

const ACCOUNT: AccountId = AccountId(1);
const NOW: Seconds = 1_800_000_000;
const REDIRECT: &str = "https://cursos.ejemplo.cl/volver";

fn rut() -> Identifier {
    Rut::parse("12345678-5").unwrap().into()
}

fn challenge() -> Challenge {
    Challenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap()
}

/// A sign-in for the usual client, with these further parameters.
fn asked(client: &Client, more: &[(&str, &str)]) -> Asked {
    let challenge = challenge();
    let usual = [
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "openid run"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let params = Params::new(usual.into_iter().chain(more.iter().copied()));
    let request = AuthorizationRequest::parse(client, &params).unwrap();
    let SignIn::Ask(asked) = SignIn::begin(Destination::System(Box::new(request))) else { panic!() };
    asked
}

fn signed_in() -> SignedIn {
    SignedIn { account: ACCOUNT, kind: Kind::Natural, representative: None, auth_time: NOW, acr: Acr::Clave }
}

fn agreed() -> ConnectionOnFile {
    ConnectionOnFile { is_known: true, agreed: Scopes::parse("openid run") }
}

#[test]
fn l_page_only_the_key_signs_in() {
    let (client, who) = (client(), rut());
    let asked = asked(&client, &[]);
    let key = |verdict| asked.key(Some(&client), (Kind::Natural, &who), None, &verdict, NOW);
    assert_eq!(key(KeyVerdict::Key(ACCOUNT)), Ok(KeyUse::SignedIn(signed_in())));
    let provisional = key(KeyVerdict::Provisional(ACCOUNT, ProvisionalId(2)));
    assert_eq!(provisional, Ok(KeyUse::SetKeyFirst(ACCOUNT, ProvisionalId(2))));
    assert_eq!(key(KeyVerdict::Wrong).map_err(|e| e.reason), Err(Reason::Wrong));
    assert_eq!(key(KeyVerdict::Expired).map_err(|e| e.reason), Err(Reason::Expired));
    assert_eq!(key(KeyVerdict::Spent).map_err(|e| e.reason), Err(Reason::Spent));
}

#[test]
fn security_l_page_a_sign_in_that_is_refused_opens_no_session() {
    let client = client();
    let begun = || SignIn::Ask(asked(&client, &[]));
    assert!(!begun().opens_session());
    assert!(!SignIn::Done(begun().deny().unwrap()).opens_session());
    let Ok(Next::Granted(granted)) = asked(&client, &[]).go_on(Some(&client), signed_in(), &agreed()) else {
        panic!()
    };
    assert!(granted.done().opens_session());
}

#[test]
fn security_l_page_a_kind_that_the_system_does_not_accept_is_refused_like_a_wrong_key() {
    let who = rut();
    let companies = Client { kinds: vec![Kind::Juridica], ..client() };
    let asked = asked(&companies, &[]);
    let key = asked.key(Some(&companies), (Kind::Natural, &who), None, &KeyVerdict::Key(ACCOUNT), NOW);
    assert_eq!(key.map_err(|e| e.reason), Err(Reason::Wrong));
    // Neither does a session that is there (Rauthy #1208).
    let on_file = agreed();
    assert_eq!(asked.session(Some(&companies), &signed_in(), &on_file, NOW), SessionUse::AskKey);
    assert_eq!(asked.go_on(Some(&companies), signed_in(), &on_file).err(), Some(OAuthError::AccessDenied));
}

#[test]
fn l_page_a_company_also_needs_a_representative_named_by_sii() {
    let (client, asked) = (client(), asked(&client(), &[]));
    let [company, person] = ["76192083-9", "12345678-5"].map(|rut| Rut::parse(rut).unwrap());
    let named = TaxAnswer::Represents { company_name: None }.names(company, person).unwrap();
    let key = |who: Rut, named| {
        asked.key(Some(&client), (Kind::Juridica, &who.into()), named, &KeyVerdict::Key(ACCOUNT), NOW)
    };
    let Ok(KeyUse::SignedIn(who)) = key(company, Some(&named)) else { panic!("refused") };
    assert_eq!(who.representative(), Some(person));
    assert!(key(company, None).is_err());
    assert!(key(person, Some(&named)).is_err(), "of another company");
}

#[test]
fn l_page_a_session_is_never_used_silently_at_the_first_visit() {
    let client = client();
    let use_of = |more: &[(&str, &str)], on_file: &ConnectionOnFile, now| {
        asked(&client, more).session(Some(&client), &signed_in(), on_file, now)
    };
    assert_eq!(use_of(&[], &ConnectionOnFile::default(), NOW), SessionUse::Confirm);
    assert_eq!(use_of(&[], &agreed(), NOW), SessionUse::Silent);
    assert_eq!(use_of(&[("prompt", "select_account")], &agreed(), NOW), SessionUse::Confirm);
    assert_eq!(use_of(&[("prompt", "login")], &agreed(), NOW), SessionUse::AskKey);
    assert_eq!(use_of(&[("max_age", "60")], &agreed(), NOW + 60), SessionUse::Silent);
    assert_eq!(use_of(&[("max_age", "60")], &agreed(), NOW + 61), SessionUse::AskKey);
    assert_eq!(use_of(&[("acr_values", "clave-codigo")], &agreed(), NOW), SessionUse::AskCode);
    let SignIn::Ask(own) = SignIn::begin(Destination::Account) else { panic!() };
    assert_eq!(own.session(None, &signed_in(), &ConnectionOnFile::default(), NOW), SessionUse::Silent);
}

#[test]
fn l_oidc_prompt_none_asks_nobody() {
    let client = client();
    let asked = asked(&client, &[("prompt", "none")]);
    let who = signed_in();
    let error = |session, on_file: &ConnectionOnFile| asked.without_asking(&client, session, on_file);
    assert_eq!(error(None, &agreed()), Some(OAuthError::LoginRequired));
    assert_eq!(error(Some((&who, SessionUse::AskKey)), &agreed()), Some(OAuthError::LoginRequired));
    assert_eq!(error(Some((&who, SessionUse::AskCode)), &agreed()), Some(OAuthError::LoginRequired));
    assert_eq!(error(Some((&who, SessionUse::Confirm)), &agreed()), Some(OAuthError::InteractionRequired));
    let known = ConnectionOnFile { is_known: true, ..ConnectionOnFile::default() };
    assert_eq!(error(Some((&who, SessionUse::Silent)), &known), Some(OAuthError::ConsentRequired));
    assert_eq!(error(Some((&who, SessionUse::Silent)), &agreed()), None);
}

#[test]
fn l_page_a_system_that_is_not_of_sence_asks_for_consent() {
    let own = Client { first_party: true, ..client() };
    let needs = |client: &Client, more: &[(&str, &str)], on_file: &ConnectionOnFile| {
        matches!(asked(client, more).go_on(Some(client), signed_in(), on_file), Ok(Next::Consent(_)))
    };
    let nothing = ConnectionOnFile::default();
    assert!(needs(&client(), &[], &nothing));
    assert!(!needs(&client(), &[], &agreed()));
    let less = ConnectionOnFile { is_known: true, agreed: Scopes::parse("openid") };
    assert!(needs(&client(), &[], &less), "it wants more than before");
    assert!(!needs(&own, &[], &nothing));
    assert!(needs(&own, &[("prompt", "consent")], &agreed()));
}

fn sent() -> Mailed {
    Mailed::To { code: "codigo-1".to_owned(), address: "a•••@gmail.com".to_owned() }
}

/// A sign-in after the right key, for a client that wants a code.
fn asked_for_code(client: &Client, mailed: Mailed) -> AskCode {
    let next = asked(client, &[]).go_on(Some(client), signed_in(), &agreed());
    let Ok(Next::Code(needed)) = next else { panic!("no code asked for") };
    needed.mailed(mailed)
}

#[test]
fn security_l_page_a_level_is_reached_by_a_code_of_a_mail_and_never_lowered() {
    let strict = Client { acr: Acr::ClaveCodigo, ..client() };
    let grant = |first_party, verdict| {
        let strict = Client { first_party, ..strict.clone() };
        let right = asked_for_code(&strict, sent()).checked(verdict)?;
        assert_eq!(right.who().acr(), Acr::ClaveCodigo);
        Ok::<_, FieldError>(right.go_on(Some(&strict), &ConnectionOnFile::default()).unwrap())
    };
    let Ok(Next::Granted(granted)) = grant(true, CodeVerdict::Right) else { panic!("not granted") };
    assert_eq!(granted.grant().unwrap().who().acr(), Acr::ClaveCodigo);
    assert_eq!(granted.who().auth_time(), NOW, "the time of the key");
    assert!(matches!(grant(false, CodeVerdict::Right), Ok(Next::Consent(_))));
    assert_eq!(grant(true, CodeVerdict::Wrong).err().map(|e| e.reason), Some(Reason::Wrong));
    assert_eq!(grant(true, CodeVerdict::Over).err().map(|e| e.reason), Some(Reason::Expired));
    // By nothing of it without a mail.
    for none in [Mailed::Capped, Mailed::NoAddress, Mailed::Doubted] {
        assert!(asked_for_code(&strict, none).checked(CodeVerdict::Right).is_err());
    }
}

#[test]
fn l_page_without_an_address_the_system_learns_that_its_level_cannot_be_reached() {
    let strict = Client { acr: Acr::ClaveCodigo, ..client() };
    let error = |mailed| SignIn::Code(asked_for_code(&strict, mailed)).deny().unwrap().error();
    for none in [Mailed::Capped, Mailed::NoAddress, Mailed::Doubted] {
        assert_eq!(error(none), Some(OAuthError::UnmetAuthenticationRequirements));
    }
    assert_eq!(error(sent()), Some(OAuthError::AccessDenied));
    let SignIn::Done(done) = granted_to(&client()).done() else { panic!() };
    assert_eq!(done.error(), None);
}

#[test]
fn l_page_another_code_takes_the_place_of_the_first_only_where_it_was_sent() {
    let strict = Client { acr: Acr::ClaveCodigo, ..client() };
    let second = Mailed::To { code: "codigo-2".to_owned(), address: "a•••@gmail.com".to_owned() };
    assert_eq!(asked_for_code(&strict, sent()).again(second.clone()).code(), Some("codigo-2"));
    assert_eq!(asked_for_code(&strict, sent()).again(Mailed::Capped).code(), Some("codigo-1"));
    assert_eq!(asked_for_code(&strict, sent()).again(Mailed::NoAddress).code(), None);
    assert_eq!(asked_for_code(&strict, Mailed::NoAddress).again(second).code(), Some("codigo-2"));
}

#[test]
fn l_page_a_session_with_a_code_is_enough_and_a_key_typed_again_needs_another() {
    let strict = Client { acr: Acr::ClaveCodigo, first_party: true, ..client() };
    let who = asked_for_code(&strict, sent()).checked(CodeVerdict::Right).unwrap().who().clone();
    let use_of =
        |more: &[(&str, &str)], now| asked(&strict, more).session(Some(&strict), &who, &agreed(), now);
    assert_eq!(use_of(&[], NOW), SessionUse::Silent);
    assert!(matches!(asked(&strict, &[]).go_on(Some(&strict), who.clone(), &agreed()), Ok(Next::Granted(_))));
    assert_eq!(use_of(&[("prompt", "login")], NOW), SessionUse::AskKey);
    assert_eq!(use_of(&[("max_age", "60")], NOW + 61), SessionUse::AskKey);
    // What the key gives then has no code.
    assert!(matches!(asked(&strict, &[]).go_on(Some(&strict), signed_in(), &agreed()), Ok(Next::Code(_))));
}

fn granted_to(client: &Client) -> Granted {
    let client = Client { first_party: true, ..client.clone() };
    let next = asked(&client, &[]).go_on(Some(&client), signed_in(), &agreed());
    let Ok(Next::Granted(granted)) = next else { panic!("not granted") };
    granted
}

fn grant() -> Grant {
    let client = Client { first_party: true, ..client() };
    let next = asked(&client, &[("nonce", "n1")]).go_on(Some(&client), signed_in(), &agreed());
    let Ok(Next::Granted(granted)) = next else { panic!("not granted") };
    granted.grant().unwrap()
}

#[test]
fn security_l_oidc_a_code_is_redeemed_by_its_client_for_its_url_with_its_verifier() {
    let (grant, client, other) = (grant(), client(), Challenge::parse(&"a".repeat(43)).unwrap());
    assert_eq!(grant.redeem(&client, REDIRECT, Some(&challenge())), Ok(()));
    let another = Client { id: ClientId::parse("otra").unwrap(), ..client.clone() };
    let refused = Err(OAuthError::InvalidGrant);
    assert_eq!(grant.redeem(&another, REDIRECT, Some(&challenge())), refused);
    assert_eq!(grant.redeem(&client, "https://cursos.ejemplo.cl/otra", Some(&challenge())), refused);
    assert_eq!(grant.redeem(&client, REDIRECT, Some(&other)), refused);
    assert_eq!(grant.redeem(&client, REDIRECT, None), refused, "the verifier was left out");
    let bare = Grant { challenge: None, ..grant };
    assert_eq!(bare.redeem(&client, REDIRECT, Some(&challenge())), refused, "a verifier without a challenge");
    assert_eq!(bare.redeem(&client, REDIRECT, None), Ok(()));
}

#[test]
fn security_l_oidc_a_scope_that_was_withdrawn_is_gone_from_what_was_granted() {
    let fewer = Client { scopes: Scopes::parse("openid"), ..client() };
    assert_eq!(grant().within(&fewer).scopes().text(), "openid");
}

#[test]
fn l_page_the_person_goes_back_to_the_system() {
    let ended = SignIn::Ask(asked(&client(), &[])).deny().unwrap();
    assert!(ended.is_denied() && ended.to().client().is_some());
    assert_eq!(SignIn::Done(ended).deny(), None);
    assert_eq!(SignIn::Gone.deny(), None);
}

fn mailed(which: u8) -> Mailed {
    match which {
        0 => sent(),
        1 => Mailed::Capped,
        2 => Mailed::NoAddress,
        _ => Mailed::Doubted,
    }
}

/// A step of a sign-in, with what the outside says.
#[derive(Debug, Clone)]
enum Step {
    Key(Kind, u8),
    Session(bool),
    Code(u8),
    Another(u8),
    Agree,
    Deny,
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop::sample::select(Kind::ALL.to_vec());
    prop_oneof![
        (kind, 0..5u8).prop_map(|(kind, verdict)| Step::Key(kind, verdict)),
        any::<bool>().prop_map(Step::Session),
        (0..3u8).prop_map(Step::Code),
        (0..4u8).prop_map(Step::Another),
        Just(Step::Agree),
        Just(Step::Deny),
    ]
}

proptest! {
    #![proptest_config(crate::flow::orders())]

    /// Whatever is sent in whatever order: no code without a right key of a kind that the system accepts, none without consent, and none
    /// for a system that wants a code of a mail without one that was sent and was right.
    #[test]
    fn security_l_page_no_code_without_key_and_consent(
        steps in prop::collection::vec(step(), 0..8), first_party: bool, public: bool, strict: bool, mail in 0..4u8
    ) {
        let client = Client {
            kinds: vec![Kind::Natural, Kind::Migrante],
            auth: if public { ClientAuth::None } else { ClientAuth::Basic },
            first_party,
            acr: if strict { Acr::ClaveCodigo } else { Acr::Clave },
            ..client()
        };
        let before = ConnectionOnFile::default();
        let mut state = SignIn::Ask(asked(&client, &[]));
        let (mut right_key, mut right_code, mut agreed, mut session) = (false, false, false, None::<SignedIn>);
        for step in steps {
            let next = match (state.clone(), step) {
                (SignIn::Ask(asked), Step::Key(kind, verdict)) => {
                    let verdict = match verdict {
                        0 => KeyVerdict::Key(ACCOUNT),
                        1 => KeyVerdict::Provisional(ACCOUNT, ProvisionalId(1)),
                        2 => KeyVerdict::Expired,
                        3 => KeyVerdict::Spent,
                        _ => KeyVerdict::Wrong,
                    };
                    match asked.key(Some(&client), (kind, &rut()), None, &verdict, NOW) {
                        Ok(KeyUse::SignedIn(who)) => {
                            prop_assert!(verdict == KeyVerdict::Key(ACCOUNT) && client.kinds.contains(&kind));
                            right_key = true;
                            session = Some(who.clone());
                            asked.go_on(Some(&client), who, &before).ok()
                        }
                        _ => None,
                    }
                }
                (SignIn::Ask(asked), Step::Session(confirmed)) => match &session {
                    Some(who) if confirmed => asked.go_on(Some(&client), who.clone(), &before).ok(),
                    _ => None,
                },
                (SignIn::Code(asked), Step::Code(verdict)) => {
                    let was_sent = asked.code().is_some();
                    let verdict = match verdict {
                        0 => CodeVerdict::Right,
                        1 => CodeVerdict::Wrong,
                        _ => CodeVerdict::Over,
                    };
                    match asked.checked(verdict) {
                        Ok(right) => {
                            prop_assert!(verdict == CodeVerdict::Right && was_sent);
                            right_code = true;
                            session = Some(right.who().clone());
                            right.go_on(Some(&client), &before).ok()
                        }
                        Err(_) => None,
                    }
                }
                (SignIn::Code(asked), Step::Another(which)) => {
                    state = SignIn::Code(asked.again(mailed(which)));
                    None
                }
                (SignIn::Consent(consent), Step::Agree) => {
                    agreed = true;
                    Some(Next::Granted(consent.agree()))
                }
                (state, Step::Deny) => {
                    let unmet = matches!(&state, SignIn::Code(asked) if asked.code().is_none());
                    if let Some(ended) = state.deny() {
                        let error = ended.error();
                        prop_assert_eq!(error == Some(OAuthError::UnmetAuthenticationRequirements), unmet);
                        prop_assert!(ended.is_denied());
                    }
                    break;
                }
                _ => None,
            };
            match next {
                Some(Next::Code(needed)) => state = SignIn::Code(needed.mailed(mailed(mail))),
                Some(Next::Consent(consent)) => state = SignIn::Consent(consent),
                Some(Next::Granted(granted)) => {
                    prop_assert!(right_key && (agreed || first_party) && (right_code || !strict));
                    let acr = granted.grant().unwrap().who().acr();
                    prop_assert_eq!(acr == Acr::ClaveCodigo, right_code);
                    prop_assert_eq!(granted.grant().unwrap().who().account(), ACCOUNT);
                    state = granted.done();
                }
                None => {}
            }
        }
    }
}
