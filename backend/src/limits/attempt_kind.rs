//! What is tried, and how many tries of each are free.

use domain::kind::Kind;

use crate::clock::{DAY, HOUR, MINUTE, SECOND};
use crate::store::attempts::BackoffPolicy;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptKind {
    /// The key of an account.
    Key,
    /// A provisional key.
    Provisional,
    /// The key in a request for attendance (L-RCE).
    Attendance,
    /// The answer to the secret question.
    Answer,
    /// The serial of a cédula, or the number of a foreign document.
    Document,
    /// The legal representative of a company.
    Representative,
    /// Date of birth and mail (V-UPD).
    BirthDate,
    /// The first page of a recovery: which question an identifier has.
    Lookup,
    /// A captcha.
    Captcha,
    /// A registration.
    Register,
    /// The code of a mail (A-MAIL).
    MailCode,
    /// A secret, code or token that a system has sent and that is none (L-OIDC).
    Client,
    /// The sign-in of an officer: name and key.
    Officer,
    /// The code of an officer whose key was right.
    OfficerCode,
}

impl AttemptKind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Provisional => "provisional",
            Self::Attendance => "attendance",
            Self::Answer => "answer",
            Self::Document => "document",
            Self::Representative => "representative",
            Self::BirthDate => "birth-date",
            Self::Lookup => "lookup",
            Self::Captcha => "captcha",
            Self::Register => "register",
            Self::MailCode => "mail-code",
            Self::Client => "client",
            Self::Officer => "officer",
            Self::OfficerCode => "code-of-officer",
        }
    }

    /// Tries of one address on one RUT.
    pub(super) fn pair(self) -> BackoffPolicy {
        if self == Self::Officer {
            // There are few officers, and `officers reset` helps an officer who is locked out.
            return BackoffPolicy { free: 5, first_wait: MINUTE, doublings: 6, reset_after: DAY };
        }
        let free = match self {
            Self::Answer => 3,
            Self::Captcha => 20,
            _ => 5,
        };
        BackoffPolicy { free, first_wait: MINUTE, doublings: 4, reset_after: HOUR }
    }

    /// Tries of everybody on one RUT. Its longest wait is short, so that a stranger cannot keep the owner out for long. None
    /// where a count over all addresses would only let strangers keep officers, companies and holders of documents out: an
    /// officer's key has 95 bits, a representative is no secret, and a document is the strongest proof, which always gets through;
    /// a network has few tries with it ([`AttemptKind::wide`]).
    pub(super) fn rut(self) -> Option<BackoffPolicy> {
        match self {
            // Of a code of a mail: it changes nothing, pair and address are enough, and strangers would make its owner wait.
            // Of attendance: a student must not be kept from a course by strangers; a request has three tries.
            Self::Officer | Self::Representative | Self::Document | Self::MailCode | Self::Attendance => None,
            // Only the officer, or a thief of the key, gets here.
            Self::OfficerCode => {
                Some(BackoffPolicy { free: 5, first_wait: MINUTE, doublings: 4, reset_after: DAY })
            }
            _ => Some(BackoffPolicy { free: 20, first_wait: MINUTE, doublings: 3, reset_after: HOUR }),
        }
    }

    /// Tries of one wide network (/24, IPv6 /48) on one RUT, so that no network alone uses up the keys that a day allows, or guesses
    /// documents. It makes nobody wait for any other RUT: the customers of a mobile operator share networks.
    pub(super) fn wide(self) -> Option<BackoffPolicy> {
        let policy = BackoffPolicy { free: 20, first_wait: MINUTE, doublings: 5, reset_after: DAY };
        match self {
            Self::Key | Self::Provisional | Self::Attendance => Some(policy),
            Self::Document => Some(BackoffPolicy { doublings: 4, ..policy }),
            _ => None,
        }
    }

    /// Tries of one address on whatever RUT; `free` is what the configuration allows.
    pub(super) fn address(self, free: i64) -> BackoffPolicy {
        match self {
            // Nothing waits for a code, and right ones do not count.
            Self::MailCode => {
                BackoffPolicy { free: free.min(20), first_wait: MINUTE, doublings: 5, reset_after: HOUR }
            }
            _ => BackoffPolicy { free, first_wait: 30 * SECOND, doublings: 5, reset_after: 10 * MINUTE },
        }
    }

    /// Whether letters stand in for the waits that other people can cause: the pages of these proofs ask for them.
    pub(super) fn takes_letters(self) -> bool {
        match self {
            Self::Key
            | Self::Provisional
            | Self::Answer
            | Self::Document
            | Self::Representative
            | Self::BirthDate => true,
            Self::Attendance
            | Self::Lookup
            | Self::Captcha
            | Self::Register
            | Self::MailCode
            | Self::Client
            | Self::Officer
            | Self::OfficerCode => false,
        }
    }

    /// Whether only a fixed number a day reaches a hash. Not of the provisional key of a foreign facilitator, who has no way by
    /// document: strangers who guess would keep one out until the key expires. It is random, and the waits stay.
    pub(super) fn is_capped_by_day(self, kind: Option<Kind>) -> bool {
        match self {
            // Attendance on its own count, which nothing else sees.
            Self::Key | Self::Attendance => true,
            Self::Provisional => kind != Some(Kind::Facilitador),
            _ => false,
        }
    }
}
