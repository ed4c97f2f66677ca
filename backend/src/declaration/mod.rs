//! The “Declaración Jurada” that a company downloads, signs and uploads to ask for the key of a facilitador extranjero
//! (F-REQ): one A4 page as tagged PDF, which krilla validates as PDF/UA-1 while writing it.
//!
//! `wording` has the sentences, `form` the layout, `sheet` draws lines and adds them to the structure tree, `face`
//! shapes text and breaks it into lines.

mod face;
mod form;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod sheet;
#[cfg(test)]
mod tests;

use domain::company::CompanyKind;
use domain::rut::Rut;
use jiff::civil::Date;
use krilla::configure::{Accessibility, Configuration, ConfigurationBuilder};
use krilla::error::KrillaError;
use krilla::metadata::{DateTime, Metadata, PageLayout, TextDirection};
use krilla::page::PageSettings;
use krilla::{Document, SerializeSettings};
use wording::declaration as words;

/// The language of the document and of its structure.
const LANGUAGE: &str = "es-CL";

/// The data that is filled in.
#[derive(Clone, Copy)]
pub struct Declaration<'a> {
    /// “Rut Empresa”.
    pub company: Rut,
    /// “Razón Social”. Any text; cut after 160 characters. An empty one leaves room for handwriting.
    pub company_name: &'a str,
    /// Empresa, OTEC or OTIC. When unknown, the line is omitted.
    pub company_kind: Option<CompanyKind>,
    /// “Rut Representante Legal”.
    pub representative: Rut,
    /// Names of the representative, like `company_name`; without them there is room for handwriting.
    pub representative_names: Option<&'a str>,
    /// The date in Chile.
    pub date: Date,
}

/// Why there is no PDF. No error is caused by the data of a [`Declaration`], and none contains any of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeclarationError {
    /// A font of `data/fonts` cannot be read.
    #[error("an embedded font cannot be read")]
    Font,
    /// The document breaks this many rules of PDF/UA-1.
    #[error("the document breaks {0} rules of PDF/UA-1")]
    Accessibility(usize),
    /// The library could not write it.
    #[error("the PDF cannot be written: {0}")]
    Write(String),
}

/// Writes the form as PDF. The same declaration gives the same bytes, on every machine and every day.
///
/// # Errors
/// [`DeclarationError`].
pub fn pdf(declaration: &Declaration<'_>) -> Result<Vec<u8>, DeclarationError> {
    let faces = face::faces().ok_or(DeclarationError::Font)?;
    let mut document = blank()?;
    let settings = PageSettings::from_wh(sheet::WIDTH, sheet::HEIGHT)
        .ok_or_else(|| DeclarationError::Write("a page without size".to_owned()))?;
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    let form::Drawn { tree, outline, .. } = form::draw(&mut surface, faces, declaration);
    surface.finish();
    page.finish();
    document.set_tag_tree(tree);
    document.set_outline(outline);
    document.set_metadata(metadata(declaration.date));
    written(document)
}

/// An empty document that is written only if it conforms to PDF/UA-1.
fn blank() -> Result<Document, DeclarationError> {
    let configuration: Configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| DeclarationError::Write("no PDF version for PDF/UA-1".to_owned()))?;
    Ok(Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() }))
}

/// The bytes of a document. Of broken rules only the number is returned: krilla's errors can quote the text.
fn written(document: Document) -> Result<Vec<u8>, DeclarationError> {
    document.finish().map_err(|error| match error {
        KrillaError::Validation(broken) => DeclarationError::Accessibility(broken.len()),
        other => DeclarationError::Write(other.to_string()),
    })
}

/// Title, language and date. Nothing about the company: metadata is passed on with the file, unnoticed.
fn metadata(date: Date) -> Metadata {
    let created = DateTime::new(u16::try_from(date.year()).unwrap_or_default())
        .month(date.month().unsigned_abs())
        .day(date.day().unsigned_abs())
        // Noon in UTC is morning in Chile: a viewer shows the same day in both zones.
        .hour(12)
        .minute(0)
        .second(0)
        .utc_offset_hour(0);
    Metadata::new()
        .title(words().document_title.to_owned())
        .creator(words().creator.to_owned())
        .language(LANGUAGE.to_owned())
        .text_direction(TextDirection::LeftToRight)
        .page_layout(PageLayout::SinglePage)
        .creation_date(created)
}
