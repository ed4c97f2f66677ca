//! What a page of the desk says above all else, by a word in its URL.

use backend::service::review::DecisionError;
use backend::store::requests::RequestState;
use wording::catalogue::Headed;
use wording::catalogue::desk::Desk;

use crate::ui::Severity;

/// What a page of the desk says above all else. The word is in the URL and is one of these, never data of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskNotice {
    /// Name, key or code were not taken; the errors of the form say it, or how long to wait.
    SignInFailed,
    /// “Salir” was pressed.
    Left,
    /// The session has ended.
    SignedOut,
    /// The session has ended, and the reason that came too late is kept.
    SignedOutKept,
    /// That reason is there again.
    Resumed,
    /// Granted, and everybody was notified.
    Granted,
    /// Granted, and the company has no mail address.
    GrantedWithoutMail,
    /// Refused, and the company was notified.
    Refused,
    /// Refused, and the company has no mail address.
    RefusedWithoutMail,
    /// It was decided before: by another officer, or by this one in another tab or with a second click.
    Decided,
    /// This officer may only look.
    ReadOnly,
    /// The facilitator got as many keys as a day allows.
    DailyCap,
    /// The facilitator's account is not what the officer saw.
    Changed,
    /// The reason is no good; beside its field it is said why.
    Motive,
}

impl DeskNotice {
    const ALL: [Self; 14] = [
        Self::SignInFailed,
        Self::Left,
        Self::SignedOut,
        Self::SignedOutKept,
        Self::Resumed,
        Self::Granted,
        Self::GrantedWithoutMail,
        Self::Refused,
        Self::RefusedWithoutMail,
        Self::Decided,
        Self::ReadOnly,
        Self::DailyCap,
        Self::Changed,
        Self::Motive,
    ];

    /// The word in the URL.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SignInFailed => "entrada",
            Self::Left => "salida",
            Self::SignedOut => "sesion",
            Self::SignedOutKept => "sesion-motivo",
            Self::Resumed => "retomada",
            Self::Granted => "concedida",
            Self::GrantedWithoutMail => "concedida-sin-correo",
            Self::Refused => "rechazada",
            Self::RefusedWithoutMail => "rechazada-sin-correo",
            Self::Decided => "resuelta",
            Self::ReadOnly => "solo-lectura",
            Self::DailyCap => "tope",
            Self::Changed => "otra-cuenta",
            Self::Motive => "motivo",
        }
    }

    /// What a word in the URL stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.word() == word)
    }

    /// Why nothing was decided; none when there is no such request.
    #[must_use]
    pub fn of(error: &DecisionError) -> Option<Self> {
        match error {
            DecisionError::Unknown => None,
            DecisionError::ReadOnly => Some(Self::ReadOnly),
            DecisionError::AlreadyDecided(..) => Some(Self::Decided),
            DecisionError::DailyCap => Some(Self::DailyCap),
            DecisionError::AccountChanged => Some(Self::Changed),
        }
    }

    /// Whether it is true of a request in this state: an address that somebody kept, or made up, says nothing wrong.
    #[must_use]
    pub fn fits(self, state: RequestState) -> bool {
        match self {
            Self::Granted | Self::GrantedWithoutMail => state == RequestState::Granted,
            Self::Refused | Self::RefusedWithoutMail => state == RequestState::Refused,
            Self::Decided => state != RequestState::Open,
            Self::DailyCap | Self::Changed | Self::Motive | Self::Resumed => state == RequestState::Open,
            Self::ReadOnly => true,
            Self::SignInFailed | Self::Left | Self::SignedOut | Self::SignedOutKept => false,
        }
    }

    /// Whether it is said at the sign-in.
    #[must_use]
    pub fn shown_at_sign_in(self) -> bool {
        matches!(self, Self::Left | Self::SignedOut | Self::SignedOutKept)
    }

    /// Severity, heading and text; none where the errors of the form say it.
    #[must_use]
    pub fn words(self, desk: &'static Desk) -> Option<(Severity, Headed)> {
        let notices = &desk.notices;
        Some(match self {
            Self::Left => (Severity::Info, notices.left),
            Self::SignedOut => (Severity::Info, notices.signed_out),
            Self::SignedOutKept => (Severity::Info, notices.signed_out_kept),
            Self::Resumed => (Severity::Info, notices.resumed),
            Self::Granted => (Severity::Info, notices.granted),
            Self::GrantedWithoutMail => (Severity::Info, notices.granted_without_mail),
            Self::Refused => (Severity::Info, notices.refused),
            Self::RefusedWithoutMail => (Severity::Info, notices.refused_without_mail),
            Self::Decided => (Severity::Stop, notices.decided),
            Self::ReadOnly => (Severity::Stop, notices.read_only),
            Self::DailyCap => (Severity::Stop, notices.daily_cap),
            Self::Changed => (Severity::Stop, notices.changed),
            Self::SignInFailed | Self::Motive => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_review_every_word_of_a_url_is_read_back() {
        for notice in DeskNotice::ALL {
            assert_eq!(DeskNotice::parse(notice.word()), Some(notice));
        }
        assert_eq!(DeskNotice::parse("<b>"), None);
    }
}
