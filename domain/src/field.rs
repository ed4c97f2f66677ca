//! The closed list of fields and of what can be wrong with them. Screens word each pair in their catalogue; `reasons.rs`
//! maps the error of each newtype to its reason.

use serde::{Deserialize, Serialize};

/// A field of a form. docs/requirements.md gives the label of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// “Rut”.
    Rut,
    /// “NIE”, in place of the RUT of a persona migrante.
    Nie,
    /// “Fecha de Nacimiento”.
    BirthDate,
    /// “Tipo de documento” of a persona migrante.
    DocumentKind,
    /// “País que lo emitió”.
    DocumentCountry,
    /// “Número de documento de identidad”.
    DocumentNumber,
    /// “Razón Social”.
    CompanyName,
    /// “Tipo de persona jurídica”: Empresa, OTEC, OTIC.
    CompanyKind,
    /// “Rut Representante Legal”.
    Representative,
    /// “Nombres Representante Legal”.
    RepresentativeNames,
    /// “Pregunta Secreta”.
    Question,
    /// “Respuesta Secreta”.
    Answer,
    /// “Número de serie cédula de identidad”.
    Serial,
    /// “Dirección Particular”.
    Street,
    /// “N° de Dirección Particular”.
    StreetNumber,
    /// “Block”.
    Block,
    /// “N° de Departamento”.
    Flat,
    /// “Región”.
    Region,
    /// “Comuna”.
    Comuna,
    /// “Email”, or “Email Actual” in recovery.
    Email,
    /// “Teléfono Particular”.
    HomePhone,
    /// “Teléfono Trabajo”.
    WorkPhone,
    /// “Celular”, or “Celular Actual” in recovery.
    Mobile,
    /// “CS Actual”; in “Actualizar datos” “Clave Sence”.
    CurrentKey,
    /// “Clave CS”, or “CS Nueva” when it is changed.
    NewKey,
    /// “Repetir Clave CS”, or “Repetir CS Nueva”.
    NewKeyAgain,
    /// “El email es correcto?”.
    MailIsRight,
    /// “Captcha”.
    Captcha,
    /// “Subir solicitud”: the signed “Declaración Jurada” (F-REQ).
    Declaration,
    /// The identity document of a foreign facilitator, attached (F-REQ).
    DocumentFile,
    /// “Nombres” of a foreign facilitator.
    Names,
    /// “Teléfono” of a foreign facilitator, of whatever country.
    Phone,
    /// Why an officer refuses a request (F-REVIEW).
    Motive,
    /// “Usuario” of an officer.
    Officer,
    /// “Clave” of an officer.
    OfficerKey,
    /// “Código”: six digits of an officer's second factor.
    Code,
    /// “Código del correo” (A-MAIL).
    MailCode,
}

impl Field {
    /// The name of the form control, and its `id`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rut => "rut",
            Self::Nie => "nie",
            Self::BirthDate => "fecha_nacimiento",
            Self::DocumentKind => "documento_tipo",
            Self::DocumentCountry => "documento_pais",
            Self::DocumentNumber => "documento",
            Self::CompanyName => "razon_social",
            Self::CompanyKind => "tipo_empresa",
            Self::Representative => "rut_representante",
            Self::RepresentativeNames => "nombres_representante",
            Self::Question => "pregunta",
            Self::Answer => "respuesta",
            Self::Serial => "serie",
            Self::Street => "direccion",
            Self::StreetNumber => "numero",
            Self::Block => "block",
            Self::Flat => "departamento",
            Self::Region => "region",
            Self::Comuna => "comuna",
            Self::Email => "email",
            Self::HomePhone => "telefono_particular",
            Self::WorkPhone => "telefono_trabajo",
            Self::Mobile => "celular",
            Self::CurrentKey => "clave_actual",
            Self::NewKey => "clave",
            Self::NewKeyAgain => "clave_otra_vez",
            Self::MailIsRight => "email_correcto",
            Self::Captcha => "captcha",
            Self::Declaration => "declaracion",
            Self::DocumentFile => "documento_archivo",
            Self::Names => "nombres",
            Self::Phone => "telefono",
            Self::Motive => "motivo",
            Self::Officer => "usuario",
            Self::OfficerKey => "clave_usuario",
            Self::Code => "codigo",
            Self::MailCode => "codigo_correo",
        }
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Left empty, or nothing was chosen.
    Missing,
    /// Fewer characters than it needs.
    TooShort,
    /// More characters than it may have.
    TooLong,
    /// Characters that do not belong there.
    Characters,
    /// Not of the form that it must have.
    Format,
    /// A number as a spreadsheet writes it (`91234567.0`), or dots and dashes where they part nothing.
    Separators,
    /// A key with a space at its start or end.
    OuterSpace,
    /// A key with characters that are not seen.
    Unseen,
    /// A text that stands for nothing, such as `NULL`.
    Placeholder,
    /// The check digit of a RUT does not fit.
    CheckDigit,
    /// No such area code.
    Area,
    /// A mobile number, and “Sin Celular” ticked beside it.
    NumberAndNone,
    /// The comuna belongs to another region.
    OtherRegion,
    /// The second key is not the first.
    Mismatch,
    /// The key contains the RUT.
    ContainsRut,
    /// The key contains the NIE.
    ContainsNie,
    /// The key contains the number of the identity document.
    ContainsDocument,
    /// The key contains a name.
    ContainsName,
    /// The key is on the list of common ones.
    Common,
    /// The key is one of the last ones of this account.
    UsedBefore,
    /// A proof (key, answer, serial, captcha) is not the right one.
    Wrong,
    /// A key that is not the one of this NIE.
    WrongForNie,
    /// A key that is not the one of this RUT, where a provisional one would not count.
    NotTheKey,
    /// A key that is not the one of this NIE, where a provisional one would not count.
    NotTheKeyOfNie,
    /// A key that is not the one of the RUN that the page names, where a provisional one would not count.
    NotTheKeyOfRun,
    /// A provisional key where only the key itself counts.
    OnlyToChange,
    /// Date of birth and mail are not those of this RUT.
    NotTheSame,
    /// SII does not name this person as a legal representative of the company today.
    NotRepresentative,
    /// A key, or a representative, that is not the one of this company.
    WrongForCompany,
    /// On the last page of a recovery: the provisional key was left empty.
    NoProvisional,
    /// On the last page of a recovery: not the provisional key that was sent.
    WrongProvisional,
    /// The same on the page of a company that also asks for the representative: one of the two is wrong.
    WrongAtTheEnd,
    /// A date that is still to come.
    Future,
    /// A date too long ago for anybody who lives.
    TooOld,
    /// The captcha was too old.
    Stale,
    /// The letters of a captcha are needed after all.
    WorkRefused,
    /// The provisional key was right once, and has expired.
    Expired,
    /// The provisional key was right, and has been used, or a newer one has replaced it.
    Spent,
    /// Registro Civil says that this document is blocked.
    Blocked,
    /// A key that is not the one of this identity document.
    WrongForDocument,
    /// As [`Reason::Expired`], of a foreign facilitator, whose company asks for another.
    ExpiredAskCompany,
    /// As [`Reason::Spent`], of a foreign facilitator.
    SpentAskCompany,
    /// The company has an open request for this document already.
    AlreadyAsked,
    /// A file without content.
    FileEmpty,
    /// A file of more bytes than are taken.
    FileTooLarge,
    /// A file that by its content is neither PDF nor JPEG nor PNG.
    FileFormat,
    /// A photograph in a format of newer telephones: HEIC, AVIF or WebP.
    FilePhoto,
    /// A document of a word processor or spreadsheet, or an archive.
    FileDocument,
    /// A web page.
    FilePage,
    /// A PNG with more than one picture.
    FileAnimated,
    /// A file that is cut off, or damaged.
    FileBroken,
    /// A PDF with something behind its end, or that is another sort of file too.
    FileTrailing,
    /// A PDF that carries programs or attachments.
    FileActive,
    /// A PDF that is encrypted, whether or not it asks for a password.
    FileLocked,
    /// A picture of more pixels than anybody scans.
    FilePixels,
    /// The connection was lost before the whole file was here.
    FileInterrupted,
    /// A file that was sent before and is not at hand: no longer kept, of another request, or of another company.
    #[serde(rename = "file-gone")]
    FileUnavailable,
    /// One that was sent before is offered, and neither was that ticked nor another chosen.
    FileOffered,
    /// The new key is the provisional one.
    Provisional,
    /// The store of files does not work.
    FileNotKept,
}

/// One field, one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field.
    pub field: Field,
    /// What is wrong with it.
    pub reason: Reason,
}

impl FieldError {
    /// One field, one reason.
    #[must_use]
    pub fn new(field: Field, reason: Reason) -> Self {
        Self { field, reason }
    }
}

/// Adds a field to the reason that a newtype gives, and keeps the error or the value.
pub(crate) fn checked<T, E: Into<Reason>>(
    field: Field,
    result: Result<T, E>,
    errors: &mut Vec<FieldError>,
) -> Option<T> {
    result.map_err(|error| errors.push(FieldError::new(field, error.into()))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forms are sent with these names, and an error is linked to the control of its field.
    #[test]
    fn each_field_has_a_control_of_its_own() {
        let fields = [
            Field::Rut,
            Field::Nie,
            Field::BirthDate,
            Field::DocumentKind,
            Field::DocumentCountry,
            Field::DocumentNumber,
            Field::CompanyName,
            Field::CompanyKind,
            Field::Representative,
            Field::RepresentativeNames,
            Field::Question,
            Field::Answer,
            Field::Serial,
            Field::Street,
            Field::StreetNumber,
            Field::Block,
            Field::Flat,
            Field::Region,
            Field::Comuna,
            Field::Email,
            Field::HomePhone,
            Field::WorkPhone,
            Field::Mobile,
            Field::CurrentKey,
            Field::NewKey,
            Field::NewKeyAgain,
            Field::MailIsRight,
            Field::Captcha,
            Field::Declaration,
            Field::DocumentFile,
            Field::Names,
            Field::Phone,
            Field::Motive,
            Field::Officer,
            Field::OfficerKey,
            Field::Code,
            Field::MailCode,
        ];
        let names: std::collections::HashSet<_> = fields.map(Field::name).into_iter().collect();
        assert_eq!(names.len(), fields.len());
        assert!(names.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
    }
}
