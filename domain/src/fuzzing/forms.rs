//! Groups of fields, small words, and the stored states of flows.

use fuzz::{lines, text, texts};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::breaks_line;
use crate::address::{Address, AddressInput};
use crate::company::{Company, CompanyInput, CompanyKind};
use crate::document::Country;
use crate::flow::Feedback;
use crate::flow::change::Change;
use crate::flow::contact::{ContactInput, NewContact};
use crate::flow::mail_check::MailCheck;
use crate::flow::recovery::Recovery;
use crate::flow::registration::Registration;
use crate::flow::request::{RequestFlow, RequestNumber};
use crate::flow::update::Update;
use crate::kind::Kind;
use crate::mail_code::MailCode;
use crate::motive::Motive;
use crate::officer::OfficerName;
use crate::question::SecretQuestion;
use crate::territory::{ComunaCode, RegionCode};

/// Six lines, in the order of the form.
pub(super) fn address(input: &[u8]) {
    let input = text(input);
    let [street, number, block, flat, region, comuna] = lines(&input);
    let address = match Address::parse(AddressInput { street, number, block, flat, region, comuna }) {
        Ok(address) => address,
        Err(errors) => return assert!(!errors.is_empty(), "a refusal names its field"),
    };
    let shown = AddressInput {
        street: &address.street,
        number: &address.number,
        block: address.block.as_deref().unwrap_or_default(),
        flat: address.flat.as_deref().unwrap_or_default(),
        region: address.comuna.region().as_str(),
        comuna: address.comuna.as_str(),
    };
    assert_eq!(Address::parse(shown).as_ref(), Ok(&address));
    let (region, comuna) = (address.comuna.region().region().name, address.comuna.comuna().name);
    assert_eq!(Address::parse(AddressInput { region, comuna, ..shown }).as_ref(), Ok(&address));
    assert!([shown.street, shown.number, shown.block, shown.flat].iter().all(|text| !breaks_line(text)));
}

/// Four lines, in the order of the form.
pub(super) fn company(input: &[u8]) {
    let input = text(input);
    let [name, kind, representative, representative_names] = lines(&input);
    let company = match Company::parse(CompanyInput { name, kind, representative, representative_names }) {
        Ok(company) => company,
        Err(errors) => return assert!(!errors.is_empty(), "a refusal names its field"),
    };
    let shown = Company::parse(CompanyInput {
        name: company.name.as_str(),
        kind: company.kind.id(),
        representative: &company.representative.to_string(),
        representative_names: company.representative_names.as_str(),
    });
    assert_eq!(shown.as_ref(), Ok(&company));
    assert!(!breaks_line(company.name.as_str()) && !breaks_line(company.representative_names.as_str()));
}

pub(super) fn motive(input: &[u8]) {
    let Ok(motive) = Motive::parse(&text(input)) else { return };
    assert_eq!(Motive::parse(motive.as_str()).as_ref(), Ok(&motive));
    // A browser sends the lines back with CR LF.
    assert_eq!(Motive::parse(&motive.as_str().replace('\n', "\r\n")).as_ref(), Ok(&motive));
    assert!((Motive::MIN..=Motive::MAX).contains(&motive.as_str().chars().count()));
    assert!(motive.as_str().chars().all(|c| c == '\n' || !c.is_control()));
}

/// Everything that is one word out of few, or of a plain form.
pub(super) fn words(input: &[u8]) {
    let input = text(input);
    if let Some(number) = RequestNumber::parse(&input) {
        assert_eq!(RequestNumber::parse(number.as_str()).as_ref(), Some(&number));
        assert!(number.as_str().len() == 11 && number.as_str().is_ascii());
    }
    if let Ok(code) = MailCode::parse(&input) {
        assert_eq!(MailCode::parse(code.expose()).as_ref(), Ok(&code));
        assert!(code.expose().len() == MailCode::LENGTH && code.expose().is_ascii());
    }
    if let Ok(name) = OfficerName::parse(&input) {
        assert_eq!(OfficerName::parse(name.as_str()).as_ref(), Ok(&name));
        assert!(!breaks_line(name.as_str()) && !name.as_str().contains(['/', ' ']));
    }
    if let Some(kind) = Kind::from_slug(&input) {
        assert_eq!(kind.slug(), input);
    }
    if let Some(kind) = CompanyKind::parse(&input) {
        assert_eq!(CompanyKind::parse(kind.id()), Some(kind));
    }
    if let Some(country) = Country::parse(&input) {
        assert_eq!(Country::parse(country.code()), Some(country));
    }
    if let Ok(question) = SecretQuestion::parse(&input) {
        assert_eq!(question.id(), input.trim());
    }
    if let Ok(region) = RegionCode::parse(&input) {
        assert_eq!(region.as_str(), input.trim());
    }
    if let Ok(comuna) = ComunaCode::parse(&input) {
        assert_eq!(comuna.as_str(), input.trim());
        assert_eq!(comuna.comuna().region().code, comuna.region().as_str());
    }
    if let Some(region) = RegionCode::find(&input) {
        assert_eq!(RegionCode::find(region.region().name), Some(region));
    }
    if let Some(comuna) = ComunaCode::find(&input) {
        assert_eq!(ComunaCode::find(comuna.comuna().name), Some(comuna));
    }
}

/// Mail and mobile, for every kind of holder.
pub(super) fn contact(input: &[u8]) {
    let input = text(input);
    let [mail, mobile] = lines(&input);
    for kind in [Kind::Natural, Kind::Juridica, Kind::Migrante, Kind::Facilitador] {
        for no_mobile in [false, true] {
            let input = ContactInput { email: mail, mobile, no_mobile, ..ContactInput::default() };
            if let Err(errors) = NewContact::parse(kind, input) {
                assert!(!errors.is_empty(), "a refusal names its field");
            }
        }
    }
}

/// The stored state of any flow, or what its page has to say.
pub(super) fn flow(input: &[u8]) {
    stays::<Recovery>(input);
    stays::<Change>(input);
    stays::<Update>(input);
    stays::<Registration>(input);
    stays::<MailCheck>(input);
    stays::<RequestFlow>(input);
    stays::<Feedback>(input);
}

/// What was read from the store is written so that it is read as the same.
fn stays<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(stored: &[u8]) {
    let Ok(state) = serde_json::from_slice::<T>(stored) else { return };
    let again = serde_json::to_vec(&state);
    let read = again.as_ref().ok().and_then(|again| serde_json::from_slice::<T>(again).ok());
    assert_eq!(read, Some(state));
}

/// States as flows store them, which every later version has to read.
pub(super) fn stored_flows() -> Vec<Vec<u8>> {
    texts(&[
        "\"identify\"",
        "\"form\"",
        r#"{"done":{"by_sms":true}}"#,
        r#"{"done":{"by_sms":true,"by_mail":true,"code":{"identifier":{"rut":"12345678-5"},"email":"a@b.cl","confirmed":false}}}"#,
        r#"{"errors":[{"field":"rut","reason":"missing"}],"notice":{"wait":{"minutes":2}}}"#,
        r#"{"question":{"subject":{"kind":"natural","identifier":{"rut":"12345678-5"},"account":7},"question":"pais-favorito"}}"#,
        r#"{"document":{"subject":{"kind":"migrante","identifier":{"nie":"EX123456"},"account":null},"question":null,"representative":null}}"#,
        r#"{"representative":{"subject":{"kind":"juridica","identifier":{"rut":"76192083-9"},"account":7},"question":"pais-favorito"}}"#,
        r#"{"mail":{"account":7,"mail":"p•••••@gmail.com","mobile":null,"mac":"x"}}"#,
        r#"{"captcha":{"account":7,"proof":"document","destination":{"new":{"email":"a@b.cl","mobile":"+56912345678"}},"mail":null}}"#,
        r#"{"sent":{"by_sms":true,"until":1763000000000,"shown":null}}"#,
        r#"{"new-key":{"account":7,"identifier":{"document":"pasaporte:AB123456"},"provisional":null}}"#,
        r#"{"choose":{"owner":{"account":7,"identifier":{"rut":"12345678-5"}},"replaces":null}}"#,
        r#"{"form":{"owner":{"account":7,"identifier":{"rut":"12345678-5"}},"chosen":null}}"#,
        r#"{"declaration":{"company":7,"rut":"76192083-9","representative":"11111111-1","document":null}}"#,
        r#"{"done":{"number":"F-7K3M-49RD"}}"#,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_read<T: DeserializeOwned>(stored: &[u8]) -> bool {
        serde_json::from_slice::<T>(stored).is_ok()
    }

    /// A seed that nothing reads would leave the target untried.
    #[test]
    fn every_stored_state_is_read_by_a_flow() {
        for stored in stored_flows() {
            let read = is_read::<Recovery>(&stored)
                || is_read::<Change>(&stored)
                || is_read::<Update>(&stored)
                || is_read::<Registration>(&stored)
                || is_read::<RequestFlow>(&stored)
                || is_read::<Feedback>(&stored);
            assert!(read, "{}", String::from_utf8_lossy(&stored));
        }
    }
}
