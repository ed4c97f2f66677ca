//! The form of an update: as it is filled in at first, as it was typed, and what of it differs from what is on file.

use domain::field::Field;
use domain::flow::update::{Changed, UpdateForm, UpdateInput};
use domain::phone::Phone;
use domain::territory::ComunaCode;

use crate::flows::Typed;
use crate::service::registration::{typed_address, typed_contact};
use crate::store::accounts::{Account, Details};

/// Everything of the form, to be shown again.
pub(super) fn typed(input: &UpdateInput<'_>, captcha: &str) -> Typed {
    let typed = Typed::default().with(Field::Captcha, captcha);
    typed_contact(typed_address(typed, &input.address), &input.contact)
}

/// The form as it is filled in at first.
pub(super) fn filled_in(account: &Account, details: &Details) -> Typed {
    let phone = |field: Field, area: &str, number: &str, typed: Typed| match Phone::parts(number) {
        Some((code, number)) => typed.with_part(area, code).with(field, number),
        None => typed,
    };
    let region = ComunaCode::parse(&details.comuna).map_or("", |comuna| comuna.region().as_str());
    let typed = Typed::default()
        .with(Field::Street, &details.street)
        .with(Field::StreetNumber, &details.street_number)
        .with(Field::Block, &details.block)
        .with(Field::Flat, &details.flat)
        .with(Field::Region, region)
        .with(Field::Comuna, &details.comuna)
        .with(Field::Email, account.email.as_ref().map_or("", |email| email.as_str()))
        .with(Field::Mobile, &account.mobile.as_ref().map_or_else(String::new, domain::phone::Mobile::shown));
    let typed = phone(Field::HomePhone, "area_particular", &details.home_phone, typed);
    let typed = phone(Field::WorkPhone, "area_trabajo", &details.work_phone, typed);
    // An account with a mail address and no mobile has once chosen “Sin Celular”.
    let none = account.email.is_some() && account.mobile.is_none();
    typed.with_part("sin_celular", if none { "si" } else { "" })
}

/// What of a form differs from what is on file; a question is not part of it.
pub(super) fn changed(form: &UpdateForm, account: &Account, details: &Details) -> Changed {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |phone: &Option<Phone>| phone.as_ref().map_or("", |phone| phone.as_str()).to_owned();
    let (address, contact) = (&form.address, &form.contact);
    let written = Details {
        street: address.street.clone(),
        street_number: address.number.clone(),
        block: text(&address.block),
        flat: text(&address.flat),
        comuna: address.comuna.as_str().to_owned(),
        home_phone: number(&contact.home_phone),
        work_phone: number(&contact.work_phone),
    };
    let phones = (&written.home_phone, &written.work_phone) != (&details.home_phone, &details.work_phone);
    let home = |of: &Details| Details { home_phone: String::new(), work_phone: String::new(), ..of.clone() };
    Changed {
        address: home(&written) != home(details),
        email: account.email.as_ref() != Some(&contact.email),
        phones: phones || account.mobile != contact.mobile,
        question: false,
    }
}
