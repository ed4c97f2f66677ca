//! What can be done with a key: entries of menus, links, buttons.

/// The words of each errand.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the errands, app::errand::Errand")]
pub struct Errands {
    pub register: Errand,
    pub recover: Errand,
    pub change: Errand,
    pub update: Errand,
    pub facilitator: Errand,
    pub confirm_mail: Errand,
    /// What a company does instead of “Actualizar datos”.
    pub not_for_companies: &'static str,
}

/// The words of one errand.
#[derive(Debug)]
pub struct Errand {
    /// Its entry in the menu.
    pub menu: &'static str,
    /// Its link in the box of a kind.
    pub link: &'static str,
    /// Button that leads back to it, when it had stopped for missing data.
    pub resume: &'static str,
    /// What it is for, in a few words.
    pub purpose: &'static str,
}
