//! What `clave-sence solicitudes` says to the operator: the words of the catalogue around a request's data.

use std::path::{Path, PathBuf};

use app::mesa::notice::DeskNotice;
use app::mesa::words as mesa;
use app::words::format_and_size;
use backend::clock::chilean_time;
use backend::service::review::{ExistingAccount, Listed, RequestForReview, Warning, warnings as warnings_of};
use backend::store::audit::Outcome;
use backend::store::requests::{Decision, FacilitatorRequest, RequestState};
use domain::flow::request::{RequestNumber, UploadPurpose};
use serde_json::{Value, json};
use wording::catalogue::desk::Desk;

use crate::words::{catalogue, words};

fn desk() -> &'static Desk {
    &catalogue().desk
}

/// There is none of this number.
pub(super) fn unknown(number: &RequestNumber) -> String {
    (words().requests.unknown)(number.as_str())
}

/// Somebody was faster.
pub(super) fn decided(state: RequestState, decision: &Decision) -> String {
    (words().requests.decided_before)(&mesa::decided(desk(), state, decision))
}

/// What the screens say of it.
pub(super) fn notice(notice: DeskNotice) -> String {
    notice.words(desk()).map_or_else(String::new, |(_, head)| format!("{}. {}", head.heading, head.text))
}

/// The key would be for an account with another mail address, and that was not asked for.
pub(super) fn existing(known: &ExistingAccount) -> String {
    let (account, new_key) = (mesa::account(desk(), known), mesa::new_key(desk(), known));
    format!("{account} {new_key} {}", words().requests.nothing_granted)
}

/// A file is not there.
pub(super) fn no_file(purpose: UploadPurpose) -> String {
    (words().requests.no_file)(mesa::file(desk(), purpose))
}

/// A file or folder cannot be written.
pub(super) fn cannot_write(path: &Path, error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::AlreadyExists {
        return (words().requests.exists)(&path.display());
    }
    (words().requests.cannot_write)(&path.display(), error)
}

/// Both files are there.
pub(super) fn written(paths: &[PathBuf]) -> String {
    let lines: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
    lines.join("\n")
}

/// A page of the list.
pub(super) fn list(listed: &Listed, json: bool) -> String {
    if json {
        let requests: Vec<_> = listed.requests.iter().map(request).collect();
        return json!({ "page": listed.page, "pages": listed.pages, "requests": requests }).to_string();
    }
    if listed.requests.is_empty() {
        return words().requests.nothing_listed.to_owned();
    }
    let mut lines: Vec<_> = listed.requests.iter().map(line).collect();
    if listed.pages > 1 {
        lines.push((words().requests.page)(listed.page, listed.pages));
    }
    lines.join("\n")
}

fn line(request: &FacilitatorRequest) -> String {
    format!(
        "{}  {:<9}  {}  {:>12}  {} → {}",
        request.number.as_str(),
        mesa::state(desk(), request.state).one,
        chilean_time(request.created_at),
        request.company_rut.to_string(),
        company_name(request),
        request.names
    )
}

fn company_name(request: &FacilitatorRequest) -> &str {
    request.company_name.as_deref().unwrap_or(words().requests.no_company_name)
}

/// A request as JSON; neither question nor answer.
fn request(request: &FacilitatorRequest) -> Value {
    json!({
        "number": request.number.as_str(),
        "state": request.state.word(),
        "created_at": request.created_at,
        "company": { "rut": request.company_rut.to_string(), "name": request.company_name },
        "representative": request.representative.to_string(),
        "facilitator": {
            "document_kind": request.document.kind().id(),
            "document_number": request.document.number(),
            "names": request.names,
            "email": request.email.as_str(),
            "phone": request.phone,
        },
        "decided_at": request.decision.as_ref().map(|decision| decision.at),
        "decided_by": request.decision.as_ref().map(|decision| decision.officer.as_str()),
        "reason": request.decision.as_ref().and_then(|decision| decision.motive.as_deref()),
    })
}

/// A request with everything that helps to decide it.
pub(super) fn shown_request(details: &RequestForReview, json: bool) -> String {
    if json {
        return request_json(details).to_string();
    }
    let asked = &details.request;
    let (words, labels) = (&words().requests, &words().requests.labels);
    let document_kind = (catalogue().kinds.identity_document)(asked.document.kind());
    let mut lines = vec![
        format!("{} {}", labels.number, asked.number.as_str()),
        format!("{} {}", labels.state, mesa::state(desk(), asked.state).one),
        format!("{} {}", labels.received, chilean_time(asked.created_at)),
        format!("{} {}", labels.company, company_name(asked)),
        format!("{} {}", labels.company_rut, asked.company_rut),
        format!("{} {}", labels.representative_rut, asked.representative),
        format!("{} {}", labels.facilitator, asked.names),
        format!("{} {document_kind} {}", labels.document, asked.document.number()),
        format!("{} {}", labels.email, asked.email.as_str()),
        format!("{} {}", labels.phone, asked.phone),
    ];
    if let Some(decision) = &asked.decision {
        lines.push(format!("{} {}", labels.decided, mesa::decided(desk(), asked.state, decision)));
        lines.extend(decision.motive.as_ref().map(|reason| format!("{} {reason}", labels.reason)));
    }
    for file in &details.files {
        let (name, facts) =
            (mesa::file(desk(), file.purpose), format_and_size(catalogue(), &file.format, file.size));
        lines.push((words.file)(name, &facts, &file.sha256));
    }
    lines.extend(warnings(details).into_iter().map(|warning| format!("{} {warning}", labels.warning)));
    for entry in &details.history {
        lines.push(format!("{}  {}", chilean_time(entry.at), mesa::happened(desk(), entry)));
    }
    lines.join("\n")
}

fn warnings(details: &RequestForReview) -> Vec<String> {
    warnings_of(details).iter().flat_map(warning).collect()
}

fn warning(warning: &Warning<'_>) -> Vec<String> {
    match warning {
        Warning::SameDocument(others) => others.iter().map(other).collect(),
        _ => mesa::warning(desk(), warning).into_iter().collect(),
    }
}

fn other(other: &FacilitatorRequest) -> String {
    let state = mesa::state(desk(), other.state).one.to_lowercase();
    (words().requests.same_document)(other.number.as_str(), &state)
}

fn request_json(details: &RequestForReview) -> Value {
    let files: Vec<_> = details
        .files
        .iter()
        .map(|file| {
            json!({
                "purpose": file.purpose.id(), "format": file.format, "size": file.size, "sha256": file.sha256,
            })
        })
        .collect();
    let history: Vec<_> = details
        .history
        .iter()
        .map(|entry| {
            json!({
                "at": entry.at,
                "event": entry.event.word(),
                "outcome": entry.outcome.map(Outcome::word),
                "officer": entry.officer,
                "times": entry.times,
            })
        })
        .collect();
    json!({
        "request": request(&details.request),
        "files": files,
        "same_document": details.others.iter().map(|other| other.number.as_str()).collect::<Vec<_>>(),
        "account": details.known.as_ref().map(|known| {
            json!({
                "names": known.names,
                "masked_mail": known.masked_mail,
                "other_mail": known.other_mail,
                "has_key": known.has_key,
            })
        }),
        "company_has_mail": details.company_has_mail,
        "company_mail": details.company_mail,
        "same_file": details.same_file(),
        "unsigned": details.unsigned(),
        "representative_today": details.representative.map(|rut| rut.to_string()),
        "history": history,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use backend::store::uploads::Upload;
    use domain::document::ForeignDocument;
    use domain::email::Email;
    use domain::flow::AccountId;
    use domain::flow::request::UploadId;
    use domain::question::SecretQuestion;
    use domain::rut::Rut;

    fn asked() -> FacilitatorRequest {
        FacilitatorRequest {
            id: 1,
            number: RequestNumber::parse("F-AAAA-CCCC").unwrap(),
            company: AccountId(1),
            company_rut: Rut::parse("76192083-9").unwrap(),
            company_name: Some("Quillay SpA".to_owned()),
            representative: Rut::parse("11111111-1").unwrap(),
            document: ForeignDocument::parse("pasaporte", "AB123456").unwrap(),
            names: "Perengana Lejana".to_owned(),
            email: Email::parse("perengana@correo.pe").unwrap(),
            phone: "+51 987 654 321".to_owned(),
            question: SecretQuestion::by_index(1),
            answer_hash: "$argon2id$secreto".to_owned(),
            state: RequestState::Open,
            // 28-05-2019, 14:47 UTC: winter in Chile.
            created_at: 1_559_054_820_000,
            decision: None,
        }
    }

    fn shown() -> RequestForReview {
        RequestForReview {
            request: asked(),
            files: Vec::new(),
            others: vec![asked()],
            known: None,
            company_has_mail: false,
            company_mail: false,
            representative: Some(Rut::parse("11111111-1").unwrap()),
            history: Vec::new(),
        }
    }

    #[test]
    fn f_review_a_line_of_the_list() {
        let counts = RequestState::ALL.map(|state| (state, 1));
        let listed = Listed { requests: vec![asked()], counts, page: 2, pages: 3 };
        assert_eq!(
            list(&listed, false),
            "F-AAAA-CCCC  Abierta    28-05-2019 10:47  76.192.083-9  Quillay SpA → Perengana Lejana\nPágina 2 de 3"
        );
        let json: Value = serde_json::from_str(&list(&listed, true)).unwrap();
        assert_eq!(json["requests"][0]["facilitator"]["document_number"], "AB123456");
    }

    #[test]
    fn f_review_what_is_shown_warns_and_keeps_the_answer_to_itself() {
        let text = shown_request(&shown(), false);
        for part in ["Pasaporte AB123456", "Falta un archivo", "no tiene correo", "F-AAAA-CCCC (abierta)"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        for text in [text, shown_request(&shown(), true)] {
            assert!(!text.contains("argon2"));
        }
    }

    #[test]
    fn f_review_one_file_sent_twice_and_the_companys_mail_are_said() {
        let file = |purpose, sha256: &str| Upload {
            id: UploadId("a".to_owned()),
            purpose,
            format: "pdf".to_owned(),
            size: 9,
            sha256: sha256.to_owned(),
            created_at: 0,
            unsigned: purpose == UploadPurpose::Declaration && sha256 == "0f",
        };
        let mut shown = shown();
        for (other, company_mail) in [("0f", true), ("0e", false)] {
            shown.files = vec![file(UploadPurpose::Declaration, "0f"), file(UploadPurpose::Document, other)];
            shown.company_mail = company_mail;
            let text = shown_request(&shown, false);
            assert_eq!(text.contains("Fíjese: Los dos archivos son el mismo."), company_mail, "{text}");
            assert!(text.contains("Fíjese: La declaración es el formulario tal como se descargó"), "{text}");
            assert_eq!(text.contains("Fíjese: El correo del facilitador es el de la empresa"), company_mail);
        }
    }

    #[test]
    fn security_a_grant_to_an_account_with_another_mail_says_whose_it_is() {
        let known = ExistingAccount {
            names: Some("Como Estaba Antes".to_owned()),
            masked_mail: Some("a•••••@c•••••.pe".to_owned()),
            other_mail: true,
            has_key: true,
        };
        let text = existing(&known);
        for part in ["Como Estaba Antes", "a•••••@c•••••.pe", "reemplaza al registrado", "--existing-account"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        let text = shown_request(&RequestForReview { known: Some(known), ..shown() }, false);
        assert!(text.contains("Como Estaba Antes, correo a•••••@c•••••.pe"), "{text}");
    }

    #[test]
    fn f_review_who_was_faster_is_named() {
        let decision = Decision { at: 1_559_054_820_000, officer: "ana".to_owned(), motive: None };
        assert_eq!(
            decided(RequestState::Refused, &decision),
            "La solicitud ya fue resuelta: la rechazó ana el 28-05-2019 10:47. No cambió nada."
        );
    }
}
